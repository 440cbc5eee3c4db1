import { REGION, regionStart } from "../../core/values/region.ts";
import { type Mask, pixelAspect } from "../../core/values/slice.ts";
import { derive } from "../app/derive.ts";
import { type CaseId, type FrameKey, frameKeyOf } from "../app/identity.ts";
import { type PageReader, type ReaderId, YOU } from "../app/intent.ts";
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

/** Who draws: the reader in hand. */
export function drawingReader({ readers, drawingAs }: State): PageReader {
  return readers.find(({ id }) => id === drawingAs) ?? readers[0] ?? YOU;
}

/** What a reader drew on the frame on the screen; null where nothing. */
export function drawnBy(state: State, reader: ReaderId): Mask | null {
  const key = frameKey(state);
  return key === null ? null : (state.drawings.get(reader)?.get(key) ?? null);
}

/** What "You" drew on the frame on the screen; null where nothing. */
export function yourMask(state: State): Mask | null {
  return drawnBy(state, YOU.id);
}

/** Names that a reader is done with a case. */
export function doneKey(reader: ReaderId, caseId: CaseId): string {
  return `${reader}@${caseId}`;
}

/** Whether the reader in hand is done with the case on the screen. */
function isDone(state: State): boolean {
  const { caseId } = state.intent;
  return caseId !== null && state.blinding.done.has(doneKey(drawingReader(state).id, caseId));
}

/** Whether the reader in hand sees nobody else. */
export function isBlinded(state: State): boolean {
  return state.blinding.on && !isDone(state);
}

/** Whether the reader in hand has finished the case blinded, and so changes nothing any more. */
export function isLocked(state: State): boolean {
  return state.blinding.on && isDone(state);
}

/** Readers in the page who drew on the frame on the screen and are seen, with what they drew. */
export const readersOnFrame = derive(
  (state: State) =>
    [state.readers, state.drawings, frameKey(state), isBlinded(state) ? drawingReader(state).id : null] as const,
  (readers, drawings, key, alone): readonly (PageReader & { readonly mask: Mask })[] =>
    readers.flatMap((reader) => {
      const mask = key === null ? undefined : drawings.get(reader.id)?.get(key);
      const seen = !reader.hidden && (alone === null || reader.id === alone);
      return mask && seen ? [{ ...reader, mask }] : [];
    }),
);

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
