import { type RatioPoint, ratiosOfTwo, ratiosToMean } from "../../../core/agreement/ratios.ts";
import { mainSize } from "../../../core/agreement/study-figures.ts";
import type { ReadersOfPack } from "./readers-of-pack.ts";

/** What a Bland–Altman chart on the log scale shows. */
export interface RatioChart {
  readonly points: readonly RatioPoint[];
  /** Bias and limits of agreement of a pair; null for all readers, and where the figures have none. */
  readonly limits: { readonly bias: number; readonly lower: number; readonly upper: number } | null;
}

/** Two readers by their place in the figures' list of pairs; null: each reader against the case's geometric mean. */
export function ratioChart({ study, figures }: ReadersOfPack, pair: number | null): RatioChart {
  const size = mainSize(study.unit);
  const limits = pair === null ? null : (figures.blandAltman?.[pair] ?? null);
  if (!figures.icc[size]) return { points: [], limits: null };
  if (limits === null) return { points: ratiosToMean(study.cases, size), limits };
  const [a, b] = [limits.a, limits.b].map((name) => study.readers.indexOf(name)) as [number, number];
  return { points: ratiosOfTwo(study.cases, size, a, b), limits };
}
