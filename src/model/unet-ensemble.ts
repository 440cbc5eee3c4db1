import * as tf from "@tensorflow/tfjs-core";
import type { ModelConfig } from "../core/config/model-config.ts";
import { throwIfAborted } from "../core/errors.ts";
import type { Decoded, Task, Want } from "../core/network/encoding.ts";
import type { Choices } from "../core/random/choices.ts";
import { disposeAll, owned } from "./layers.ts";
import { checkCrop } from "./network.ts";
import { type ModelFiles, openWeights } from "./parameters.ts";
import { samplesByPass } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, logitsOfUNet, type PlainUNet, readAndFree } from "./plain-unet.ts";
import type { Prepared, Sampler } from "./sampler.ts";
import { checkIndices, unprepared, wrongChoice } from "./sampler-errors.ts";

/** U-Net Ensemble: each member is a U-Net of its own; a sample is one member's answer. */
class EnsembleSampler implements Sampler {
  readonly choice = "member";
  readonly head = null;
  readonly config: ModelConfig;
  readonly #members: readonly PlainUNet[];
  /** The crop, and the logits of the members asked so far, [H, W] each. */
  #crop: { readonly values: Float32Array; readonly size: number; readonly logits: Map<number, Float32Array> } | null =
    null;

  constructor(config: ModelConfig, members: readonly PlainUNet[]) {
    this.config = config;
    this.#members = members;
  }

  get members(): number {
    return this.#members.length;
  }

  /** Nothing is common to the members: each runs when it is first asked. */
  async prepare(crop: Float32Array, size: number): Promise<Prepared> {
    checkCrop(crop, size, this.config.architecture);
    this.#crop = { values: crop, size, logits: new Map() };
    return { prior: null };
  }

  async draw(choices: Choices, want: Want, task?: Task): Promise<Decoded> {
    if (choices.kind !== "member") throw wrongChoice(this.config, choices);
    const crop = this.#crop;
    if (crop === null) throw unprepared();
    checkIndices(choices.indices, this.members);
    return samplesByPass(choices.indices.length, crop.size, want, task, async (n) => {
      const member = choices.indices[n] as number;
      const logits = crop.logits.get(member) ?? (await this.#answer(member, crop.values, crop.size));
      crop.logits.set(member, logits);
      return logits;
    });
  }

  async posteriors(): Promise<null> {
    return null;
  }

  dispose(): void {
    for (const member of this.#members) disposeAll(convsOfPlain(member));
  }

  #answer(member: number, crop: Float32Array, size: number): Promise<Float32Array> {
    const logits = tf.tidy(() => {
      const image = tf.tensor4d(crop, [1, size, size, 1]);
      return logitsOfUNet(image, this.#members[member] as PlainUNet, this.config.architecture); // [1, H, W, 1]
    });
    return readAndFree(logits);
  }
}

/** One member after the other, saying how far it is. @throws GraderspaceError as `loadSampler`, and Aborted */
export async function loadEnsemble(files: ModelFiles, task?: Task): Promise<Sampler> {
  const members: PlainUNet[] = [];
  try {
    for (let m = 0; m < files.config.weights.length; m++) {
      throwIfAborted(task?.signal);
      const parameters = await openWeights(files, m);
      const member = owned(() => {
        const made = loadPlainUNet(parameters, files.config.architecture);
        parameters.finish();
        return made;
      });
      members.push(member);
      task?.onProgress?.((m + 1) / files.config.weights.length);
    }
  } catch (error) {
    for (const member of members) disposeAll(convsOfPlain(member));
    throw error;
  }
  return new EnsembleSampler(files.config, members);
}
