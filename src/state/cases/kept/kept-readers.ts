import { maskFromBits, maskToBits } from "../../../core/values/mask-bits.ts";
import type { Mask } from "../../../core/values/slice.ts";
import { type CaseId, type FrameKey, frameKeyOf, frameOfKey } from "../../app/identity.ts";
import { YOU } from "../../app/intent.ts";
import type { Case, State } from "../../app/shape.ts";
import { doneKey } from "../on-screen.ts";
import { outlinesOn, type ReaderBefore } from "../readers.ts";
import type { KeptOutline, KeptReader, KeptWork } from "./kept-storage.ts";

/** What readers drew in the page on one case, as it is kept and as it comes back. */

/** All that is drawn on a case, by frame. */
export function masksOn(state: State, { id }: Case): ReadonlyMap<FrameKey, ReadonlySet<Mask>> {
  const masks = new Map<FrameKey, Set<Mask>>();
  for (const mine of state.drawings.values()) {
    for (const [key, mask] of mine) if (frameOfKey(key, id) !== null) masks.set(key, new Set(masks.get(key)).add(mask));
  }
  return masks;
}

/** What readers drew on a case, as it is kept. */
export function workOf(state: State, { id }: Case): Omit<KeptWork, "hash"> {
  const done = (reader: KeptReader["id"]) => state.blinding.done.has(doneKey(reader, id));
  const outlines = (reader: KeptReader["id"]) =>
    outlinesOn(state, reader, id).map(({ frame, mask }): KeptOutline => {
      const { width, height } = mask;
      return { frame, width, height, bits: bitsOf(mask) };
    });
  const others = state.readers.filter((reader) => reader.id !== YOU.id);
  return {
    you: outlines(YOU.id),
    done: done(YOU.id),
    readers: others.map((reader) => ({ ...reader, done: done(reader.id), outlines: outlines(reader.id) })),
  };
}

/** The readers in what was kept, "You" where there is something of them. */
export function readersIn({ you, done = false, readers = [] }: KeptWork, caseId: CaseId): ReaderBefore[] {
  const yours = you.length > 0 || done ? [{ ...YOU, done, outlines: you }] : [];
  return [...yours, ...readers].map((reader) => ({
    ...reader,
    outlines: reader.outlines.flatMap(({ frame, width, height, bits }): [FrameKey, Mask][] => {
      const mask = maskFromBits(bits, width, height);
      return mask ? [[frameKeyOf(caseId, frame), mask]] : [];
    }),
  }));
}

const packed = new WeakMap<Mask, Uint8Array>();

/** Packed once: the work on a case is written again after every move. */
function bitsOf(mask: Mask): Uint8Array {
  const bits = packed.get(mask) ?? maskToBits(mask);
  packed.set(mask, bits);
  return bits;
}
