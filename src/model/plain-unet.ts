import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../core/config/model-config.ts";
import { type Conv, convolve, loadConv } from "./layers.ts";
import type { Parameters } from "./parameters.ts";
import { convsOfUNet, loadUNet, type UNet, unetFeatures } from "./prob-unet.ts";

/** A U-Net that ends in logits: the body of all four baselines. */
export interface PlainUNet {
  readonly unet: UNet;
  /** 1×1, C → one map of logits, or one per head. */
  readonly last: Conv;
}

/** `last` is the name of the closing layer in the file: `mean`, or `heads` with `maps` of them. */
export function loadPlainUNet(
  from: Parameters,
  architecture: Architecture,
  { inputs = 1, last = "mean", maps = 1 } = {},
): PlainUNet {
  const width = architecture.channels[0] as number;
  return { unet: loadUNet(from, architecture, inputs), last: loadConv(from, last, width, maps, 1) };
}

/** Picture [1, H, W, inputs] → logits [1, H, W, maps]. */
export function logitsOfUNet(picture: tf.Tensor4D, { unet, last }: PlainUNet, { upsample }: Architecture): tf.Tensor4D {
  return tf.tidy(() => convolve(unetFeatures(picture, unet, upsample), last, "linear"));
}

export function convsOfPlain({ unet, last }: PlainUNet): Conv[] {
  return [...convsOfUNet(unet), last];
}
