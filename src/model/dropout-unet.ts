import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../core/config/model-config.ts";
import type { Model, ModelFiles } from "../core/network/model.ts";
import { keptBySeed, streamState } from "../core/random/random.ts";
import {
  block,
  type Conv,
  convolve,
  disposeAll,
  double,
  halve,
  imageOf,
  loadWeights,
  owned,
  readBack,
} from "./layers.ts";
import { passModel } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, type PlainUNet } from "./plain-unet.ts";
import { type UpBlock, upBlock } from "./prob-unet.ts";

/** Where a value may be dropped: the input of a block; an up block has two, the skip and what comes from below. */
export interface Place {
  readonly path: "down" | "up";
  readonly level: number;
  readonly part: "all" | "skip" | "below";
}

/** The input at a place with some values dropped, those that are kept divided by 1 − p. */
export type DropAt = (x: tf.Tensor4D, place: Place) => tf.Tensor4D;

/** The tensors that the seed does not reach: the picture before the first block with dropout, and the skips so far. */
interface Start {
  readonly x: tf.Tensor4D;
  readonly skips: readonly tf.Tensor4D[];
}

/** The innermost three blocks of each path, as levels: the down blocks from `down` on, the up blocks from `up` on. */
function innermost({ channels }: Architecture): { down: number; up: number } {
  return { down: Math.max(0, channels.length - 3), up: Math.max(0, channels.length - 4) };
}

/** Image [1, H, W, 1] → what all passes share, owned by the caller. */
export function startPass(image: tf.Tensor4D, { unet }: PlainUNet, architecture: Architecture): Start {
  return owned(() => {
    const skips: tf.Tensor4D[] = [];
    let x = tf.clone(image); //                                   [1, H, W, 1]
    for (let k = 0; k < innermost(architecture).down; k++) {
      x = block(k === 0 ? x : halve(x), unet.down[k] as Conv[]); // [1, H/2^k, W/2^k, C_k]
      skips.push(x);
    }
    return { x, skips };
  });
}

/** The rest of a pass under one pattern of dropout → logits [1, H, W, 1]. */
export function finishPass(
  start: Start,
  { unet, last }: PlainUNet,
  architecture: Architecture,
  drop: DropAt,
): tf.Tensor4D {
  const from = innermost(architecture);
  return tf.tidy(() => {
    const skips = [...start.skips];
    let { x } = start;
    for (let k = from.down; k < unet.down.length; k++) {
      const input = k === 0 ? x : halve(x); //                    [1, H/2^k, W/2^k, C_(k−1)]
      x = block(drop(input, { path: "down", level: k, part: "all" }), unet.down[k] as Conv[]); // [.., C_k]
      skips.push(x);
    }
    for (let k = unet.up.length - 1; k >= 0; k--) {
      const inputs = [skips[k] as tf.Tensor4D, double(x, architecture.upsample)]; // C_k and C_(k+1) channels
      const parts = ["skip", "below"] as const;
      const [skip, below] = inputs.map((input, i) => {
        return k < from.up ? input : drop(input, { path: "up", level: k, part: parts[i] as "skip" | "below" });
      }) as [tf.Tensor4D, tf.Tensor4D];
      x = upBlock(skip, below, unet.up[k] as UpBlock); //         [1, H/2^k, W/2^k, C_k]
    }
    return convolve(x, last, "linear"); //                        [1, H, W, 1]
  });
}

/** A kernel that a backend may have beside tfjs's own: the picture x without what (state, p) drops. */
export const DROP_KERNEL = "DropBySeed";

export interface DropAttributes {
  /** Where the stream of chances begins (core/random). */
  readonly state: readonly number[];
  readonly p: number;
}

/** Each value is dropped with probability p, by the seed and the place alone: the same on every backend. */
function dropBySeed(seed: number, p: number): DropAt {
  return (x, { path, level, part }) => {
    const stream = [path === "down" ? 0 : 1, level, part === "below" ? 1 : 0];
    if (tf.getKernel(DROP_KERNEL, tf.getBackend())) {
      const attributes: DropAttributes = { state: streamState(seed, stream), p };
      return tf.engine().runKernel(DROP_KERNEL, { x }, { ...attributes }) as tf.Tensor4D;
    }
    return tf.mul(x, tf.tensor4d(scaled(keptBySeed(seed, stream, x.size, p), 1 / (1 - p)), x.shape));
  };
}

function scaled(kept: Float32Array, scale: number): Float32Array {
  for (let i = 0; i < kept.length; i++) kept[i] = (kept[i] as number) * scale;
  return kept;
}

/** Dropout U-Net: dropout stays on while sampling; each sample is a fresh pass from the first dropped block on. */
export async function loadDropoutUNet(files: ModelFiles): Promise<Model> {
  const { config } = files;
  const { architecture } = config;
  const net = await loadWeights(files, 0, (from) => loadPlainUNet(from, architecture));
  return passModel<Start, number>(config, {
    start: (crop) => owned(() => startPass(imageOf(crop), net, architecture)),
    pass: (start, seed) => readBack(finishPass(start, net, architecture, dropBySeed(seed, architecture.dropout ?? 0))),
    free: ({ x, skips }) => tf.dispose([x, ...skips]),
    dispose: () => disposeAll(convsOfPlain(net)),
  });
}
