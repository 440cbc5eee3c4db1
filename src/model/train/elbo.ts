import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../../core/config/model-config.ts";
import type { Objective } from "../../core/training/settings.ts";
import { double, halve } from "../layers.ts";
import { type TrainedConv, trainedConv } from "./convolution.ts";
import type { Weights } from "./named-weights.ts";

// The Probabilistic U-Net in training (Kohl et al. 2018, its training loss): the same network as prob-unet.ts, its weights as the
// arguments of a function that tfjs can differentiate.

/** What a step sees, owned by the caller. */
export interface Batch {
  /** [B, H, W, 1] */
  readonly images: tf.Tensor4D;
  /** Image and mask − offset, [B, H, W, 2] */
  readonly pairs: tf.Tensor4D;
  /** One grader's mask per image, [B, H, W, 1] */
  readonly masks: tf.Tensor4D;
  /** Standard normals, [B, L] */
  readonly noise: tf.Tensor2D;
}

export interface Elbo {
  /** Scalar, nats: cross entropy + β·Σ KL. */
  readonly loss: tf.Scalar;
  /** Scalar, nats: summed over pixels, mean over images. */
  readonly crossEntropy: tf.Scalar;
  /** [L], nats: KL(Q ‖ P) of each axis, mean over images. */
  readonly kl: tf.Tensor1D;
}

/** Means and logs of standard deviations, [B, L] each. */
export interface Gaussians {
  readonly mean: tf.Tensor2D;
  readonly logSigma: tf.Tensor2D;
}

/** The loss of a batch; everything in it belongs to the caller's tidy. */
export function elbo(w: Weights, architecture: Architecture, batch: Batch, objective: Objective): Elbo {
  const features = trainedFeatures(w, architecture, batch.images);
  const [count, latent] = batch.noise.shape;
  if (!objective.latent) {
    const crossEntropy = bernoulli(comb(w, architecture, features, tf.zeros([count, latent])), batch.masks);
    return { loss: scaled(crossEntropy, batch, objective), crossEntropy, kl: tf.zeros([latent]) };
  }
  const p = gaussians(w, architecture, "prior", batch.images); //                [B, L]
  const q = gaussians(w, architecture, "posterior", batch.pairs); //             [B, L]
  const z = tf.add(q.mean, tf.mul(tf.exp(q.logSigma), batch.noise)) as tf.Tensor2D; // reparameterised
  const crossEntropy = bernoulli(comb(w, architecture, features, z), batch.masks);
  const kl = klPerAxis(q, p); //                                                 [L]
  const loss = tf.add(scaled(crossEntropy, batch, objective), tf.mul(objective.beta, tf.sum(kl))) as tf.Scalar;
  return { loss, crossEntropy, kl };
}

/** −log p(mask | logits), nats: Σ over pixels of softplus(logit) − y·logit, mean over images. */
function bernoulli(logits: tf.Tensor4D, masks: tf.Tensor4D): tf.Scalar {
  const each = tf.sub(tf.softplus(logits), tf.mul(masks, logits));
  return tf.mul(tf.sum(each), 1 / masks.shape[0]) as tf.Scalar;
}

function scaled(crossEntropy: tf.Scalar, { masks }: Batch, { pixels }: Objective): tf.Scalar {
  return pixels === "sum" ? crossEntropy : (tf.mul(crossEntropy, 1 / (masks.shape[1] * masks.shape[2])) as tf.Scalar);
}

/** log(σp/σq) + (σq² + (μq − μp)²) / 2σp² − ½, mean over the batch: [L] nats. */
function klPerAxis(q: Gaussians, p: Gaussians): tf.Tensor1D {
  const ratio = tf.exp(tf.mul(2, tf.sub(q.logSigma, p.logSigma)));
  const shift = tf.mul(tf.sub(q.mean, p.mean), tf.exp(tf.mul(-1, p.logSigma)));
  const half = tf.mul(0.5, tf.sub(tf.add(ratio, tf.mul(shift, shift)), 1));
  const [count] = half.shape;
  return tf.mul(tf.sum(tf.add(tf.sub(p.logSigma, q.logSigma), half), 0), 1 / (count as number));
}

/** [B, H, W, 1] → [B, H, W, C0]; H and W divisible by 2^(levels − 1). */
export function trainedFeatures(w: Weights, architecture: Architecture, images: tf.Tensor4D): tf.Tensor4D {
  return trainedEnds(w, architecture, images).features;
}

/** … and the innermost map [B, H/2^k, W/2^k, C_k] beside the features, the last of the way down. */
export function trainedEnds(w: Weights, architecture: Architecture, images: tf.Tensor4D) {
  const { channels, upsample } = architecture;
  const skips: tf.Tensor4D[] = [];
  let x = images; //                                                             [B, H, W, 1]
  for (const k of channels.keys()) {
    x = trainedBlock(w, architecture, `unet.down.${k}`, k === 0 ? x : halve(x), k === 0);
    skips.push(x); //                                                            [B, H/2^k, W/2^k, C_k]
  }
  const innermost = x;
  for (let k = channels.length - 2; k >= 0; k--) {
    x = trainedUp(w, architecture, k, { skip: skips[k] as tf.Tensor4D, below: double(x, upsample) });
  }
  return { features: x, innermost }; //                                          [B, H, W, C0]
}

/** What a block on the way up reads: [B, h, w, C_k] and, doubled, [B, h, w, C_(k+1)]. `constant`: nobody asks for their gradients. */
export interface UpInputs {
  readonly skip: tf.Tensor4D;
  readonly below: tf.Tensor4D;
  readonly constant?: boolean;
}

/** One block on the way up: [B, h, w, C_k]. */
export function trainedUp(w: Weights, { convsPerBlock }: Architecture, k: number, inputs: UpInputs): tf.Tensor4D {
  const name = `unet.up.${k}`;
  let x = tf.relu(sideBySide(w, `${name}.0`, inputs)) as tf.Tensor4D;
  for (let i = 1; i < convsPerBlock; i++) x = trainedConv(x, convNamed(w, `${name}.${2 * i}`), { relu: true });
  return x;
}

/** W·[skip, below] = W_skip·skip + W_below·below, as in prob-unet.ts. */
function sideBySide(w: Weights, name: string, { skip, below, constant = false }: UpInputs): tf.Tensor4D {
  const { bias, ...whole } = convNamed(w, name);
  const [first, second] = [skip.shape[3], below.shape[3]];
  const manner = { relu: false, constant };
  const a = trainedConv(skip, { ...partOf(whole, 0, first), bias }, manner);
  return tf.add(a, trainedConv(below, { ...partOf(whole, first, second), bias: null }, manner));
}

/** The part of a convolution that reads `count` input channels from `from` on. */
function partOf({ filter, turned }: Pick<TrainedConv, "filter" | "turned">, from: number, count: number) {
  const [side, , , outputs] = filter.shape;
  return {
    filter: tf.slice(filter, [0, 0, from, 0], [side, side, count, outputs]),
    turned: () => tf.slice(turned(), [0, 0, 0, from], [side, side, outputs, count]),
  };
}

/** Picture [B, H, W, inputs] → the prior net's or the posterior net's Gaussians. */
export function gaussians(
  w: Weights,
  architecture: Architecture,
  net: "prior" | "posterior",
  picture: tf.Tensor4D,
): Gaussians {
  const { channels, latent } = architecture;
  let x = picture;
  for (const k of channels.keys()) {
    x = trainedBlock(w, architecture, `${net}.down.${k}`, k === 0 ? x : halve(x), k === 0);
  }
  const [count, rows, columns, last] = x.shape;
  const mean = tf.mul(tf.sum(x, [1, 2]), 1 / (rows * columns));
  const pooled = tf.reshape(mean, [count, 1, 1, last]) as tf.Tensor4D;
  const both = tf.reshape(trainedConv(pooled, convNamed(w, `${net}.head`), { relu: false }), [count, 2 * latent]);
  const half = (at: number) => tf.slice(both, [0, at], [count, latent]) as tf.Tensor2D;
  return { mean: half(0), logSigma: half(latent) };
}

/** Features [B, H, W, C], z [B, L] → logits [B, H, W, 1]: f_comb, its first layer as W_f·features + W_z·z + b. */
export function comb(w: Weights, architecture: Architecture, features: tf.Tensor4D, z: tf.Tensor2D): tf.Tensor4D {
  const { bias, ...whole } = convNamed(w, "comb.0");
  const [count, , , width] = features.shape;
  const latent = z.shape[1];
  const forZ = tf.reshape(tf.slice(whole.filter, [0, 0, width, 0], [1, 1, latent, width]), [latent, width]);
  const base = trainedConv(features, { ...partOf(whole, 0, width), bias }, { relu: false });
  const moved = tf.reshape(tf.matMul(z, forZ as tf.Tensor2D), [count, 1, 1, width]);
  let x = tf.relu(tf.add(base, moved)) as tf.Tensor4D; //                        [B, H, W, C]
  for (let i = 1; i <= architecture.combHidden; i++) {
    x = trainedConv(x, convNamed(w, `comb.${2 * i}`), { relu: i < architecture.combHidden });
  }
  return x; //                                                                   [B, H, W, 1]
}

function trainedBlock(
  w: Weights,
  { convsPerBlock }: Architecture,
  name: string,
  picture: tf.Tensor4D,
  first: boolean,
): tf.Tensor4D {
  let x = picture;
  for (let i = 0; i < convsPerBlock; i++) {
    x = trainedConv(x, convNamed(w, `${name}.${2 * i}`), { relu: true, constant: first && i === 0 });
  }
  return x;
}

function convNamed(w: Weights, name: string): TrainedConv {
  const filter = w.of(`${name}.weight`) as tf.Tensor4D;
  return { filter, bias: w.of(`${name}.bias`) as tf.Tensor1D, turned: () => w.turned(`${name}.weight`) };
}
