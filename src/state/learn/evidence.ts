import { crossEntropyOf } from "../../core/measures/cross-entropy.ts";
import type { Encoding, Posterior } from "../../core/network/encoding.ts";
import { logitsOf } from "../../core/network/logits.ts";
import type { GraderKey } from "../app/intent.ts";
import type { State } from "../app/shape.ts";
import { type Surprise, surprises } from "../explore/figures.ts";
import { encodedIsFresh, posteriorKey, posteriorOf } from "../explore/keys.ts";
import { outliningGraders, type RegionGrader, regionGraders } from "../explore/masks.ts";

/** What the network makes of a grader when it is shown the mask. */
export interface Redrawn {
  readonly posterior: Posterior;
  /** [H,W] at z = μ of the posterior, with the fields found beside it; without shift and gate. */
  readonly logits: Float32Array;
  /** −log p(mask | z) there, nats, summed over pixels. */
  readonly crossEntropy: number;
}

/** By posteriors: each is of one mask on one encoding. */
const redrawn = new WeakMap<Posterior, Redrawn & { readonly encoding: Encoding }>();

/** The grader's mask drawn again at the middle of the posterior; null while that is on its way. */
export function redrawnOf(state: State, grader: RegionGrader): Redrawn | null {
  const posterior = posteriorOf(state, grader.key);
  const encoding = encodedIsFresh(state) ? state.encoded?.value.encoding : null;
  const head = state.model?.value.decode;
  if (!posterior || !encoding || !head) return null;
  const known = redrawn.get(posterior);
  if (known?.encoding === encoding) return known;
  const logits = logitsOf(head, encoding, { z: posterior.mean, fields: posterior.fields?.mean ?? [] });
  const found = { posterior, logits, crossEntropy: crossEntropyOf(logits, grader.mask), encoding };
  redrawn.set(posterior, found);
  return found;
}

/** Whether the grader's posterior was asked for, and failed or was cancelled. */
export function posteriorFailed(state: State, grader: GraderKey): boolean {
  const { posterior } = state.failures;
  return posterior !== undefined && posterior.key === posteriorKey(state, grader);
}

/** KL(Q‖P) of a grader, as the figures have it; null while the posterior is on its way. */
export function surpriseOf(state: State, grader: GraderKey): Surprise | null {
  return surprises(state)[regionGraders(state).findIndex(({ key }) => key === grader)] ?? null;
}

/** The grader that is asked for where there is one of that name; else the first who drew, or the first. */
export function graderToShow(state: State, asked: GraderKey | null): RegionGrader | null {
  const graders = outliningGraders(state);
  const first = graders.find(({ areaPx }) => areaPx > 0) ?? graders[0];
  return graders.find(({ key }) => key === asked) ?? first ?? null;
}
