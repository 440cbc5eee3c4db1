import type { Encoding, HeadWeights } from "./encoding.ts";
import { lineariseAtMean } from "./jacobian.ts";
import { sigmoid } from "./logits.ts";
import { eigenOf } from "./symmetric-matrix.ts";

/** What z does to this case, as uncorrelated directions, strongest first. */
export interface Modes {
  /** Singular values, [L]: how far one σ along the mode moves the logits, over all pixels. */
  readonly values: Float64Array;
  /** Unit vectors [L] in units of the prior's σ; plus is the way in which the lesion grows. */
  readonly vectors: readonly Float32Array[];
  /** Share of the summed squares, [L]; sums to 1, or all 0 where z does nothing. */
  readonly shares: Float64Array;
}

/**
 * Singular vectors of the logits' change with z about the prior mean (fields at 0, in units of the prior's σ), pixels
 * weighted by √(p(1 − p) + .001): from the L × L matrix of inner products, so the picture's size hardly matters.
 */
export function modesOf(head: HeadWeights, encoding: Encoding): Modes {
  const latent = head.latent;
  const { logits, slopes } = lineariseAtMean(head, encoding);
  const products = new Float64Array(latent * latent);
  const growth = new Float64Array(latent);
  for (let pixel = 0; pixel < logits.length; pixel++) {
    const p = sigmoid(logits[pixel] as number);
    const square = p * (1 - p) + 0.001;
    for (let i = 0; i < latent; i++) {
      const slope = slopes[pixel * latent + i] as number;
      growth[i] = (growth[i] as number) + p * (1 - p) * slope;
      for (let j = 0; j <= i; j++) {
        products[i * latent + j] =
          (products[i * latent + j] as number) + square * slope * (slopes[pixel * latent + j] as number);
      }
    }
  }
  for (let i = 0; i < latent; i++)
    for (let j = 0; j < i; j++) products[j * latent + i] = products[i * latent + j] as number;
  const { values, vectors } = eigenOf(products, latent);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  return {
    values: values.map((value) => Math.sqrt(Math.max(0, value))),
    vectors: vectors.map((vector) => growing(vector, growth)),
    shares: values.map((value) => (total > 0 ? Math.max(0, value) / total : 0)),
  };
}

/** The vector or its opposite: the one along which the mean's area grows (Σ p(1 − p)·slope), so that signs are stable. */
function growing(vector: Float64Array, growth: Float64Array): Float32Array {
  const along = vector.reduce((sum, value, i) => sum + value * (growth[i] as number), 0);
  const first = vector.find((value) => Math.abs(value) > 1e-6) ?? 1;
  const sign = (along === 0 ? first : along) < 0 ? -1 : 1;
  return Float32Array.from(vector, (value) => sign * value);
}
