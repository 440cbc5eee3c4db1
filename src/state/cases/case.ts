import { sha256Hex } from "../../core/config/weights-hash.ts";
import type { Grader, Slice } from "../../core/values/slice.ts";
import type { Stack } from "../../io/stack/stack.ts";

/** One line of the menu of cases. */
export interface CaseEntry {
  readonly key: string;
  readonly title: string;
  /** "Built-in examples", the title of a pack, "Opened files". */
  readonly group: string;
  readonly simulated: boolean;
}

/** A case on the page: a slice, or a stack of them, and who marked it. */
export interface Case extends CaseEntry {
  readonly frames: number;
  /** Shown under the slice: who made the data and under which licence. */
  readonly attribution: string | null;
  /** Centre of the first region. */
  readonly region: readonly [number, number];
  readonly frame: number;
  /** What was odd about the file, and what was done about it. */
  readonly notes: readonly string[];
  /** Whether the slice is the person's own: then neither name nor key goes into a link. */
  readonly own: boolean;
  /** The opened file behind it, for its marks' geometry and the export; null for cases of a pack. */
  readonly stack: Stack | null;
  /** Reads one frame of the stack. */
  readonly read: (frame: number) => Promise<Frame>;
}

/** One slice of a case with its graders' marks, in the slice's size. */
export interface Frame {
  readonly slice: Slice;
  readonly graders: readonly Grader[];
  /** Of the values, float32 little-endian row-major: formats.md. Worked out when first asked for. */
  sha256(): string;
  /** Lowest and highest valid value: the "full" window. */
  readonly range: readonly [number, number];
}

/** The sha256 of a slice's values as the session file and the share link name it. */
export function sha256Of(values: Float32Array): string {
  return sha256Hex(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function frameOf(slice: Slice, graders: readonly Grader[]): Frame {
  let hash: string | null = null;
  return {
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
