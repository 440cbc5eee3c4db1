import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Samples } from "../network/encoding.ts";
import { withoutSpecks } from "./mask-blobs.ts";
import type { Mask } from "./slice.ts";

/**
 * Lesion is where P ≥ threshold, less the parts under `smallestPart` pixels (but for the largest); probabilities [H,W].
 * A NaN is no lesion.
 */
export function maskOf(
  probabilities: Float32Array,
  width: number,
  height: number,
  threshold: number,
  smallestPart = 0,
): Mask {
  if (probabilities.length !== width * height) {
    throw new GraderspaceError("BadArgument", {
      problem: say`${probabilities.length} probabilities do not fill ${width} × ${height} pixels`,
    });
  }
  const bits = new Uint8Array(width * height);
  for (let i = 0; i < bits.length; i++) bits[i] = (probabilities[i] as number) >= threshold ? 1 : 0;
  return withoutSpecks({ width, height, bits }, smallestPart);
}

/** P of sample `n`, a view [H,W]. */
export function sampleAt(samples: Samples, n: number): Float32Array {
  const pixels = samples.width * samples.height;
  return samples.probabilities.subarray(n * pixels, (n + 1) * pixels);
}

/** One mask per sample, without the specks that its model's samples may not have. */
export function masksOf(samples: Samples, threshold: number): Mask[] {
  return Array.from({ length: samples.count }, (_, n) =>
    maskOf(sampleAt(samples, n), samples.width, samples.height, threshold, samples.smallestPart),
  );
}
