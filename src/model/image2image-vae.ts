import * as tf from "@tensorflow/tfjs-core";
import type { ModelConfig } from "../core/config/model-config.ts";
import type { Decoded, Gaussian, Task, Want } from "../core/network/encoding.ts";
import type { Choices } from "../core/random/choices.ts";
import { standardGaussian } from "../core/random/gaussian.ts";
import type { Mask } from "../core/values/slice.ts";
import { disposeAll, owned } from "./layers.ts";
import { checkCrop, splitGaussians } from "./network.ts";
import { type ModelFiles, openWeights } from "./parameters.ts";
import { samplesByPass } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, logitsOfUNet, type PlainUNet, readAndFree } from "./plain-unet.ts";
import { convsOfGaussian, type GaussianNet, gaussianOf, loadGaussianNet, posteriorInput } from "./prob-unet.ts";
import type { Prepared, Sampler } from "./sampler.ts";
import { unprepared, wrongChoice } from "./sampler-errors.ts";

interface Net extends PlainUNet {
  readonly posterior: GaussianNet;
}

/** Image2Image VAE: z ~ N(0, I) enters at the U-Net's input, so that every sample is a full pass. */
class VaeSampler implements Sampler {
  readonly choice = "z";
  readonly members = null;
  readonly config: ModelConfig;
  readonly head: { readonly latent: number; readonly fieldSpacings: readonly number[] };
  readonly #net: Net;
  #crop: { readonly values: Float32Array; readonly size: number } | null = null;

  constructor(config: ModelConfig, net: Net) {
    this.config = config;
    this.head = { latent: config.architecture.latent, fieldSpacings: [] };
    this.#net = net;
  }

  async prepare(crop: Float32Array, size: number): Promise<Prepared> {
    checkCrop(crop, size, this.config.architecture);
    this.#crop = { values: crop, size };
    return { prior: standardGaussian(this.head.latent) };
  }

  async draw(choices: Choices, want: Want, task?: Task): Promise<Decoded> {
    if (choices.kind !== "z") throw wrongChoice(this.config, choices);
    const crop = this.#crop;
    if (crop === null) throw unprepared();
    return samplesByPass(choices.draws.length, crop.size, want, task, async (n) => {
      const z = choices.draws[n]?.z as Float32Array;
      const logits = tf.tidy(() => {
        const picture = tf.tensor4d(withLatent(crop.values, z), [1, crop.size, crop.size, 1 + z.length]);
        return logitsOfUNet(picture, this.#net, this.config.architecture); // [1, H, W, 1]
      });
      return readAndFree(logits);
    });
  }

  async posteriors(masks: readonly Mask[]): Promise<Gaussian[]> {
    const crop = this.#crop;
    if (crop === null) throw unprepared();
    const { maskOffset } = this.config.architecture;
    const both = tf.tidy(() => {
      return gaussianOf(posteriorInput(crop.values, masks, crop.size, maskOffset), this.#net.posterior); // [G, 2L]
    });
    return splitGaussians(await readAndFree(both), masks.length);
  }

  dispose(): void {
    disposeAll([...convsOfPlain(this.#net), ...convsOfGaussian(this.#net.posterior)]);
  }
}

/** Image and z side by side at every pixel, [H, W, 1 + L]. */
function withLatent(image: Float32Array, z: Float32Array): Float32Array {
  const channels = 1 + z.length;
  const picture = new Float32Array(image.length * channels);
  for (let i = 0; i < image.length; i++) {
    picture[i * channels] = image[i] as number;
    picture.set(z, i * channels + 1);
  }
  return picture;
}

/** @throws GraderspaceError as `loadSampler` */
export async function loadVae(files: ModelFiles): Promise<Sampler> {
  const { config } = files;
  const { architecture } = config;
  const parameters = await openWeights(files, 0);
  const net = owned(() => {
    const made = {
      ...loadPlainUNet(parameters, architecture, { inputs: 1 + architecture.latent }),
      posterior: loadGaussianNet(parameters, "posterior", architecture, 2),
    };
    parameters.finish();
    return made;
  });
  return new VaeSampler(config, net);
}
