import type { BackendName } from "../network/model.ts";

/** Weights and constants of the loss (models/training/objectives.py). */
export interface TeachObjective {
  /** Of the sigmoid within the energy distance: GED² is of samples cut at one half. */
  readonly sharpness: number;
  /** Pixels added to both areas of a soft distance, so that empty masks have a gradient. */
  readonly eps: number;
  /** Weight of the multi-sample likelihood beside the energy distance. */
  readonly nll: number;
  /** Weight of the gate's cross entropy, where the head has a gate. */
  readonly presence: number;
}

/** How far down a teaching reaches: the head alone, the U-Net's last block as well, or all of the U-Net. */
export type TeachDepth = "head" | "block" | "all";

export const TEACH_DEPTHS: readonly TeachDepth[] = ["head", "block", "all"];

/** Whether a teaching so deep ends within a sitting there: all of the U-Net takes a graphics card. `backend`: null where it is not known. */
export function isQuickEnough(depth: TeachDepth, backend: BackendName | null): boolean {
  return depth !== "all" || backend === "webgpu";
}

/** All that a teaching hangs on beside its cases and its model. */
export interface TeachSettings extends TeachObjective {
  readonly seed: number;
  readonly depth: TeachDepth;
  /** Parts that the patients are dealt into: each is held out once. */
  readonly folds: number;
  /** n: samples of a held-out case, by which it is judged. */
  readonly count: number;
  /** Adam's learning rate. */
  readonly rate: number;
  /** Cases of a step. */
  readonly batch: number;
  /** Draws of a case in a step, in pairs of opposite sign. */
  readonly draws: number;
  /** Steps of a fold at most. */
  readonly steps: number;
  /** Steps between two looks at the cases that are held out within a fold. */
  readonly lookEvery: number;
  /** Weight of the squares of the retouch: the pull towards the parent. */
  readonly stay: number;
  /** Step of a weight of the U-Net in that of a number of the retouch. */
  readonly deepReach: number;
  /** … and the pull of each of them, in units of such steps. */
  readonly deepStay: number;
}

export const DEFAULT_TEACHING: TeachSettings = {
  seed: 0,
  depth: "head",
  folds: 5,
  count: 16,
  rate: 0.02,
  batch: 8,
  draws: 8,
  steps: 150,
  lookEvery: 30,
  stay: 0.005,
  deepReach: 0.005,
  deepStay: 1e-6,
  sharpness: 4,
  eps: 3,
  nll: 5e-4,
  presence: 0.1,
};

/** Fewer cases say nothing about readers' habits. */
export const FEWEST_CASES = 8;
