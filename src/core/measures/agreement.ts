import munkres from "munkres";
import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { type PackedMask, packMask, sharedArea } from "../values/packed-mask.ts";
import type { Mask } from "../values/slice.ts";

/** How far samples and graders of one case are from each other; biased means, over all pairs including i = j. */
export interface Agreement {
  /** 2·sampleGrader − diversity − graderSpread. */
  readonly ged2: number;
  /** E[d(S,Y)] */
  readonly sampleGrader: number;
  /** E[d(S,S′)] */
  readonly diversity: number;
  /** E[d(Y,Y′)] */
  readonly graderSpread: number;
  readonly hmIou: number;
  /** Null where no pair of samples is different and non-empty. */
  readonly nestedness: number | null;
}

/** |a ∩ b| / |a ∪ b|; 1 where both are empty. */
export function iou(a: Mask, b: Mask): number {
  return packedIou(...packedPair(a, b));
}

/** 2 |a ∩ b| / (|a| + |b|); 1 where both are empty. */
export function dice(a: Mask, b: Mask): number {
  const [first, second] = packedPair(a, b);
  const total = first.area + second.area;
  return total === 0 ? 1 : (2 * sharedArea(first, second)) / total;
}

/** GED² = 2·E[d(S,Y)] − E[d(S,S′)] − E[d(Y,Y′)], biased: means over all pairs including i = j. State n beside it. */
export function ged2(
  samples: readonly Mask[],
  graders: readonly Mask[],
): Pick<Agreement, "ged2" | "sampleGrader" | "diversity" | "graderSpread"> {
  const [s, y] = packedSets(samples, graders);
  return energy(ious(s, y), ious(s, s), ious(y, y));
}

/** Mean IoU under the best one-to-one assignment, both sides repeated to their least common multiple (Hungarian). */
export function hmIou(samples: readonly Mask[], graders: readonly Mask[]): number {
  return matchedIou(ious(...packedSets(samples, graders)));
}

/** IoU of every mask with every mask, [N, N]. @throws BadArgument: no mask, or masks of different sizes */
export function pairwiseIou(masks: readonly Mask[]): number[][] {
  const [packed] = packedSets(masks, masks);
  return ious(packed, packed);
}

/** E[d(S,S′)] over all pairs including i = j. */
export function diversity(samples: readonly Mask[]): number {
  const [s] = packedSets(samples, samples);
  return 1 - mean(ious(s, s));
}

/**
 * Among the pairs of different, non-empty samples the share in which one contains the other; null without such a pair.
 * 1: the samples only grow and shrink.
 */
export function nestedness(samples: readonly Mask[]): number | null {
  return samples.length === 0 ? null : nested(packedSets(samples, samples)[0]);
}

/**
 * GED² against the number of samples, n = 1 … N: for each n the mean over all choices of n of the N samples, so that it
 * does not hang on their order; at N it is `ged2` of them all. Biased, as there: a sample is compared with itself too.
 */
export function ged2ByCount(samples: readonly Mask[], graders: readonly Mask[]): number[] {
  const [s, y] = packedSets(samples, graders);
  const { sampleGrader, diversity: spread, graderSpread } = energy(ious(s, y), ious(s, s), ious(y, y));
  // Of n², n pairs are of a sample with itself; the others are, over all choices, as far apart as any two of the N.
  const apart = s.length > 1 ? (spread * s.length) / (s.length - 1) : 0;
  return s.map((_, i) => 2 * sampleGrader - (1 - 1 / (i + 1)) * apart - graderSpread);
}

/** All of the above at once, each overlap counted once. */
export function agreementOf(samples: readonly Mask[], graders: readonly Mask[]): Agreement {
  const [s, y] = packedSets(samples, graders);
  const cross = ious(s, y);
  return { ...energy(cross, ious(s, s), ious(y, y)), hmIou: matchedIou(cross), nestedness: nested(s) };
}

function energy(cross: number[][], within: number[][], among: number[][]) {
  const sampleGrader = 1 - mean(cross);
  const spread = 1 - mean(within);
  const graderSpread = 1 - mean(among);
  return { ged2: 2 * sampleGrader - spread - graderSpread, sampleGrader, diversity: spread, graderSpread };
}

function matchedIou(cross: number[][]): number {
  const n = cross.length;
  const k = cross[0]?.length ?? 1;
  const size = leastCommonMultiple(n, k);
  const costs = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => 1 - (cross[i % n]?.[j % k] as number)),
  );
  return 1 - munkres(costs).reduce((sum, [i, j]) => sum + (costs[i]?.[j] as number), 0) / size;
}

function nested(samples: readonly PackedMask[]): number | null {
  let pairs = 0;
  let contained = 0;
  samples.forEach((a, i) => {
    for (const b of samples.slice(i + 1)) {
      const smaller = Math.min(a.area, b.area);
      if (smaller === 0) continue;
      const shared = sharedArea(a, b);
      if (shared === a.area && shared === b.area) continue; // the same mask
      pairs++;
      if (shared === smaller) contained++;
    }
  });
  return pairs === 0 ? null : contained / pairs;
}

function packedIou(a: PackedMask, b: PackedMask): number {
  if (a === b) return 1;
  const shared = sharedArea(a, b);
  const union = a.area + b.area - shared;
  return union === 0 ? 1 : shared / union;
}

/** IoU of every a with every b; a set with itself is counted once and mirrored. */
function ious(a: readonly PackedMask[], b: readonly PackedMask[]): number[][] {
  const found: number[][] = a.map(() => new Array<number>(b.length));
  a.forEach((first, i) => {
    b.forEach((second, j) => {
      (found[i] as number[])[j] = a === b && j < i ? (found[j]?.[i] as number) : packedIou(first, second);
    });
  });
  return found;
}

function mean(matrix: number[][]): number {
  const rows = matrix.map((row) => row.reduce((sum, value) => sum + value, 0) / row.length);
  return rows.reduce((sum, value) => sum + value, 0) / rows.length;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y > 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

function packedPair(a: Mask, b: Mask): [PackedMask, PackedMask] {
  const [[first], [second]] = packedSets([a], [b]) as [[PackedMask], [PackedMask]];
  return [first, second];
}

/** @throws BadArgument: an empty set, or masks of different sizes */
function packedSets(samples: readonly Mask[], graders: readonly Mask[]): [PackedMask[], PackedMask[]] {
  const one = samples[0];
  if (!one || graders.length === 0) {
    throw new GraderspaceError("BadArgument", { problem: say`agreement needs at least one mask on each side` });
  }
  for (const { width, height } of [...samples, ...graders]) {
    if (width === one.width && height === one.height) continue;
    throw new GraderspaceError("BadArgument", {
      problem: say`a mask of ${width} × ${height} pixels cannot be compared with one of ${one.width} × ${one.height}`,
      remedy: say`cut both from the same region`,
    });
  }
  const packed = samples.map(packMask);
  return [packed, samples === graders ? packed : graders.map(packMask)];
}
