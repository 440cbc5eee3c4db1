import { REGION, regionStart } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { GraderKey, Intent } from "../app/intent.ts";
import type { State } from "../app/store.ts";
import type { Frame } from "../cases/case.ts";

/**
 * What the page should show, named by its inputs. A result whose key differs is stale: there is no flag to forget.
 * Each gives null while an input is missing.
 */
export function frameKey(state: State): string | null {
  const { caseKey, frame } = state.intent;
  return caseKey === "" ? null : `${caseKey}#${frame}`;
}

export function frameOnScreen(state: State): Frame | null {
  const key = frameKey(state);
  return key === null ? null : (state.frames[key] ?? null);
}

/** Column and row of the region's first pixel. */
export function regionOrigin(state: State): readonly [number, number] | null {
  const frame = frameOnScreen(state);
  const centre = regionCentre(state);
  if (!frame || !centre) return null;
  return [regionStart(centre[0], frame.slice.width, REGION), regionStart(centre[1], frame.slice.height, REGION)];
}

export function regionCentre(state: State): readonly [number, number] | null {
  return state.intent.region ?? state.cases[state.intent.caseKey]?.region ?? null;
}

export function encodeKey(state: State): string | null {
  const origin = regionOrigin(state);
  if (!origin || state.model?.key !== state.intent.model) return null;
  return `${state.intent.model}|${frameKey(state)}|${origin[0]},${origin[1]}`;
}

/** Whether the encoding on the screen is the one wanted. */
export function encodedIsFresh(state: State): boolean {
  return state.encoded !== null && state.encoded.key === encodeKey(state);
}

export function samplesKey(state: State): string | null {
  const encode = encodeKey(state);
  return encode === null ? null : `${encode}|${orderKey(state.intent, state.model?.value.members ?? null)}`;
}

/** Names what is drawn of an encoding: seed, count and fields; a system gives no more samples than it has members. */
export function orderKey({ seed, count, fields }: Intent, members: number | null): string {
  return `${seed}×${Math.min(count, members ?? count)}|${fields.strength}×${fields.frozenSeed ?? ""}`;
}

export function posteriorKey(state: State, grader: GraderKey): string | null {
  const encode = encodeKey(state);
  if (encode === null) return null;
  if (grader !== "you") return `${encode}|grader ${grader}`;
  const mask = yourMask(state);
  return mask ? `${encode}|you ${identityOf(mask)}` : null;
}

export function yourMask(state: State): Mask | null {
  const key = frameKey(state);
  return key === null ? null : (state.you[key] ?? null);
}

const identities = new WeakMap<object, number>();
let next = 1;

/** A number per object: a name for immutable values that have none of their own. */
function identityOf(object: object): number {
  const known = identities.get(object);
  if (known !== undefined) return known;
  identities.set(object, next);
  return next++;
}
