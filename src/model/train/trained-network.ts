import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../../core/config/model-config.ts";
import type { StepFigures } from "../../core/training/held-out.ts";
import type { Objective } from "../../core/training/settings.ts";
import { owned, readBack } from "../layers.ts";
import { adamStep, type Checkpoint } from "./adam.ts";
import { type Batch, comb, type Elbo, elbo, gaussians, trainedFeatures } from "./elbo.ts";
import { registerGradients } from "./gradients.ts";
import { type Layout, layoutOf, startingWeights } from "./layout.ts";
import { namedWeights, type Weights, weightTensors } from "./named-weights.ts";

/** Pictures and masks of a batch as plain numbers, row by row. */
export interface PlainBatch {
  readonly count: number;
  readonly size: number;
  /** [B, size, size], in [0, 1] */
  readonly images: Float32Array;
  /** [B, size, size] of 0 and 1: one grader's mask an image */
  readonly masks: Float32Array;
  /** Standard normals, [B, L] */
  readonly noise: Float32Array;
}

/** A network that learns, on the backend that is current; between calls it holds no tensors. */
export class TrainedNetwork {
  readonly architecture: Architecture;
  readonly layout: Layout;
  #state: Checkpoint;

  /** @throws GraderspaceError BadArgument: a head that is not the paper's */
  constructor(architecture: Architecture, seed: number, from?: Checkpoint) {
    registerGradients();
    this.architecture = architecture;
    this.layout = layoutOf(architecture);
    const zeros = new Float32Array(this.layout.length);
    this.#state = from ?? { step: 0, weights: startingWeights(this.layout, seed), mean: zeros, square: zeros };
  }

  /** Immutable: a step makes a new one. */
  get checkpoint(): Checkpoint {
    return this.#state;
  }

  /** Goes on from another state of this network. */
  returnTo(state: Checkpoint): void {
    this.#state = state;
  }

  /** Loss and gradients [P] of a batch at the weights as they are. */
  async gradient(batch: PlainBatch, objective: Objective): Promise<StepFigures & { readonly gradient: Float32Array }> {
    const { figures, grads } = owned(() => {
      const tensors = batchTensors(batch, this.architecture);
      const parts = this.#tensors();
      let figures: tf.Tensor1D | undefined;
      const { grads } = tf.engine().gradients(
        () => {
          const found = elbo(this.#named(parts), this.architecture, tensors, objective);
          figures = tf.keep(figuresOf(found));
          return found.loss;
        },
        parts,
        undefined,
        true,
      );
      return { figures: figures as tf.Tensor1D, grads };
    });
    const gradient = new Float32Array(this.layout.length);
    for (const [i, grad] of grads.entries()) if (grad) gradient.set(await readBack(grad), this.layout.parts[i]?.from);
    return { ...(await readFigures(figures)), gradient };
  }

  /** One step of Adam. */
  async train(batch: PlainBatch, objective: Objective, rate: number): Promise<StepFigures> {
    const { gradient, ...figures } = await this.gradient(batch, objective);
    this.#state = adamStep(this.#state, gradient, rate);
    return figures;
  }

  /** The loss alone: what a step costs beyond it is the gradient's and Adam's. */
  async measure(batch: PlainBatch, objective: Objective): Promise<StepFigures> {
    return readFigures(
      tf.tidy(() => {
        const tensors = batchTensors(batch, this.architecture);
        return figuresOf(elbo(this.#named(this.#tensors()), this.architecture, tensors, objective));
      }),
    );
  }

  /**
   * Draws masks' probabilities from the prior: [B, N, size, size] of images [B, size, size] and standard normals
   * [N, B, L]; without z (`latent` false) all N are the one answer. N features at a time: memory stays small.
   */
  async sample(
    images: Float32Array,
    size: number,
    noise: readonly Float32Array[],
    latent: boolean,
  ): Promise<Float32Array> {
    const count = images.length / (size * size);
    const pixels = size * size;
    const parts = owned(() => this.#tensors());
    const kept = owned(() => {
      const w = this.#named(parts);
      const x = tf.tensor4d(images, [count, size, size, 1]);
      const prior = gaussians(w, this.architecture, "prior", x);
      return { features: trainedFeatures(w, this.architecture, x), mean: prior.mean, sigma: tf.exp(prior.logSigma) };
    });
    const all = new Float32Array(count * noise.length * pixels);
    try {
      for (const [n, normals] of noise.entries()) {
        const drawn = tf.tidy(() => {
          const moved = tf.mul(kept.sigma, tf.tensor2d(normals, [count, this.architecture.latent]));
          const z = latent ? tf.add(kept.mean, moved) : tf.zerosLike(moved);
          return tf.sigmoid(comb(this.#named(parts), this.architecture, kept.features, z as tf.Tensor2D));
        });
        const values = await readBack(drawn);
        for (let b = 0; b < count; b++) {
          all.set(values.subarray(b * pixels, (b + 1) * pixels), (b * noise.length + n) * pixels);
        }
      }
    } finally {
      tf.dispose([...parts, kept.features, kept.mean, kept.sigma]);
    }
    return all;
  }

  #named(tensors: readonly tf.Tensor[]): Weights {
    return namedWeights(this.layout, tensors, this.#state.weights);
  }

  #tensors(): tf.Tensor[] {
    return weightTensors(this.layout, this.#state.weights);
  }
}

function figuresOf({ loss, crossEntropy, kl }: Elbo): tf.Tensor1D {
  return tf.concat([tf.reshape(loss, [1]), tf.reshape(crossEntropy, [1]), kl]) as tf.Tensor1D;
}

async function readFigures(tensor: tf.Tensor1D): Promise<StepFigures> {
  const [loss = 0, crossEntropy = 0, ...kl] = await readBack(tensor);
  return { loss, crossEntropy, kl: Float32Array.from(kl) };
}

function batchTensors({ count, size, images, masks, noise }: PlainBatch, { maskOffset, latent }: Architecture): Batch {
  const pairs = new Float32Array(2 * images.length);
  for (let i = 0; i < images.length; i++) {
    pairs[2 * i] = images[i] as number;
    pairs[2 * i + 1] = (masks[i] as number) - maskOffset;
  }
  return {
    images: tf.tensor4d(images, [count, size, size, 1]),
    pairs: tf.tensor4d(pairs, [count, size, size, 2]),
    masks: tf.tensor4d(masks, [count, size, size, 1]),
    noise: tf.tensor2d(noise, [count, latent]),
  };
}
