import { shareOfMasks } from "../consensus/consensus.ts";
import type { Posterior, Samples, Task } from "../network/encoding.ts";
import { sigmoid } from "../network/logits.ts";
import type { Model, Prepared } from "../network/model.ts";
import { chooseSamples } from "../random/choices.ts";
import type { SampleOrder } from "../random/orders.ts";
import type { Mask } from "../values/slice.ts";
import { masksOf } from "../values/threshold.ts";
import { addCalibration, type CalibrationSums, startCalibration } from "./calibration.ts";
import { type CaseFigures, figuresOf, meanProbability, shareDrawn } from "./evaluation.ts";
import { representatives } from "./representative.ts";

/** What an evaluation asks of a model. */
export type Evaluable = Pick<Model, "choice" | "members" | "head" | "prepare" | "draw" | "posteriors" | "crew">;

/** One case as the network sees it: the crop [size, size] in [0, 1], and every grader slot's mask there, empty ones too. */
export interface MarkedCrop {
  /** Row in the file or pack of cases: the samples depend on it. */
  readonly row: number;
  readonly size: number;
  readonly values: Float32Array;
  readonly graders: readonly Mask[];
  /** Column and row of its first pixel in its picture, and the picture's name, as a crop has them; missing: a picture of its own. */
  readonly origin?: readonly [number, number];
  readonly picture?: string;
}

/** How each case is sampled and judged. */
export interface EvaluationOrder {
  readonly seed: number;
  readonly count: number;
  /** How the draws belong together; missing: not at all. */
  readonly order?: SampleOrder;
  /** Lesion is where P ≥ threshold. */
  readonly threshold: number;
  /** Also the posterior of every slot, where the system has one: as many passes more. */
  readonly kl: boolean;
  /** Also the `count` of so many draws that stand for all of them, where these are more; their first `count` are the samples. */
  readonly representativeOf?: number;
  /** Also the model's own probability that something is drawn: its gate's, or the share of so many draws that mark anything. */
  readonly presenceOf?: number;
}

export interface EvaluatedCase {
  readonly figures: CaseFigures;
  readonly calibration: CalibrationSums;
  readonly samples: Samples;
  /** Figures of the representative samples, where they were asked for. */
  readonly representative: CaseFigures | null;
  /** The model's own probability that something is drawn, where it was asked for. */
  readonly ownPresence: number | null;
}

/** One case of an evaluation: its samples depend on (seed, row, n) and on nothing that came before. */
export async function evaluateCase(
  model: Evaluable,
  { row, size, values, graders, origin = [0, 0], picture }: MarkedCrop,
  how: EvaluationOrder,
  task?: Task,
): Promise<EvaluatedCase> {
  const { seed, count, order, threshold, kl, representativeOf = count, presenceOf: presenceDraws = 0 } = how;
  const looks = model.crew ?? model; // cases are many, and may be at work at once
  const crop = { size, values, origin, constant: false, ...(picture !== undefined && { picture }) };
  const prepared = await looks.prepare(crop, task);
  const { prior } = prepared;
  const gate = prepared.encoding?.presence;
  const further = gate === undefined ? Math.min(presenceDraws, model.members ?? presenceDraws) : 0;
  const most = Math.max(count, representativeOf, further);
  const choices = chooseSamples(
    model,
    prior,
    { width: size, height: size },
    { seed, row, count: most, ...(order && { order }) },
  );
  const { samples: all } = (await model.draw(prepared, choices, { samples: true }, task)) as { samples: Samples };
  const samples = most > count ? firstOf(all, count) : all;
  const posteriors = kl ? await posteriorsOf(model, prepared, graders, task) : null;
  const mean = meanProbability(samples);
  const calibration = startCalibration();
  addCalibration(calibration, mean, shareOfMasks(graders));
  const held = prior && posteriors && { prior, posteriors };
  const figures = figuresOf(samples, mean, graders, threshold, held);
  const masks = masksOf(all, threshold);
  const own = () => (gate === undefined ? shareDrawn(masks.slice(0, Math.max(count, further))) : sigmoid(gate));
  const ownPresence = presenceDraws === 0 ? null : own();
  if (representativeOf <= count) return { figures, calibration, samples, representative: null, ownPresence };
  const chosen = samplesAt(all, representatives(masks.slice(0, representativeOf), count).places);
  const representative = figuresOf(chosen, meanProbability(chosen), graders, threshold, held);
  return { figures, calibration, samples, representative, ownPresence };
}

function firstOf(samples: Samples, count: number): Samples {
  return samplesAt(samples, [...Array(count).keys()]);
}

/** Some of the samples, by their places. */
function samplesAt({ probabilities, ...rest }: Samples, places: readonly number[]): Samples {
  const { width, height } = rest;
  const pixels = width * height;
  const found = new Float32Array(places.length * pixels);
  for (const [n, place] of places.entries()) {
    found.set(probabilities.subarray(place * pixels, (place + 1) * pixels), n * pixels);
  }
  return { ...rest, count: places.length, probabilities: found };
}

/** One posterior per slot; slots with the same mask (the empty ones, mostly) share one. */
async function posteriorsOf(
  model: Evaluable,
  prepared: Prepared,
  graders: readonly Mask[],
  task?: Task,
): Promise<Posterior[] | null> {
  const different: Mask[] = [];
  const slots = graders.map((grader) => {
    const known = different.findIndex((mask) => sameBits(mask, grader));
    return known >= 0 ? known : different.push(grader) - 1;
  });
  const found = await model.posteriors?.(prepared, different, task);
  return found ? slots.map((slot) => found[slot] as Posterior) : null;
}

function sameBits(a: Mask, b: Mask): boolean {
  return a.bits.length === b.bits.length && a.bits.every((bit, i) => bit === b.bits[i]);
}
