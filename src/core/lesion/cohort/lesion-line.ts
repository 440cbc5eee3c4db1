import { linearQuantile } from "../../measures/quantile.ts";
import { decisionOf, type Threshold } from "../decisions.ts";
import type { ReadLesion } from "../nodule-figures.ts";
import { centralInterval } from "../volume-law.ts";

/** One lesion beside the others; volumes in mm³. */
export interface LesionLine {
  /** In the order of the readers. */
  readonly graders: readonly number[];
  /** Of the samples that drew something; null without a model, and where none did. */
  readonly model: {
    readonly median: number;
    readonly interval50: readonly [low: number, high: number];
    readonly interval90: readonly [low: number, high: number];
    /** Graders whose volume lies in the 90 % interval. */
    readonly covered: number;
    /** Share of the samples that drew something. */
    readonly drew: number;
    /** The largest share, over the thresholds, of pairs of samples on different sides; null under two samples. */
    readonly flips: number | null;
  } | null;
  /** Names of the thresholds that have graders on both sides. */
  readonly split: readonly string[];
}

/** What a table and a chart of lesions say of one of them. */
export function lesionLine({ graders, sampled }: ReadLesion, thresholds: readonly Threshold[]): LesionLine {
  const volumes = graders.map(({ volumeMm3 }) => volumeMm3);
  const drew = sampled?.sizes.filter(({ volumeMm3 }) => volumeMm3 > 0) ?? [];
  const drawn = drew.map(({ volumeMm3 }) => volumeMm3).sort((a, b) => a - b);
  const interval90 = centralInterval(drawn, 0.9);
  const shares = thresholds.flatMap((threshold) => decisionOf(drew, threshold)?.flip ?? []);
  return {
    graders: volumes,
    model:
      sampled === null || drawn.length === 0
        ? null
        : {
            median: linearQuantile(drawn, 0.5),
            interval50: centralInterval(drawn, 0.5),
            interval90,
            covered: volumes.filter((volume) => volume >= interval90[0] && volume <= interval90[1]).length,
            drew: drew.length / sampled.sizes.length,
            flips: shares.length === 0 ? null : Math.max(...shares),
          },
    split: thresholds.flatMap((threshold) => ((decisionOf(graders, threshold)?.flip ?? 0) > 0 ? [threshold.name] : [])),
  };
}
