import * as tf from "@tensorflow/tfjs-core";
import { throwIfAborted } from "../../core/errors.ts";
import type { Task } from "../../core/network/encoding.ts";
import { type InnerMap, type Insides, innerMapOf } from "../../core/network/inside/inner-maps.ts";
import type { Crop } from "../../core/values/region.ts";
import { convolve, imageOf, readBack } from "../layers.ts";
import { gaussianOf, type ProbUNet, type See, unetEnds } from "../prob-unet.ts";

/**
 * The same pass as the encoding's, of whose maps the strongest channels are kept. One map is read back after the other:
 * an abort is heard between them. @throws Aborted
 */
export async function lookInside(crop: Crop, net: ProbUNet, task?: Task): Promise<Insides> {
  const levels = net.unet.down.length;
  const kept: tf.Tensor4D[] = [];
  const see: See = (map) => void kept.push(tf.keep(tf.clone(map)));
  try {
    throwIfAborted(task?.signal);
    tf.tidy(() => {
      const { features } = unetEnds(imageOf(crop), net.unet, net.architecture.upsample, see);
      see(convolve(features, net.maps.base, "linear"));
    });
    if (net.prior) {
      const { prior } = net;
      tf.tidy(() => void gaussianOf(imageOf(crop), prior, see));
    }
    const maps: InnerMap[] = [];
    for (const map of kept) {
      maps.push(innerMapOf(await readBack(map), map.shape[1]));
      task?.onProgress?.(maps.length / kept.length);
      await task?.pause?.();
      throwIfAborted(task?.signal);
    }
    return {
      down: maps.slice(0, levels),
      up: maps.slice(levels, 2 * levels - 1).reverse(),
      base: maps[2 * levels - 1] as InnerMap,
      prior: net.prior && maps.slice(2 * levels),
    };
  } finally {
    tf.dispose(kept);
  }
}
