import { foldsOf } from "../../core/teach/folds.ts";
import type { LinearHead } from "../../core/teach/linear-head.ts";
import type { Retouch } from "../../core/teach/retouch.ts";
import type { TeachSettings } from "../../core/teach/settings.ts";
import type { TeachCase } from "../../core/teach/teach-case.ts";
import { glance } from "./glance.ts";
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
const PARTS = 8;

/**
 * Learns from seven eighths of the cases (by patient) and looks at the others every few steps. Stops where these have
 * twice in a row become worse than at their best by more than two standard errors of the paired difference: then the best
 * is the answer, else the last step is. Yields the steps taken.
 */
export function* learnFold(
  head: LinearHead,
  cases: readonly OwnedCase[],
  settings: TeachSettings,
  stream: number,
): Generator<number, LearntFold> {
  const parts = foldsOf(
    cases.map(({ patient }) => patient),
    PARTS,
    settings.seed,
  );
  const seen = cases.filter((_, i) => parts[i] !== 0);
  const watched = cases.filter((_, i) => parts[i] === 0);
  const learner = new Learner(head, seen.length > 0 ? seen : cases, settings, stream);
  const look = () => watched.map((one) => glance(head, one, learner.retouch, 2 * settings.count, settings.seed));
  let best = { retouch: learner.retouch, steps: 0, figures: look() };
  let worse = 0;
  while (learner.step < settings.steps) {
    learner.advance();
    yield learner.step;
    if (learner.step % settings.lookEvery !== 0) continue;
    const now = { retouch: learner.retouch, steps: learner.step, figures: look() };
    worse = isWorse(best.figures, now.figures) ? worse + 1 : 0;
    if (worse === 2) return best;
    if (mean(now.figures) < mean(best.figures)) best = now;
  }
  return { retouch: learner.retouch, steps: learner.step };
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
