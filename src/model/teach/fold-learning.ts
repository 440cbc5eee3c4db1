import { foldsOf } from "../../core/teach/folds.ts";
import { glance } from "../../core/teach/glance.ts";
import type { LinearHead } from "../../core/teach/linear-head.ts";
import type { Retouch } from "../../core/teach/retouch.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { TeachCase } from "../../core/teach/teach-case.ts";
import { Learner } from "./learner.ts";

/** A case to learn from, and whose it is. */
export interface OwnedCase extends TeachCase {
  readonly patient: unknown;
}

export interface LearntFold {
  readonly retouch: Retouch;
  readonly steps: number;
}

/** Parts of a fold's cases; the first is held out within it. */
const PARTS = 5;

/**
 * How long to learn is found on four fifths of the cases (by patient), with looks at the others every few steps; then
 * all of them are learnt from for so long. Yields the steps taken, of twice `settings.steps` at most.
 */
export function* learnFold(
  head: LinearHead,
  cases: readonly OwnedCase[],
  settings: TeachSettings,
  stream: number,
): Generator<number, LearntFold> {
  const steps = yield* stepsFor(head, cases, settings, stream);
  const learner = new Learner(head, cases, settings, stream);
  while (learner.step < steps) {
    learner.advance();
    yield settings.steps + learner.step;
  }
  return { retouch: learner.retouch, steps };
}

/**
 * Stops where the watched cases have twice in a row become worse than at their best by more than one standard error of
 * the paired difference, and answers that best; else the last step.
 */
function* stepsFor(
  head: LinearHead,
  cases: readonly OwnedCase[],
  settings: TeachSettings,
  stream: number,
): Generator<number, number> {
  const parts = foldsOf(
    cases.map(({ patient }) => patient),
    PARTS,
    settings.seed,
  );
  const seen = cases.filter((_, i) => parts[i] !== 0);
  const watched = cases.filter((_, i) => parts[i] === 0);
  if (seen.length === 0) return settings.steps;
  const learner = new Learner(head, seen, settings, stream);
  const look = () => watched.map((one) => glance(head, one, learner.retouch, 2 * settings.count, settings.seed));
  let best = { steps: 0, figures: look() };
  let worse = 0;
  while (learner.step < settings.steps) {
    learner.advance();
    yield learner.step;
    if (learner.step % settings.lookEvery !== 0) continue;
    const now = { steps: learner.step, figures: look() };
    worse = isWorse(best.figures, now.figures) ? worse + 1 : 0;
    if (worse === 2) return best.steps;
    if (mean(now.figures) < mean(best.figures)) best = now;
  }
  return learner.step;
}

/** By more than one standard error of the paired difference. */
function isWorse(before: readonly number[], now: readonly number[]): boolean {
  const difference = now.map((value, i) => value - (before[i] as number));
  const by = mean(difference);
  const spread = difference.reduce((sum, value) => sum + (value - by) ** 2, 0);
  const error = Math.sqrt(spread / Math.max(1, difference.length - 1) / difference.length);
  return by > error;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
