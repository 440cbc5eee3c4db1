import type { Retouch } from "./retouch.ts";
import type { Verdict } from "./verdict.ts";

/** One fold: its cases were held out, the others taught. */
export interface FoldResult {
  readonly fold: number;
  readonly cases: number;
  readonly steps: number;
  /** GED² of its cases under the parent, and under the head that the other folds taught. */
  readonly before: number;
  readonly after: number;
}

export interface Taught {
  readonly verdict: Verdict;
  readonly folds: readonly FoldResult[];
  readonly cases: number;
  /** Different patients; null where cases stand for them. */
  readonly patients: number | null;
  /** Steps of the head that all cases taught: the median of the folds'. */
  readonly steps: number;
  /** What all cases taught; null without a gain: then nothing is offered. */
  readonly retouch: Retouch | null;
}

/** What is being done, and how much of all the work is done. */
export type TeachEvent =
  | { readonly kind: "looking" | "learning" | "judging" | "finishing"; readonly fold: number; readonly share: number }
  | { readonly kind: "fold"; readonly result: FoldResult; readonly share: number }
  | { readonly kind: "done"; readonly taught: Taught; readonly share: 1 };
