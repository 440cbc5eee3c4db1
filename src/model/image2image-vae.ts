import * as tf from "@tensorflow/tfjs-core";
import type { Draw } from "../core/network/encoding.ts";
import type { Model, ModelFiles } from "../core/network/model.ts";
import type { Crop } from "../core/values/region.ts";
import { disposeAll, loadWeights, readBack } from "./layers.ts";
import { passModel } from "./passes.ts";
import { convsOfPlain, loadPlainUNet, logitsOfUNet } from "./plain-unet.ts";
import { convsOfGaussian, gaussianOf, loadGaussianNet, posteriorInput, readGaussians } from "./prob-unet.ts";

/**
 * Image2Image VAE: z ~ N(0, I) enters at the U-Net's input, so that every sample is a full pass. Of the image alone is the
 * first convolution's part for it, a ReLU before all else: .3 % of a pass's products at the bundled widths, not kept apart.
 */
export async function loadVae(files: ModelFiles): Promise<Model> {
  const { config } = files;
  const { architecture } = config;
  const net = await loadWeights(files, 0, (from) => ({
    ...loadPlainUNet(from, architecture, { inputs: 1 + architecture.latent }),
    posterior: loadGaussianNet(from, "posterior", architecture, 2),
  }));
  return passModel<Crop, Draw>(config, {
    start: (crop) => crop,
    pass: (crop, { z }) => readBack(tf.tidy(() => logitsOfUNet(pictureOf(crop, z), net, architecture))),
    posteriors: (crop, masks) => {
      const input = () => posteriorInput(crop, masks, architecture.maskOffset);
      return readGaussians(tf.tidy(() => gaussianOf(input(), net.posterior)));
    },
    dispose: () => disposeAll([...convsOfPlain(net), ...convsOfGaussian(net.posterior)]),
  });
}

/** Image and z side by side at every pixel, [1, H, W, 1 + L]. */
function pictureOf({ values, size }: Crop, z: Float32Array): tf.Tensor4D {
  const channels = 1 + z.length;
  const picture = new Float32Array(values.length * channels);
  for (let i = 0; i < values.length; i++) {
    picture[i * channels] = values[i] as number;
    picture.set(z, i * channels + 1);
  }
  return tf.tensor4d(picture, [1, size, size, channels]);
}
