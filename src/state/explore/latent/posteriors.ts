import type { Mask } from "../../../core/values/slice.ts";
import type { GraderKey } from "../../app/intent.ts";
import type { State } from "../../app/shape.ts";
import { frameOnScreen, yourMask } from "../../cases/on-screen.ts";
import { hasZ } from "../../models/model.ts";
import { posteriorKey } from "../keys.ts";

/** A grader who has no place in the latent space yet. */
export interface Unplaced {
  readonly key: string;
  readonly mask: Mask | null;
}

/** The next grader without a place in the latent space, where there is one: yours first, it was just drawn. */
export function nextUnplaced(state: State, failed: (key: string) => boolean): Unplaced | null {
  const frame = frameOnScreen(state);
  if (!frame || !hasZ(state)) return null;
  const yours = yourMask(state);
  const graders: [GraderKey, Mask | null][] = frame.graders.map((grader, index) => [index, grader.mask]);
  if (yours) graders.unshift(["you", yours]);
  for (const [grader, mask] of graders) {
    const key = posteriorKey(state, grader);
    if (key !== null && !state.posteriors[key] && !failed(key)) return { key, mask };
  }
  return null;
}
