import type { Mask } from "./slice.ts";

/** A mask with 32 pixels in a word: overlaps of thousands of pairs are counted a word at a time. */
export interface PackedMask {
  readonly width: number;
  readonly height: number;
  readonly words: Uint32Array;
  /** Pixels set. */
  readonly area: number;
}

export function packMask({ width, height, bits }: Mask): PackedMask {
  const words = new Uint32Array((bits.length + 31) >>> 5);
  const aligned = bits.byteOffset % 4 === 0 ? bits : bits.slice();
  // Most of a mask is empty: four pixels are looked at in one go.
  const fours = new Uint32Array(aligned.buffer, aligned.byteOffset, bits.length >>> 2);
  let area = 0;
  const set = (i: number) => {
    words[i >>> 5] = (words[i >>> 5] as number) | (1 << (i & 31));
    area++;
  };
  for (let four = 0; four < fours.length; four++) {
    if (fours[four] === 0) continue;
    for (let i = 4 * four; i < 4 * four + 4; i++) if (bits[i] !== 0) set(i);
  }
  for (let i = 4 * fours.length; i < bits.length; i++) if (bits[i] !== 0) set(i);
  return { width, height, words, area };
}

/** Bits set in a 32-bit word (Hacker's Delight, 5-1). */
function populationCount(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Pixels set in both. */
export function sharedArea(a: PackedMask, b: PackedMask): number {
  if (a.area === 0 || b.area === 0) return 0;
  const first = a.words;
  const second = b.words;
  let shared = 0;
  for (let i = 0; i < first.length; i++) {
    const both = (first[i] as number) & (second[i] as number);
    if (both !== 0) shared += populationCount(both);
  }
  return shared;
}
