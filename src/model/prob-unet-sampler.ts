import type { ModelConfig } from "../core/config/model-config.ts";
import type { Decoded, Decoder, Gaussian, Task, Want } from "../core/network/encoding.ts";
import type { Choices } from "../core/random/choices.ts";
import type { Mask } from "../core/values/slice.ts";
import { loadNetwork, type Network } from "./network.ts";
import type { ModelFiles } from "./parameters.ts";
import type { MakeDecoder, Prepared, Sampler } from "./sampler.ts";
import { unprepared, wrongChoice } from "./sampler-errors.ts";

/** The Probabilistic U-Net: one encoding per crop, then a decode of a few milliseconds for all z together. */
class ProbUNetSampler implements Sampler {
  readonly choice = "z";
  readonly members = null;
  readonly config: ModelConfig;
  readonly head: Network["head"];
  readonly #network: Network;
  readonly #decoder: Decoder;
  #crop: { readonly values: Float32Array; readonly size: number } | null = null;

  constructor(network: Network, decoder: Decoder) {
    this.config = network.config;
    this.head = network.head;
    this.#network = network;
    this.#decoder = decoder;
  }

  async prepare(crop: Float32Array, size: number, task?: Task): Promise<Prepared> {
    const encoding = await this.#network.encode(crop, size, task);
    this.#decoder.open(encoding);
    this.#crop = { values: crop, size };
    return { prior: encoding.prior };
  }

  async draw(choices: Choices, want: Want, task?: Task): Promise<Decoded> {
    if (choices.kind !== "z") throw wrongChoice(this.config, choices);
    return this.#decoder.decode(choices.draws, want, task);
  }

  async posteriors(masks: readonly Mask[], task?: Task): Promise<Gaussian[]> {
    if (this.#crop === null) throw unprepared();
    return this.#network.posteriors(this.#crop.values, masks, this.#crop.size, task);
  }

  dispose(): void {
    this.#decoder.dispose();
    this.#network.dispose();
  }
}

/** @throws GraderspaceError as `loadNetwork` */
export async function loadProbUNetSampler(files: ModelFiles, makeDecoder: MakeDecoder): Promise<Sampler> {
  const network = await loadNetwork(files);
  return new ProbUNetSampler(network, await makeDecoder(network.head));
}
