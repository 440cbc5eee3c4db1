import * as tf from "@tensorflow/tfjs-core";
import type { Architecture, ModelConfig } from "../core/config/model-config.ts";
import { GraderspaceError, throwIfAborted } from "../core/errors.ts";
import type { Encoding, Gaussian, HeadWeights, Task } from "../core/network/encoding.ts";
import { newtonPosterior } from "../core/network/newton-posterior.ts";
import type { Mask } from "../core/values/slice.ts";
import { disposeAll, owned } from "./layers.ts";
import { type ModelFiles, openWeights } from "./parameters.ts";
import { convsOf, encodeMaps, gaussianOf, loadProbUNet, type ProbUNet, posteriorInput } from "./prob-unet.ts";

/** A loaded Probabilistic U-Net: the half that runs once per image. Its tensors live until `dispose`. */
export interface Network {
  readonly config: ModelConfig;
  /** What a decoder needs besides an `Encoding`. */
  readonly head: HeadWeights;
  /** @param crop [size, size] in [0, 1]; size divisible by 2^(levels − 1). @throws GraderspaceError BadArgument, Aborted */
  encode(crop: Float32Array, size: number, task?: Task): Promise<Encoding>;
  /** Q(z | crop, mask). @throws GraderspaceError BadArgument, Aborted */
  posterior(crop: Float32Array, mask: Mask, size: number, task?: Task): Promise<Gaussian>;
  /** Q(z | crop, mask) of several masks in one pass. */
  posteriors(crop: Float32Array, masks: readonly Mask[], size: number, task?: Task): Promise<Gaussian[]>;
  dispose(): void;
}

/**
 * Builds the network on the backend that is current.
 * @throws GraderspaceError ModelMissingTensor, ModelWrongShape, ModelWrongDtype, ModelTruncated, ModelHashDiffers,
 * ModelConfig, DamagedFile
 */
export async function loadNetwork(files: ModelFiles): Promise<Network> {
  const { config } = files;
  if (config.family !== "prob-unet") {
    const problem = `${config.name} is a ${config.family}, which has no encoding to decode z from`;
    throw new GraderspaceError("ModelConfig", { problem, remedy: "open it as a sampler" });
  }
  const parameters = await openWeights(files, 0);
  const net = owned(() => {
    const made = loadProbUNet(parameters, config.architecture);
    parameters.finish();
    return made;
  });
  return new LoadedNetwork(config, net);
}

class LoadedNetwork implements Network {
  readonly config: ModelConfig;
  readonly head: HeadWeights;
  readonly #net: ProbUNet;
  #last: { readonly crop: Float32Array; readonly encoding: Encoding } | null = null;

  constructor(config: ModelConfig, net: ProbUNet) {
    this.config = config;
    this.head = net.head;
    this.#net = net;
  }

  async encode(crop: Float32Array, size: number, task?: Task): Promise<Encoding> {
    checkCrop(crop, size, this.config.architecture);
    throwIfAborted(task?.signal);
    const prior = await this.#prior(crop, size);
    throwIfAborted(task?.signal);
    task?.onProgress?.(0.3); // the prior net is about a third of the work
    const maps = owned(() => encodeMaps(tf.tensor4d(crop, [1, size, size, 1]), this.#net));
    const { base, factor, amplitude, top } = maps;
    const read = await readBack([base, factor, amplitude, top]);
    throwIfAborted(task?.signal);
    task?.onProgress?.(1);
    const encoding: Encoding = {
      width: size,
      height: size,
      channels: this.head.channels,
      base: read[0] as Float32Array,
      ...(read[1] && { factor: read[1] }),
      ...(read[2] && { amplitude: read[2] }),
      ...(read[3] && { top: read[3] }),
      prior,
    };
    if (this.#net.posterior === null) this.#last = { crop: crop.slice(), encoding };
    return encoding;
  }

  async posterior(crop: Float32Array, mask: Mask, size: number, task?: Task): Promise<Gaussian> {
    const [gaussian] = await this.posteriors(crop, [mask], size, task);
    return gaussian as Gaussian;
  }

  async posteriors(crop: Float32Array, masks: readonly Mask[], size: number, task?: Task): Promise<Gaussian[]> {
    checkCrop(crop, size, this.config.architecture);
    for (const { width, height } of masks) {
      if (width === size && height === size) continue;
      const problem = `a mask of ${width}×${height} pixels does not belong to a region of ${size}×${size}`;
      throw new GraderspaceError("BadArgument", { problem });
    }
    throwIfAborted(task?.signal);
    const { posterior, architecture } = this.#net;
    if (posterior === null) {
      const encoding = await this.#encodingOf(crop, size, task);
      return masks.map((mask) => newtonPosterior(encoding, mask));
    }
    const both = tf.tidy(() => gaussianOf(posteriorInput(crop, masks, size, architecture.maskOffset), posterior));
    const [values] = (await readBack([both])) as [Float32Array];
    throwIfAborted(task?.signal);
    return splitGaussians(values, masks.length);
  }

  dispose(): void {
    disposeAll(convsOf(this.#net));
  }

  /** Newton's steps need the maps: those of the last crop are kept, since a posterior is asked of what is on the screen. */
  async #encodingOf(crop: Float32Array, size: number, task?: Task): Promise<Encoding> {
    const last = this.#last;
    if (last?.crop.length === crop.length && last.crop.every((value, i) => value === crop[i])) return last.encoding;
    return this.encode(crop, size, task);
  }

  async #prior(crop: Float32Array, size: number): Promise<Gaussian> {
    const { prior, architecture } = this.#net;
    const { latent } = architecture;
    if (prior === null) return { mean: new Float32Array(latent), logSigma: new Float32Array(latent) };
    const both = tf.tidy(() => gaussianOf(tf.tensor4d(crop, [1, size, size, 1]), prior));
    const [values] = (await readBack([both])) as [Float32Array];
    return splitGaussians(values, 1)[0] as Gaussian;
  }
}

/** [G, 2L] → of each the means, then the logs of the standard deviations. */
export function splitGaussians(both: Float32Array, count: number): Gaussian[] {
  const latent = both.length / (2 * count);
  return Array.from({ length: count }, (_, g) => {
    const at = 2 * g * latent;
    return { mean: both.slice(at, at + latent), logSigma: both.slice(at + latent, at + 2 * latent) };
  });
}

/** The one place where numbers come back from the backend; frees the tensors, whatever happens. */
async function readBack(tensors: readonly (tf.Tensor | undefined)[]): Promise<(Float32Array | undefined)[]> {
  try {
    return await Promise.all(
      tensors.map(async (tensor) => (tensor ? ((await tensor.data()) as Float32Array) : undefined)),
    );
  } finally {
    for (const tensor of tensors) tensor?.dispose();
  }
}

/** @throws GraderspaceError BadArgument */
export function checkCrop(crop: Float32Array, size: number, { channels }: Architecture): void {
  const step = 2 ** (channels.length - 1);
  if (crop.length === size * size && size > 0 && size % step === 0) return;
  const problem = `a region of ${crop.length} values is not ${size}×${size} with a side divisible by ${step}`;
  throw new GraderspaceError("BadArgument", { problem });
}
