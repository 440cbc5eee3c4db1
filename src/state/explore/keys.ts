import type { Posterior } from "../../core/network/encoding.ts";
import { cutGrader } from "../../core/values/mask-placement.ts";
import { REGION } from "../../core/values/region.ts";
import type { GraderKey, Intent } from "../app/intent.ts";
import type { State } from "../app/shape.ts";
import { drawnBy, frameKey, frameOnScreen, regionOrigin } from "../cases/on-screen.ts";

/**
 * What the page should show, named by its inputs. A result whose key differs is stale: there is no flag to forget.
 * Each gives null while an input is missing.
 */
export function encodeKey(state: State): string | null {
  const origin = regionOrigin(state);
  if (!origin || state.model?.key !== state.intent.model) return null;
  return `${state.intent.model}|${frameKey(state)}|${origin[0]},${origin[1]}`;
}

/** Whether the encoding on the screen is the one wanted. */
export function encodedIsFresh(state: State): boolean {
  return state.encoded !== null && state.encoded.key === encodeKey(state);
}

/** Whether there is something to draw from: what was made before the visit is on the screen before the engine is there. */
export function canDraw(state: State): boolean {
  return encodedIsFresh(state) && (state.encoded?.value.encoding !== null || state.model?.value.decode === null);
}

export function samplesKey(state: State): string | null {
  const encode = encodeKey(state);
  const model = state.model?.value;
  const intent = model?.head ? state.intent : { ...state.intent, order: "iid" as const };
  return encode === null ? null : `${encode}|${orderKey(intent, model?.members ?? null)}`;
}

/** Names what is drawn of an encoding: seed, count, order and fields; a system gives no more samples than it has members. */
export function orderKey(
  { seed, draw, count, representativeOf, fields, order }: Intent,
  members: number | null,
): string {
  const drawn = members === null ? Math.max(count, representativeOf ?? 0) : Math.min(count, members);
  return `${order} ${seed}.${draw}×${drawn}|${fields.strength}×${fields.frozenSeed ?? ""}`;
}

/** Names the place of a grader's mask in the latent space; null where there is no such mask in the region. */
export function posteriorKey(state: State, grader: GraderKey): string | null {
  const encode = encodeKey(state);
  const marked = typeof grader === "number" ? frameOnScreen(state)?.graders[grader] : undefined;
  const mask = typeof grader === "number" ? marked?.mask : (drawnBy(state, grader) ?? undefined);
  const origin = regionOrigin(state);
  // A point is no outline that a posterior could be of.
  if (marked?.points && origin && cutGrader(marked, origin, REGION).small) return null;
  return encode === null || mask === undefined ? null : `${encode}|mask ${mask === null ? "∅" : identityOf(mask)}`;
}

export function posteriorOf(state: State, grader: GraderKey): Posterior | null {
  const key = posteriorKey(state, grader);
  return key === null ? null : (state.posteriors[key] ?? null);
}

const identities = new WeakMap<object, number>();
let next = 1;

/** A number per object: a name for immutable values that have none of their own. */
export function identityOf(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  identities.set(object, next);
  return next++;
}
