import type { Geometry } from "../../core/values/slice.ts";
import { type NumberType, oddNumbers } from "../bytes/numbers.ts";
import { checkFrame, placeWithout, plainStack, type Stack, storedSlice } from "./stack.ts";

/** What a format of plain numbers knows of its pictures. */
interface VolumeParts
  extends Pick<Stack, "name" | "format" | "frames">,
    Partial<Pick<Stack, "start" | "notes" | "label" | "origin" | "channels">> {
  readonly width: number;
  readonly height: number;
  /** As stored: float32 does not hold all of the longer ones. */
  readonly type: NumberType;
  /** [between rows, between columns]; null where unknown. */
  readonly spacingMm?: readonly [number, number] | null;
  geometry?(frame: number): Geometry | null;
  /** [height, width] of picture `frame`, of which `frame` is sure to be one. */
  values(frame: number): Float32Array | Promise<Float32Array>;
}

/** A volume of numbers as a stack: each picture is read when asked for, and tells what is odd about its numbers. */
export function volumeStack({ width, height, type, spacingMm, geometry, values, ...parts }: VolumeParts): Stack {
  const { name, frames } = parts;
  const odd = new Map<number, readonly string[]>();
  return plainStack({
    ...parts,
    place: (frame) => placeWithout(frames > 1 ? frame : null, geometry?.(frame) ?? null),
    notesOf: (frame) => odd.get(frame) ?? [],
    slice: async (frame) => {
      checkFrame(frame, frames, name);
      const numbers = await values(frame);
      odd.set(frame, oddNumbers(numbers, type, name));
      const place = { spacingMm: spacingMm ?? null, geometry: geometry?.(frame) ?? null };
      return storedSlice({ width, height }, numbers, name, place);
    },
  });
}
