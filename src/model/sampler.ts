import type { ModelConfig } from "../core/config/model-config.ts";
import type { Decoded, Decoder, Gaussian, HeadWeights, Task, Want } from "../core/network/encoding.ts";
import type { Choices, Drawable } from "../core/random/choices.ts";
import type { Mask } from "../core/values/slice.ts";
import type { BackendReport } from "../engine/engine.ts";
import type { ModelFiles } from "./parameters.ts";

/** What is known of a crop once the part that runs once is done. */
export interface Prepared {
  /** P(z | crop); null where the system has no z. */
  readonly prior: Gaussian | null;
}

/** Every system that answers a crop with several masks stands behind this; one file each. */
export interface Sampler extends Drawable {
  readonly config: ModelConfig;
  /** Where it runs, where that is told: a system behind a port says so. */
  readonly backend?: BackendReport;
  /** Does what is done once per crop; the following calls speak of this crop. @param crop [size, size] in [0, 1] */
  prepare(crop: Float32Array, size: number, task?: Task): Promise<Prepared>;
  /** @throws GraderspaceError BadArgument: before `prepare`, or choices of another kind */
  draw(choices: Choices, want: Want, task?: Task): Promise<Decoded>;
  /** Q(z | crop, mask) of each mask; null where the system has no posterior. */
  posteriors(masks: readonly Mask[], task?: Task): Promise<Gaussian[] | null>;
  dispose(): void;
}

/** Makes the decoder for a head: the shell knows which one this machine runs best. */
export type MakeDecoder = (head: HeadWeights) => Promise<Decoder>;

/**
 * Opens any model as a sampler, on the backend that is current.
 * @throws GraderspaceError ModelMissingTensor, ModelWrongShape, ModelWrongDtype, ModelTruncated, ModelHashDiffers,
 * ModelConfig
 */
export async function loadSampler(files: ModelFiles, makeDecoder: MakeDecoder, task?: Task): Promise<Sampler> {
  // Imported on demand: a page with one model does not load the others' code.
  switch (files.config.family) {
    case "prob-unet":
      return (await import("./prob-unet-sampler.ts")).loadProbUNetSampler(files, makeDecoder);
    case "dropout-unet":
      return (await import("./dropout-unet.ts")).loadDropoutUNet(files);
    case "unet-ensemble":
      return (await import("./unet-ensemble.ts")).loadEnsemble(files, task);
    case "m-heads":
      return (await import("./m-heads.ts")).loadMHeads(files);
    case "image2image-vae":
      return (await import("./image2image-vae.ts")).loadVae(files);
  }
}
