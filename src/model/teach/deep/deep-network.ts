import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../../../core/config/model-config.ts";
import type { ModelFiles } from "../../../core/network/model.ts";
import type { HeadMaps } from "../../../core/teach/head-maps.ts";
import type { DeepWeights } from "../../../core/teach/taught.ts";
import type { Crop } from "../../../core/values/region.ts";
import { convolve, disposeAll, double, imageOf, loadWeights, owned, readBack } from "../../layers.ts";
import { ownTell, presenceLogit, unetTells } from "../../presence.ts";
import { convsOf, loadProbUNet, type ProbUNet, unetEnds } from "../../prob-unet.ts";
import { readSafetensors } from "../../safetensors.ts";
import { trainedEnds, trainedUp } from "../../train/elbo.ts";
import { registerGradients } from "../../train/gradients.ts";
import { asPyTorch, fromPyTorch, type Layout, unetLayout } from "../../train/layout.ts";
import { namedWeights, weightTensors } from "../../train/named-weights.ts";
import type { CentredBox } from "./box.ts";

/** What the layers that learn read of a region, as plain numbers. */
export interface NetworkInputs {
  readonly box: CentredBox;
  /** The image [H, W, 1]; or what the last block reads, skip and doubled picture from below, cut to the box. */
  readonly maps: readonly { readonly shape: readonly [number, number, number]; readonly values: Float32Array }[];
  /** For a gate: the innermost map's means where it stays [C], and what its own encoders tell. */
  readonly told: { readonly inner: Float32Array; readonly own: Float32Array } | null;
  readonly bytes: number;
}

/**
 * A U-Net whose last block, or all of it, learns under a head of 1×1 layers that stay. What a gate is told follows the
 * weights; its gradient ends there: the logit itself has a gain and an offset of its own.
 */
export class DeepNetwork {
  readonly layout: Layout;
  /** The weights as they are in the file, [k, k, inputs, outputs] each. */
  readonly parent: Float32Array;
  /** Pixels from which a pixel of the maps is made, to each side, of what the layers that learn read. */
  readonly margin: number;
  readonly #architecture: Architecture;
  readonly #depth: "block" | "all";
  readonly #net: ProbUNet;
  /** [1, 1, C0, K] and [K] */
  readonly #head: { readonly filter: tf.Tensor4D; readonly bias: tf.Tensor1D };
  #current: { readonly weights: Float32Array; readonly tensors: readonly tf.Tensor[] } | null = null;

  private constructor(net: ProbUNet, depth: "block" | "all", stored: ReturnType<typeof readSafetensors>) {
    registerGradients();
    this.#net = net;
    this.#architecture = net.architecture;
    this.#depth = depth;
    this.layout = unetLayout(net.architecture, depth);
    this.margin = depth === "block" ? net.architecture.convsPerBlock : Number.POSITIVE_INFINITY;
    this.parent = new Float32Array(this.layout.length);
    for (const part of this.layout.parts) {
      this.parent.set(fromPyTorch(part, stored.get(part.name)?.values as Float32Array), part.from);
    }
    const { base, factor, amplitude, top } = net.maps;
    const layers = [base, factor, amplitude, top].filter((layer) => layer !== null);
    this.#head = owned(() => ({
      filter: tf.concat(
        layers.map(({ filter }) => filter),
        3,
      ) as tf.Tensor4D,
      bias: tf.concat(layers.map(({ bias }) => bias as tf.Tensor1D)) as tf.Tensor1D,
    }));
  }

  /** @throws GraderspaceError as `loadModel` */
  static async create(files: ModelFiles, depth: "block" | "all"): Promise<DeepNetwork> {
    const { architecture, weights } = files.config;
    const net = await loadWeights(files, 0, (from) => loadProbUNet(from, architecture));
    return new DeepNetwork(net, depth, readSafetensors(files.weights[0] as Uint8Array, weights[0]?.file as string));
  }

  /** What the layers that learn read, and whatever else the maps hang on that stays. */
  async inputs(crop: Crop, box: CentredBox): Promise<NetworkInputs> {
    const { presence, unet } = this.#net;
    const { upsample } = this.#architecture;
    const shown: tf.Tensor4D[] = [];
    const tensors = owned(() => {
      const image = imageOf(crop);
      const own = presence && (tf.concat([tf.zeros([1]), ...ownTell(image, presence)]) as tf.Tensor1D);
      if (this.#depth === "all") return { maps: [image], inner: null, own };
      const { innermost } = unetEnds(image, unet, upsample, (map) => shown.push(tf.keep(map.clone())));
      const cut = (map: tf.Tensor4D) =>
        tf.slice(map, [0, box.top, box.left, 0], [1, box.height, box.width, map.shape[3]]);
      const maps = [cut(shown[0] as tf.Tensor4D), cut(double(shown.at(-2) as tf.Tensor4D, upsample))];
      const inner = presence && (unetTells(shown[0] as tf.Tensor4D, innermost)[0] as tf.Tensor1D);
      return { maps, inner, own };
    });
    tf.dispose(shown);
    const maps = [];
    for (const map of tensors.maps) {
      const [, height, width, channels] = map.shape;
      maps.push({ shape: [height, width, channels] as const, values: await readBack(map) });
    }
    const inner = tensors.inner ? await readBack(tensors.inner) : new Float32Array(0);
    const told = tensors.own && { inner, own: (await readBack(tensors.own)).slice(1) };
    return { box, maps, told, bytes: maps.reduce((sum, { values }) => sum + values.byteLength, 0) };
  }

  /** The head's maps [K, P] at these places of the box; at all of them where none are given. */
  async maps(inputs: NetworkInputs, weights: Float32Array, at?: Int32Array): Promise<HeadMaps> {
    const { presence } = this.#net;
    const tensors = this.#tensors(weights);
    const made = owned(() => {
      const { features, innermost } = this.#features(inputs, weights, tensors);
      const maps = convolve(features, this.#head, "linear"); //     [1, h, w, K]
      if (!presence || !inputs.told) return { maps, numbers: null };
      const told = unetTells(features, innermost ?? (tf.zeros([1, 1, 1, 1]) as tf.Tensor4D));
      const inner = innermost ? told[0] : tf.tensor1d(inputs.told.inner);
      return { maps, numbers: tf.concat([inner as tf.Tensor, ...told.slice(1), tf.tensor1d(inputs.told.own)]) };
    });
    const count = this.#head.bias.size;
    const values = await readBack(made.maps);
    const logit = presence && made.numbers ? presenceLogit(presence, await readBack(made.numbers)) : 0;
    const pixels = at?.length ?? values.length / count;
    const maps = new Float32Array(count * pixels);
    for (let i = 0; i < pixels; i++) {
      const from = (at ? (at[i] as number) : i) * count;
      for (let k = 0; k < count; k++) maps[k * pixels + i] = values[from + k] as number;
    }
    return { pixels, maps, presence: logit };
  }

  /** Gradient in the weights, of one [K, P] in the maps at these places of the box. */
  async gradient(
    inputs: NetworkInputs,
    weights: Float32Array,
    at: Int32Array,
    inMaps: Float32Array,
  ): Promise<Float32Array> {
    const count = this.#head.bias.size;
    const { height, width } = inputs.box;
    const dense = new Float32Array(height * width * count);
    for (const [i, place] of at.entries()) {
      for (let k = 0; k < count; k++) dense[place * count + k] = inMaps[k * at.length + i] as number;
    }
    const tensors = this.#tensors(weights);
    const grads = owned(() => {
      const [, , channels] = this.#head.filter.shape;
      const across = tf.transpose(tf.reshape(this.#head.filter, [channels, count])); // [K, C0]
      const inFeatures = tf.matMul(tf.tensor2d(dense, [height * width, count]), across as tf.Tensor2D);
      return tf
        .engine()
        .gradients(
          () => this.#features(inputs, weights, tensors).features,
          [...tensors],
          tf.reshape(inFeatures, [1, height, width, channels]),
          true,
        ).grads;
    });
    const found = new Float32Array(this.layout.length);
    for (const [i, grad] of grads.entries()) if (grad) found.set(await readBack(grad), this.layout.parts[i]?.from);
    return found;
  }

  /** In PyTorch's order. */
  named(weights: Float32Array): DeepWeights {
    return Object.fromEntries(
      this.layout.parts.map((part) => {
        const own = weights.subarray(part.from, part.from + part.length);
        return [part.name, asPyTorch(part, own).values];
      }),
    );
  }

  dispose(): void {
    disposeAll([...convsOf(this.#net), this.#head]);
    tf.dispose([...(this.#current?.tensors ?? [])]);
    this.#current = null;
  }

  /** The innermost map only where it is made here. */
  #features(
    { maps }: NetworkInputs,
    weights: Float32Array,
    tensors: readonly tf.Tensor[],
  ): { readonly features: tf.Tensor4D; readonly innermost: tf.Tensor4D | null } {
    const w = namedWeights(this.layout, tensors, weights);
    const [first, second] = maps.map(({ shape, values }) => tf.tensor4d(values, [1, ...shape]));
    if (!second) return trainedEnds(w, this.#architecture, first as tf.Tensor4D);
    const inputs = { skip: first as tf.Tensor4D, below: second, constant: true };
    return { features: trainedUp(w, this.#architecture, 0, inputs), innermost: null };
  }

  #tensors(weights: Float32Array): readonly tf.Tensor[] {
    if (this.#current?.weights === weights) return this.#current.tensors;
    tf.dispose([...(this.#current?.tensors ?? [])]);
    const tensors = owned(() => weightTensors(this.layout, weights));
    this.#current = { weights, tensors };
    return tensors;
  }
}
