import { staple } from "../consensus/consensus.ts";
import type { Mask } from "../values/slice.ts";

/** What at least half of any number of masks mark, on one slice; no mask has no majority. */
export function majorityOfMany(masks: readonly Mask[]): Mask {
  const { width, height } = masks[0] ?? { width: 0, height: 0 };
  const counts = new Uint16Array(width * height);
  for (const { bits } of masks)
    for (let i = 0; i < bits.length; i++) counts[i] = (counts[i] as number) + (bits[i] as number);
  return { width, height, bits: Uint8Array.from(counts, (count) => (2 * count >= masks.length ? 1 : 0)) };
}

/** STAPLE takes no more. */
const MOST_READERS = 30;

/**
 * The truth behind several readers through all slices at once, where STAPLE's probability reaches ½ (`staple`), a mask per
 * slice. Null under two readers and over thirty. Each reader has a mask per slice.
 */
export function stapleThrough(readers: readonly (readonly Mask[])[]): Mask[] | null {
  if (readers.length < 2 || readers.length > MOST_READERS) return null;
  const stack = readers[0] ?? [];
  const { width, height } = stack[0] ?? { width: 0, height: 0 };
  const size = width * height;
  const whole = readers.map((slices) => {
    const bits = new Uint8Array(slices.length * size);
    for (const [s, mask] of slices.entries()) bits.set(mask.bits, s * size);
    return { width, height: slices.length * height, bits };
  });
  const bits = Uint8Array.from(staple(whole).probability, (p) => (p >= 0.5 ? 1 : 0));
  return stack.map((_, s) => ({ width, height, bits: bits.subarray(s * size, (s + 1) * size) }));
}
