import * as tf from "@tensorflow/tfjs-core";
import type { ModelConfig } from "../core/config/model-config.ts";
import type { Decoded, Task, Want } from "../core/network/encoding.ts";
import type { Choices } from "../core/random/choices.ts";
import { disposeAll, owned } from "./layers.ts";
import { checkCrop } from "./network.ts";
import { type ModelFiles, openWeights } from "./parameters.ts";
import { samplesByPass } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, logitsOfUNet, type PlainUNet, readAndFree } from "./plain-unet.ts";
import type { Prepared, Sampler } from "./sampler.ts";
import { checkIndices, unprepared, wrongChoice } from "./sampler-errors.ts";

/** M-Heads: one U-Net, M maps of logits on its last features, trained so that the closest head learns. One pass in all. */
class MHeadsSampler implements Sampler {
  readonly choice = "head";
  readonly head = null;
  readonly config: ModelConfig;
  readonly members: number;
  readonly #net: PlainUNet;
  /** All heads of the crop, [H, W, M]. */
  #logits: { readonly values: Float32Array; readonly size: number } | null = null;

  constructor(config: ModelConfig, net: PlainUNet, heads: number) {
    this.config = config;
    this.members = heads;
    this.#net = net;
  }

  async prepare(crop: Float32Array, size: number, task?: Task): Promise<Prepared> {
    checkCrop(crop, size, this.config.architecture);
    const logits = tf.tidy(() => {
      const image = tf.tensor4d(crop, [1, size, size, 1]);
      return logitsOfUNet(image, this.#net, this.config.architecture); // [1, H, W, M]
    });
    this.#logits = { values: await readAndFree(logits), size };
    task?.onProgress?.(1);
    return { prior: null };
  }

  async draw(choices: Choices, want: Want, task?: Task): Promise<Decoded> {
    if (choices.kind !== "head") throw wrongChoice(this.config, choices);
    const logits = this.#logits;
    if (logits === null) throw unprepared();
    checkIndices(choices.indices, this.members);
    const { values, size } = logits;
    return samplesByPass(choices.indices.length, size, want, task, async (n) => {
      const head = choices.indices[n] as number;
      return Float32Array.from({ length: size * size }, (_, i) => values[i * this.members + head] as number);
    });
  }

  async posteriors(): Promise<null> {
    return null;
  }

  dispose(): void {
    disposeAll(convsOfPlain(this.#net));
  }
}

/** @throws GraderspaceError as `loadSampler` */
export async function loadMHeads(files: ModelFiles): Promise<Sampler> {
  const { config } = files;
  const heads = config.architecture.heads ?? 0;
  const parameters = await openWeights(files, 0);
  const net = owned(() => {
    const made = loadPlainUNet(parameters, config.architecture, { last: "heads", maps: heads });
    parameters.finish();
    return made;
  });
  return new MHeadsSampler(config, net, heads);
}
