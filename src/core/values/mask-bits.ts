import type { Mask } from "./slice.ts";

/** Eight pixels a byte, row by row without gaps, the highest bit first: how outlines are kept and written. */
export function maskToBits({ bits }: Mask): Uint8Array {
  const packed = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) {
    if (bits[i] !== 0) packed[i >> 3] = (packed[i >> 3] as number) | (0x80 >> (i & 7));
  }
  return packed;
}

/** The mask of such bits; null where there are not as many as its size takes. */
export function maskFromBits(packed: Uint8Array, width: number, height: number): Mask | null {
  if (packed.length !== Math.ceil((width * height) / 8)) return null;
  const bits = Uint8Array.from({ length: width * height }, (_, i) => ((packed[i >> 3] as number) >> (7 - (i & 7))) & 1);
  return { width, height, bits };
}
