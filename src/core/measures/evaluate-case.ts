import type { Decoded, Gaussian, Samples, Task, Want } from "../network/encoding.ts";
import { type Choices, chooseSamples, type Drawable } from "../random/choices.ts";
import type { Mask } from "../values/slice.ts";
import { addCalibration, type CalibrationSums, startCalibration } from "./calibration.ts";
import { type CaseFigures, figuresOf, graderShare, meanProbability } from "./evaluation.ts";

/** What an evaluation asks of a system; all five families answer it. */
export interface Evaluable extends Drawable {
  prepare(crop: Float32Array, size: number, task?: Task): Promise<{ readonly prior: Gaussian | null }>;
  draw(choices: Choices, want: Want, task?: Task): Promise<Decoded>;
  posteriors(masks: readonly Mask[], task?: Task): Promise<Gaussian[] | null>;
}

/** One case as the network sees it: the crop [size, size] in [0, 1], and every grader slot's mask there, empty ones too. */
export interface MarkedCrop {
  /** Row in the file or pack of cases: the samples depend on it. */
  readonly row: number;
  readonly size: number;
  readonly values: Float32Array;
  readonly graders: readonly Mask[];
}

/** How each case is sampled and judged. */
export interface EvaluationOrder {
  readonly seed: number;
  readonly count: number;
  /** Lesion is where P ≥ threshold. */
  readonly threshold: number;
  /** Also the posterior of every slot, where the system has one: as many passes more. */
  readonly kl: boolean;
}

export interface EvaluatedCase {
  readonly figures: CaseFigures;
  readonly calibration: CalibrationSums;
  readonly samples: Samples;
}

/** One case of an evaluation: its samples depend on (seed, row, n) and on nothing that came before. */
export async function evaluateCase(
  system: Evaluable,
  { row, size, values, graders }: MarkedCrop,
  { seed, count, threshold, kl }: EvaluationOrder,
  task?: Task,
): Promise<EvaluatedCase> {
  const { prior } = await system.prepare(values, size, task);
  const choices = chooseSamples(system, prior, { width: size, height: size }, { seed, row, count });
  const { samples } = (await system.draw(choices, { samples: true }, task)) as { samples: Samples };
  const posteriors = kl && prior ? await posteriorsOf(system, graders, task) : null;
  const mean = meanProbability(samples);
  const calibration = startCalibration();
  addCalibration(calibration, mean, graderShare(graders));
  const figures = figuresOf(samples, mean, graders, threshold, prior && posteriors && { prior, posteriors });
  return { figures, calibration, samples };
}

/** One posterior per slot; slots with the same mask (the empty ones, mostly) share one. */
async function posteriorsOf(system: Evaluable, graders: readonly Mask[], task?: Task): Promise<Gaussian[] | null> {
  const different: Mask[] = [];
  const slots = graders.map((grader) => {
    const known = different.findIndex((mask) => sameBits(mask, grader));
    return known >= 0 ? known : different.push(grader) - 1;
  });
  const found = await system.posteriors(different, task);
  return found && slots.map((slot) => found[slot] as Gaussian);
}

function sameBits(a: Mask, b: Mask): boolean {
  return a.bits.length === b.bits.length && a.bits.every((bit, i) => bit === b.bits[i]);
}
