import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Mask } from "../values/slice.ts";

/** Pixels that at least half of the masks mark: 1 of 2, 2 of 3, 2 of 4. */
export function majority(masks: readonly Mask[]): Mask {
  const { width, height } = sameSize(masks);
  const share = shareOfMasks(masks);
  return { width, height, bits: Uint8Array.from(share, (value) => (value >= 0.5 ? 1 : 0)) };
}

/** Share of the masks that mark each pixel, [H,W] in [0, 1]. */
export function shareOfMasks(masks: readonly Mask[]): Float32Array {
  const { width, height } = sameSize(masks);
  const share = new Float32Array(width * height);
  for (const { bits } of masks)
    for (let i = 0; i < share.length; i++) share[i] = (share[i] as number) + (bits[i] as number);
  return share.map((count) => count / masks.length);
}

export interface Staple {
  /** P(truly lesion | all masks) [H,W]. */
  readonly probability: Float32Array;
  /** Per mask: share of the true lesion that it marks. */
  readonly sensitivity: Float64Array;
  /** Per mask: share of the true background that it leaves. */
  readonly specificity: Float64Array;
}

/**
 * STAPLE (Warfield, Zou, Wells, IEEE TMI 23(7), 2004): the hidden truth and each grader's reliability by expectation
 * maximisation. Prior: the mean share of marked pixels; start: sensitivity and specificity .99999, as its authors'.
 * At most 30 masks. Pixels with the same marks share one posterior, so the work is per pattern of marks, not per pixel.
 */
export function staple(masks: readonly Mask[], maxSteps = 200, tolerance = 1e-7): Staple {
  const { width, height } = sameSize(masks);
  const patternAt = new Int32Array(width * height);
  masks.forEach(({ bits }, j) => {
    for (let i = 0; i < bits.length; i++) if (bits[i] !== 0) patternAt[i] = (patternAt[i] as number) | (1 << j);
  });
  const pixels = new Map<number, number>();
  for (const pattern of patternAt) pixels.set(pattern, (pixels.get(pattern) ?? 0) + 1);
  const marked = masks.reduce((sum, { bits }) => sum + bits.reduce((area, bit) => area + bit, 0), 0);
  const prior = marked / (masks.length * width * height);

  const sensitivity = new Float64Array(masks.length).fill(0.99999);
  const specificity = new Float64Array(masks.length).fill(0.99999);
  const truth = new Map<number, number>();
  for (let step = 0; step < maxSteps; step++) {
    for (const pattern of pixels.keys()) truth.set(pattern, posterior(pattern, prior, sensitivity, specificity));
    const before = [...sensitivity, ...specificity];
    rate(pixels, truth, sensitivity, specificity);
    const moved = [...sensitivity, ...specificity].some(
      (value, i) => Math.abs(value - (before[i] as number)) > tolerance,
    );
    if (!moved) break;
  }
  return {
    probability: Float32Array.from(patternAt, (pattern) => truth.get(pattern) as number),
    sensitivity,
    specificity,
  };
}

/** Expectation: P(lesion) of a pixel with this pattern of marks. */
function posterior(pattern: number, prior: number, sensitivity: Float64Array, specificity: Float64Array): number {
  let lesion = prior;
  let background = 1 - prior;
  sensitivity.forEach((p, j) => {
    const q = specificity[j] as number;
    const marks = (pattern >> j) & 1;
    lesion *= marks ? p : 1 - p;
    background *= marks ? 1 - q : q;
  });
  return lesion + background > 0 ? lesion / (lesion + background) : prior;
}

/** Maximisation, in place; a rate that nothing speaks about stays as it was. */
function rate(
  pixels: ReadonlyMap<number, number>,
  truth: ReadonlyMap<number, number>,
  sensitivity: Float64Array,
  specificity: Float64Array,
): void {
  for (let j = 0; j < sensitivity.length; j++) {
    const sums = { lesion: 0, hit: 0, background: 0, left: 0 };
    for (const [pattern, count] of pixels) {
      const lesion = count * (truth.get(pattern) as number);
      const marks = (pattern >> j) & 1;
      sums.lesion += lesion;
      sums.background += count - lesion;
      if (marks) sums.hit += lesion;
      else sums.left += count - lesion;
    }
    if (sums.lesion > 0) sensitivity[j] = sums.hit / sums.lesion;
    if (sums.background > 0) specificity[j] = sums.left / sums.background;
  }
}

function sameSize(masks: readonly Mask[]): Mask {
  const first = masks[0];
  const odd = masks.find((mask) => mask.width !== first?.width || mask.height !== first?.height);
  if (first && !odd && masks.length <= 30) return first;
  throw new GraderspaceError("BadArgument", { problem: say`a consensus needs 1 to 30 masks of one size` });
}

/** What several graders have in common, and where they part. */
export interface GraderConsensus {
  readonly majority: Mask;
  /** P(lesion) by STAPLE, [H,W]. */
  readonly staple: Float32Array;
  /** Variance of their marks: share·(1 − share), in [0, .25]. */
  readonly variance: Float32Array;
}

export function consensusOf(masks: readonly Mask[]): GraderConsensus {
  return {
    majority: majority(masks),
    staple: staple(masks).probability,
    variance: shareOfMasks(masks).map((share) => share * (1 - share)),
  };
}
