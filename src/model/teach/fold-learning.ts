import { foldsOf } from "../../core/teach/folds.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { TeachCase } from "../../core/teach/teach-case.ts";
import { glance } from "./glance.ts";
import { Learner } from "./learner.ts";
import type { Student } from "./student.ts";

/** A case to learn from, and whose it is. */
export interface OwnedCase {
  readonly kept: TeachCase;
  readonly patient: unknown;
}

export interface LearntFold {
  readonly numbers: Float32Array;
  readonly steps: number;
}

/** Parts of a fold's cases; the first is held out within it. */
const PARTS = 8;

/**
 * Learns from seven eighths of the cases (by patient) and looks at the others every few steps. Stops where these have
 * twice in a row become worse than at their best by more than two standard errors of the paired difference: then the best
 * is the answer, else the last step is. Yields the steps taken.
 */
export async function* learnFold(
  student: Student,
  cases: readonly OwnedCase[],
  settings: TeachSettings,
  stream: number,
): AsyncGenerator<number, LearntFold> {
  const parts = foldsOf(
    cases.map(({ patient }) => patient),
    PARTS,
    settings.seed,
  );
  const all = cases.map(({ kept }) => kept);
  const seen = all.filter((_, i) => parts[i] !== 0);
  const watched = all.filter((_, i) => parts[i] === 0);
  const learner = new Learner(student, seen.length > 0 ? seen : all, settings, stream);
  const look = async () => {
    const figures: number[] = [];
    for (const one of watched) {
      const maps = await student.maps(one, learner.numbers);
      figures.push(glance(student.head, one, maps, 2 * settings.count, settings.seed));
    }
    return figures;
  };
  let best = { numbers: learner.numbers, steps: 0, figures: await look() };
  let worse = 0;
  while (learner.step < settings.steps) {
    await learner.advance();
    yield learner.step;
    if (learner.step % settings.lookEvery !== 0) continue;
    const now = { numbers: learner.numbers, steps: learner.step, figures: await look() };
    worse = isWorse(best.figures, now.figures) ? worse + 1 : 0;
    if (worse === 2) return best;
    if (mean(now.figures) < mean(best.figures)) best = now;
  }
  return { numbers: learner.numbers, steps: learner.step };
}

/** By more than two standard errors of the paired difference. */
function isWorse(before: readonly number[], now: readonly number[]): boolean {
  const difference = now.map((value, i) => value - (before[i] as number));
  const by = mean(difference);
  const spread = difference.reduce((sum, value) => sum + (value - by) ** 2, 0);
  const error = Math.sqrt(spread / Math.max(1, difference.length - 1) / difference.length);
  return by > 2 * error;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
