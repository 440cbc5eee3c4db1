import { REGION, regionStart } from "../../core/values/region.ts";
import { type Mask, pixelAspect } from "../../core/values/slice.ts";
import { type FrameKey, frameKeyOf } from "../app/identity.ts";
import type { Case, Frame, State } from "../app/shape.ts";

/** The case that is wanted, once it is known; null before. */
export function caseOnScreen({ intent: { caseId }, cases }: State): Case | null {
  return caseId === null ? null : (cases.get(caseId) ?? null);
}

export function frameKey({ intent: { caseId, frame } }: State): FrameKey | null {
  return caseId === null ? null : frameKeyOf(caseId, frame);
}

export function frameOnScreen(state: State): Frame | null {
  const key = frameKey(state);
  return key === null ? null : (state.frames.get(key) ?? null);
}

/** How many times as high as wide a pixel of the slice on the screen is. */
export function aspectOnScreen(state: State): number {
  const slice = frameOnScreen(state)?.slice;
  return slice ? pixelAspect(slice) : 1;
}

/** What you drew on the frame on the screen; null where nothing. */
export function yourMask(state: State): Mask | null {
  const key = frameKey(state);
  return key === null ? null : (state.you.get(key) ?? null);
}

/** Column and row that the region was asked for around. */
export function regionCentre(state: State): readonly [number, number] | null {
  return state.intent.region ?? caseOnScreen(state)?.region ?? null;
}

/** Column and row of the region's first pixel. */
export function regionOrigin(state: State): readonly [number, number] | null {
  const frame = frameOnScreen(state);
  const centre = regionCentre(state);
  if (!frame || !centre) return null;
  return [regionStart(centre[0], frame.slice.width, REGION), regionStart(centre[1], frame.slice.height, REGION)];
}
