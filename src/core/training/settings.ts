import type { Architecture } from "../config/model-config.ts";
import { HABITS, type Habit } from "../simulated/graders.ts";

/** Which loss: the ELBO (Kohl et al. 2018, its training loss), or a part of it that shows what the rest is for. */
export interface Objective {
  /** Weight of the KL. */
  readonly beta: number;
  /** Cross entropy over pixels: the paper's sum, or the mean, beside which the KL is H·W times as heavy. */
  readonly pixels: "sum" | "mean";
  /** Without z: z = 0, no prior, no posterior, the cross entropy alone. */
  readonly latent: boolean;
}

/** All that a training hangs on: the same settings give the same curve on the same backend. */
export interface TrainingSettings extends Objective {
  readonly seed: number;
  /** Side of the region in pixels, 32 or 64. */
  readonly region: 32 | 64;
  /** Channels of the U-Net's first level; the others have two and four times as many. */
  readonly width: number;
  /** L: the number of latent axes. */
  readonly axes: number;
  readonly batch: number;
  /** Adam's learning rate; over the last third of `steps` it falls to a tenth, evenly in its logarithm. */
  readonly rate: number;
  readonly steps: number;
  readonly habits: readonly Habit[];
  /** Index of the one grader whose masks are learnt; null: one at random an image, as in the paper. */
  readonly onlyGrader: number | null;
}

export const DEFAULT_TRAINING: TrainingSettings = {
  seed: 0,
  region: 32,
  width: 8,
  axes: 3,
  batch: 8,
  beta: 1,
  pixels: "sum",
  latent: true,
  rate: 2e-3,
  steps: 500,
  habits: HABITS,
  onlyGrader: null,
};

/** The paper's network at this width: three levels of three convolutions, f_comb with three hidden layers. */
export function architectureOf({ width, axes }: Pick<TrainingSettings, "width" | "axes">): Architecture {
  return {
    channels: [width, 2 * width, 4 * width],
    convsPerBlock: 3,
    latent: axes,
    head: { comb: true, factor: 0, fields: [], fieldScale: 1.5, envelope: false },
    prior: "net",
    posterior: "net",
    combHidden: 3,
    upsample: "bilinear-align-corners",
    pooling: "average",
    outputChannels: 1,
    maskOffset: 0.5,
  };
}

/** The learning rate of step 0, 1, …, and of those beyond `steps`. */
export function rateAt({ rate, steps }: Pick<TrainingSettings, "rate" | "steps">, step: number): number {
  const last = steps / 3;
  const into = Math.min(1, Math.max(0, (step - (steps - last)) / last));
  return rate * 0.1 ** into;
}
