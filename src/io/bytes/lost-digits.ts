import type { NumberType } from "./numbers.ts";

/** Above this float32 no longer holds every whole number. */
const EXACT = 2 ** 24;

/** Sentences about single frames, found out when they were read. */
export class FrameNotes {
  private readonly notes = new Map<number, readonly string[]>();

  of(frame: number): readonly string[] {
    return this.notes.get(frame) ?? [];
  }

  set(frame: number, notes: readonly string[]): void {
    this.notes.set(frame, notes);
  }
}

/** Whole numbers of 32 and 64 bits may be larger than float32 holds exactly: then a sentence says so. */
export function lostDigits(values: Float32Array, type: NumberType, name: string): string[] {
  if (!/^[ui][48]$/.test(type)) return [];
  for (const value of values) {
    if (Math.abs(value) > EXACT) return [`${name}: it holds whole numbers above 2²⁴, whose last digits are lost`];
  }
  return [];
}
