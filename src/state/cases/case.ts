import { sha256Hex } from "../../core/config/weights-hash.ts";
import type { Slice } from "../../core/values/slice.ts";
import { placesAlong } from "../../io/stack/places-along.ts";
import type { CaseId } from "../app/identity.ts";
import type { Case, Frame, Picture } from "../app/shape.ts";

/** The sha256 of a slice's values as the session file and the share link name it. */
function sha256Of(values: Float32Array): string {
  return sha256Hex(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

/** A picture at its place. */
export function frameOf(caseId: CaseId, index: number, { slice, graders }: Picture): Frame {
  let hash: string | null = null;
  return {
    caseId,
    index,
    slice,
    graders,
    range: rangeOf(slice),
    sha256: () => {
      hash ??= sha256Of(slice.values);
      return hash;
    },
  };
}

function rangeOf(slice: Slice): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < slice.values.length; i++) {
    const value = slice.values[i] as number;
    if (slice.padding?.[i] === 1 || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high >= low ? [low, high] : [0, 1];
}

/** Where the slices of a case lie, as its file or its pack says. */
export function placesOf({
  stack,
  frames,
  lesion,
}: Pick<Case, "stack" | "frames" | "lesion">): ReturnType<typeof placesAlong> {
  if (lesion) return { places: lesion.places, known: true };
  return stack ? placesAlong(stack) : { places: Array.from({ length: frames }, (_, k) => k), known: false };
}
