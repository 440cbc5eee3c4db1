import * as tf from "@tensorflow/tfjs-core";
import { throwIfAborted } from "../core/errors.ts";
import type { Encoding, Gaussian } from "../core/network/encoding.ts";
import type { MakeDecoder, Model, ModelFiles } from "../core/network/model.ts";
import { newtonPosterior } from "../core/network/posterior/newton-posterior.ts";
import { withDecoder } from "../core/network/with-decoder.ts";
import { standardGaussian } from "../core/random/gaussian.ts";
import type { Crop } from "../core/values/region.ts";
import { checkCrop, checkMasks } from "./arguments.ts";
import { lookInside } from "./inside/look-inside.ts";
import { disposeAll, imageOf, loadWeights, owned, readBack } from "./layers.ts";
import { presenceLogit } from "./presence.ts";
import {
  convsOf,
  type EncodedMaps,
  encodeMaps,
  type GaussianNet,
  gaussianOf,
  loadProbUNet,
  type ProbUNet,
  posteriorInput,
  readGaussians,
} from "./prob-unet.ts";

/** The Probabilistic U-Net: one encoding per crop, then a decode of a few milliseconds for all z together. */
export async function loadProbUNetModel(files: ModelFiles, makeDecoder: MakeDecoder): Promise<Model> {
  const { config } = files;
  const { architecture } = config;
  const net = await loadWeights(files, 0, (from) => loadProbUNet(from, architecture));
  const { head, posterior } = net;
  const model: Omit<Model, "draw"> = {
    config,
    choice: "z",
    members: null,
    head,
    decode: head,
    report: () => null,
    prepare: async (crop, task) => {
      checkCrop(crop, architecture);
      throwIfAborted(task?.signal);
      const prior = net.prior ? await priorOf(crop, net.prior) : standardGaussian(head.latent);
      throwIfAborted(task?.signal);
      task?.onProgress?.(0.3); // the prior net is about a third of the work
      const encoding = await encodingOf(crop, net, prior);
      throwIfAborted(task?.signal);
      task?.onProgress?.(1);
      return { crop, prior, encoding };
    },
    posteriors: async ({ crop, encoding }, masks, task) => {
      checkMasks(masks, crop);
      throwIfAborted(task?.signal);
      if (posterior === null) return masks.map((mask) => newtonPosterior(head, encoding as Encoding, mask));
      const input = () => posteriorInput(crop, masks, architecture.maskOffset);
      const found = await readGaussians(tf.tidy(() => gaussianOf(input(), posterior)));
      throwIfAborted(task?.signal);
      return found;
    },
    lookInside: async ({ crop }, task) => {
      checkCrop(crop, architecture);
      return lookInside(crop, net, task);
    },
    dispose: () => disposeAll(convsOf(net)),
  };
  return withDecoder(model, await makeDecoder(head));
}

async function priorOf(crop: Crop, prior: GaussianNet): Promise<Gaussian> {
  const [found] = await readGaussians(tf.tidy(() => gaussianOf(imageOf(crop), prior)));
  return found as Gaussian;
}

/** The maps, read back: they belong to no backend any more. */
async function encodingOf(crop: Crop, net: ProbUNet, prior: Gaussian): Promise<Encoding> {
  const maps = Object.entries(owned(() => encodeMaps(imageOf(crop), net)));
  const read = await Promise.all(maps.map(async ([name, map]) => [name, await readBack(map)] as const));
  const { size } = crop;
  const { presence: numbers, ...values } = Object.fromEntries(read) as Record<keyof EncodedMaps, Float32Array>;
  const gate = net.presence && numbers ? { presence: presenceLogit(net.presence, numbers) } : {};
  return { width: size, height: size, channels: net.head.channels, ...values, ...gate, prior };
}
