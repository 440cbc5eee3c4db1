import type { ErrorTag } from "../../../../src/core/errors.ts";
import type { Geometry } from "../../../../src/core/values/slice.ts";
import type { MarkTarget } from "../../../../src/io/marks/mark-plane.ts";

/** A whole number from 0 to below − 1, of the seed alone. */
export type Roll = (below: number) => number;

/** A sentence of one of these tags that names what is wrong. May stand for a whole file, or for one picture of it. */
export interface Refused {
  readonly refused: readonly ErrorTag[];
  readonly says: RegExp;
}

/** All that may be known of a picture. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: readonly number[];
  readonly unit: "HU" | "stored";
  readonly spacingMm: readonly [number, number] | null;
  readonly geometry: Geometry | null;
  /** Pixels that hold no measurement, by their place in the row order. */
  readonly padding: readonly number[];
  readonly modality: string | null;
  readonly inverted: boolean;
}

/** What must come of a file: worked out from what was changed in it, never by a reader. */
export type Must =
  | Refused
  /** `opens` as judge.ts describes what was read; each note matches one of `notes`, and each of these is there. */
  | { readonly opens: unknown; readonly notes: readonly RegExp[] };

export interface Mutant {
  readonly bytes: Uint8Array;
  /** The change in words, with its numbers. */
  readonly words: string;
  readonly must: Must;
  /** The slice that marks are asked for. */
  readonly onto?: MarkTarget;
}

/** The old picture; the right values and a note; values that follow exactly from the change; a refusal. */
type Comes = "same" | "note" | "changed" | "refused";

/** One way to change a file of one format, whose meaning is known. */
export interface Kind {
  readonly format: string;
  readonly name: string;
  readonly comes: Comes;
  make(roll: Roll): Mutant;
}

type Makers = Readonly<Record<string, (roll: Roll) => Mutant>>;

/** Kinds of one format by what must come of them. */
export function kindsOf(format: string, all: Partial<Readonly<Record<Comes, Makers>>>): Kind[] {
  return Object.entries(all).flatMap(([comes, makers]) =>
    Object.entries(makers).map(([name, make]): Kind => ({ format, name, comes: comes as Comes, make })),
  );
}

export function refused(tags: ErrorTag | readonly ErrorTag[], says: RegExp): Refused {
  return { refused: typeof tags === "string" ? [tags] : tags, says };
}

/** Pictures in their order; one may be refused alone. */
export function image(frames: readonly (Picture | Refused)[], ...notes: RegExp[]): Must {
  return { opens: { kind: "image", frames }, notes };
}

export function stored(
  width: number,
  height: number,
  values: readonly number[],
  place: Partial<Pick<Picture, "spacingMm" | "geometry">> = {},
): Picture {
  const unknown = { spacingMm: null, geometry: null, modality: null };
  return { width, height, values, unit: "stored", padding: [], inverted: false, ...unknown, ...place };
}

export function pick<T>(roll: Roll, from: readonly T[]): T {
  return from[roll(from.length)] as T;
}

/** From `low` to `high`, both of them possible. */
export function between(roll: Roll, low: number, high: number): number {
  return low + roll(high - low + 1);
}

export function many(roll: Roll, count: number, low: number, high: number): number[] {
  return Array.from({ length: count }, () => between(roll, low, high));
}

/** `parts` in another order. */
export function shuffled<T>(roll: Roll, parts: readonly T[]): T[] {
  const out = [...parts];
  for (let i = out.length - 1; i > 0; i--) {
    const j = roll(i + 1);
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

export function ascii(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

/** Words of small letters: what a person may have typed. */
export function words(roll: Roll, longest = 40): string {
  return Array.from({ length: 1 + roll(longest) }, () => pick(roll, [..."abcdefghij klmno"])).join("");
}

/** One bit of the bytes from…to−1 turned round. */
export function flipped(roll: Roll, bytes: Uint8Array, from = 0, to = bytes.length): Uint8Array {
  const out = Uint8Array.from(bytes);
  const at = from + roll(to - from);
  out[at] = (out[at] as number) ^ (1 << roll(8));
  return out;
}

/** Text that is no number, though some part of a program may take it for one. */
export const NO_NUMBERS = ["0x10", "1,5", "abc", "12mm", "1.2.3", "--3", "1e", "five", "1_0", "0b11"] as const;
/** Numbers that are no length of a pixel. */
export const NO_LENGTHS = [0, 1e-4, 9.9e-4, 1001, 1e5, 1e9, 1e30] as const;
