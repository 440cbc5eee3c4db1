import * as tf from "@tensorflow/tfjs-core";
import type { Architecture, ModelConfig } from "../core/config/model-config.ts";
import type { Decoded, Task, Want } from "../core/network/encoding.ts";
import type { Choices } from "../core/random/choices.ts";
import { uniforms } from "../core/random/random.ts";
import { block, type Conv, convolve, disposeAll, double, halve, owned } from "./layers.ts";
import { checkCrop } from "./network.ts";
import { type ModelFiles, openWeights } from "./parameters.ts";
import { samplesByPass } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, type PlainUNet, readAndFree } from "./plain-unet.ts";
import { type UpBlock, upBlock } from "./prob-unet.ts";
import type { Prepared, Sampler } from "./sampler.ts";
import { unprepared, wrongChoice } from "./sampler-errors.ts";

/** Where a value may be dropped: the input of a block; an up block has two, the skip and what comes from below. */
export interface Place {
  readonly path: "down" | "up";
  readonly level: number;
  readonly part: "all" | "skip" | "below";
}

/** Which values of the input at a place are kept: 1 or 0 each, in the order [H, W, C]. */
export type Keep = (place: Place, values: number, channels: number) => Float32Array;

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
  keep: Keep,
): tf.Tensor4D {
  const from = innermost(architecture);
  const scale = 1 / (1 - (architecture.dropout ?? 0));
  const drop = (x: tf.Tensor4D, place: Place): tf.Tensor4D => {
    const kept = keep(place, x.size, x.shape[3]);
    return tf.mul(x, tf.mul(tf.tensor4d(kept, x.shape), scale));
  };
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

/** Each value is dropped with probability p, by the seed and the place alone: the same on every backend. */
export function keepBySeed(seed: number, p: number): Keep {
  return ({ path, level, part }, count) => {
    const stream = [path === "down" ? 0 : 1, level, part === "below" ? 1 : 0];
    const kept = new Float32Array(count);
    const chances = uniforms(seed, stream, count);
    for (let i = 0; i < count; i++) kept[i] = (chances[i] as number) >= p ? 1 : 0;
    return kept;
  };
}

/** Dropout U-Net: dropout stays on while sampling; each sample is a fresh pass from the first dropped block on. */
class DropoutSampler implements Sampler {
  readonly choice = "seed";
  readonly members = null;
  readonly head = null;
  readonly config: ModelConfig;
  readonly #net: PlainUNet;
  #start: (Start & { readonly size: number }) | null = null;

  constructor(config: ModelConfig, net: PlainUNet) {
    this.config = config;
    this.#net = net;
  }

  async prepare(crop: Float32Array, size: number): Promise<Prepared> {
    checkCrop(crop, size, this.config.architecture);
    this.#forget();
    const start = owned(() => startPass(tf.tensor4d(crop, [1, size, size, 1]), this.#net, this.config.architecture));
    this.#start = { ...start, size };
    return { prior: null };
  }

  async draw(choices: Choices, want: Want, task?: Task): Promise<Decoded> {
    if (choices.kind !== "seed") throw wrongChoice(this.config, choices);
    const start = this.#start;
    if (start === null) throw unprepared();
    const { architecture } = this.config;
    return samplesByPass(choices.seeds.length, start.size, want, task, (n) => {
      const keep = keepBySeed(choices.seeds[n] as number, architecture.dropout ?? 0);
      return readAndFree(finishPass(start, this.#net, architecture, keep));
    });
  }

  async posteriors(): Promise<null> {
    return null;
  }

  dispose(): void {
    this.#forget();
    disposeAll(convsOfPlain(this.#net));
  }

  #forget(): void {
    if (this.#start) tf.dispose([this.#start.x, ...this.#start.skips]);
    this.#start = null;
  }
}

/** @throws GraderspaceError as `loadSampler` */
export async function loadDropoutUNet(files: ModelFiles): Promise<Sampler> {
  const parameters = await openWeights(files, 0);
  const net = owned(() => {
    const made = loadPlainUNet(parameters, files.config.architecture);
    parameters.finish();
    return made;
  });
  return new DropoutSampler(files.config, net);
}
