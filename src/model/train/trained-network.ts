import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../../core/config/model-config.ts";
import { owned, readBack } from "../layers.ts";
import { type AdamState, adamStep } from "./adam.ts";
import { type Batch, comb, elbo, gaussians, type Objective, trainedFeatures, type Weights } from "./elbo.ts";
import { registerGradients } from "./gradients.ts";
import { type Layout, layoutOf, type Part, startingWeights } from "./layout.ts";

/** One step's figures, before the weights moved. */
export interface StepFigures {
  readonly loss: number;
  /** Nats: summed over pixels, mean over images. */
  readonly crossEntropy: number;
  /** [L], nats */
  readonly kl: Float32Array;
}

/** All that a training has to keep to go on exactly as it would have: plain numbers, [P] each. */
export interface Checkpoint {
  readonly step: number;
  readonly weights: Float32Array;
  readonly mean: Float32Array;
  readonly square: Float32Array;
}

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

/** A network that learns, on the backend that is current. `dispose` frees it. */
export class TrainedNetwork {
  readonly architecture: Architecture;
  readonly layout: Layout;
  readonly #parts: ReadonlyMap<string, number>;
  #state: AdamState;
  #step: number;

  /** @throws GraderspaceError BadArgument: a head that is not the paper's */
  constructor(architecture: Architecture, seed: number, from?: Checkpoint) {
    registerGradients();
    this.architecture = architecture;
    this.layout = layoutOf(architecture);
    this.#parts = new Map(this.layout.parts.map(({ name }, index) => [name, index]));
    this.#step = from?.step ?? 0;
    const zeros = () => new Float32Array(this.layout.length);
    this.#state = {
      weights: tf.tensor1d(from?.weights ?? startingWeights(this.layout, seed)),
      mean: tf.tensor1d(from?.mean ?? zeros()),
      square: tf.tensor1d(from?.square ?? zeros()),
    };
  }

  /** Steps taken so far. */
  get step(): number {
    return this.#step;
  }

  /** Loss and gradients of a batch at the weights as they are; `gradient` [P] is the caller's. */
  async gradient(batch: PlainBatch, objective: Objective): Promise<StepFigures & { readonly gradient: tf.Tensor1D }> {
    const { figures, gradient } = owned(() => {
      const tensors = batchTensors(batch, this.architecture);
      const parts = this.#split();
      let figures: tf.Tensor1D | undefined;
      const { grads } = tf.engine().gradients(
        () => {
          const { loss, crossEntropy, kl } = elbo(this.#named(parts), this.architecture, tensors, objective);
          figures = tf.keep(tf.concat([tf.reshape(loss, [1]), tf.reshape(crossEntropy, [1]), kl]) as tf.Tensor1D);
          return loss;
        },
        parts,
        undefined,
        true,
      );
      const flat = grads.map((grad, i) => tf.reshape(grad ?? tf.zerosLike(parts[i] as tf.Tensor), [-1]));
      return { figures: figures as tf.Tensor1D, gradient: tf.concat(flat) as tf.Tensor1D };
    });
    const [loss = 0, crossEntropy = 0, ...kl] = await readBack(figures);
    return { loss, crossEntropy, kl: Float32Array.from(kl), gradient };
  }

  /** One step of Adam. */
  async train(batch: PlainBatch, objective: Objective, rate: number): Promise<StepFigures> {
    const { gradient, ...figures } = await this.gradient(batch, objective);
    const before = this.#state;
    this.#step++;
    this.#state = adamStep(before, gradient, rate, this.#step);
    tf.dispose([gradient, before.weights, before.mean, before.square]);
    return figures;
  }

  /** The loss alone: what a step costs beyond it is the gradient's and Adam's. */
  async measure(batch: PlainBatch, objective: Objective): Promise<StepFigures> {
    const figures = tf.tidy(() => {
      const tensors = batchTensors(batch, this.architecture);
      const found = elbo(this.#named(this.#split()), this.architecture, tensors, objective);
      return tf.concat([tf.reshape(found.loss, [1]), tf.reshape(found.crossEntropy, [1]), found.kl]);
    });
    const [loss = 0, crossEntropy = 0, ...kl] = await readBack(figures);
    return { loss, crossEntropy, kl: Float32Array.from(kl) };
  }

  /**
   * Draws masks' probabilities from the prior: [B, N, size, size] of images [B, size, size] and standard normals
   * [N, B, L]; without z (`latent` false) all N are the one answer. N features at a time: memory stays small.
   */
  async sample(images: Float32Array, size: number, noise: readonly Float32Array[], latent: boolean): Promise<Float32Array> {
    const count = images.length / (size * size);
    const pixels = size * size;
    const kept = owned(() => {
      const w = this.#named(this.#split());
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
          return tf.sigmoid(
            comb(this.#named(this.#split()), this.architecture, kept.features, z as tf.Tensor2D),
          );
        });
        const values = await readBack(drawn);
        for (let b = 0; b < count; b++) {
          all.set(values.subarray(b * pixels, (b + 1) * pixels), (b * noise.length + n) * pixels);
        }
      }
    } finally {
      tf.dispose([kept.features, kept.mean, kept.sigma]);
    }
    return all;
  }

  async checkpoint(): Promise<Checkpoint> {
    const read = async (tensor: tf.Tensor) => (await tensor.data()).slice() as Float32Array;
    const { weights, mean, square } = this.#state;
    return { step: this.#step, weights: await read(weights), mean: await read(mean), square: await read(square) };
  }

  dispose(): void {
    tf.dispose([this.#state.weights, this.#state.mean, this.#state.square]);
  }

  /** Every tensor of the network, copied out of the vector. */
  #split(): tf.Tensor[] {
    return this.layout.parts.map(({ shape, from, length }: Part) =>
      tf.reshape(tf.slice(this.#state.weights, [from], [length]), [...shape]),
    );
  }

  #named(parts: readonly tf.Tensor[]): Weights {
    return (name) => parts[this.#parts.get(name) as number] as tf.Tensor;
  }
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
