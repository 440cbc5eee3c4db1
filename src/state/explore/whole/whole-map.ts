import type { MeanAndVariance } from "../../../core/network/statistics.ts";

export type WholeLayer = "variance" | "mean";

/** Maps of a whole slice, [H,W] in its size, and the draws behind them: the same ε in every region. */
export interface WholeMap {
  readonly statistics: MeanAndVariance;
  readonly count: number;
  readonly seed: number;
}

/** Which of the two maps is shown over the slice, and how strongly (0…1). */
export interface WholeView {
  readonly layer: WholeLayer;
  readonly opacity: number;
}
