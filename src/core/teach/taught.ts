import type { CaseFigures } from "../measures/evaluation.ts";
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

/** Weights of layers below the head, by PyTorch's names and in its order. */
export type DeepWeights = Readonly<Record<string, Float32Array>>;

/** A finished fold as it may be kept, to go on with another time. */
export interface FoldRecord {
  readonly result: FoldResult;
  /** Of its cases under the head that the others taught, in the order of the cases. */
  readonly after: readonly CaseFigures[];
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
  /** … to the layers below the head; null where these were to stay, or without a gain. */
  readonly deep: DeepWeights | null;
}

/** What is being done, and how much of all the work is done. */
export type TeachEvent =
  | { readonly kind: "looking" | "learning" | "judging" | "finishing"; readonly fold: number; readonly share: number }
  | { readonly kind: "fold"; readonly record: FoldRecord; readonly share: number }
  | { readonly kind: "done"; readonly taught: Taught; readonly share: 1 };
