import type { Mask } from "./slice.ts";

/** A connected part of a mask. */
export interface Blob {
  /** Indices into the mask's bits. */
  readonly pixels: readonly number[];
  /** Column and row of the middle of its bounding box. */
  readonly centre: readonly [number, number];
}

/**
 * The parts of a mask, those apart by no more than `gap` pixels in both directions counted as one; in the order of their
 * first pixels.
 */
export function blobsOf(mask: Mask, gap = 1): Blob[] {
  const { width, height, bits } = mask;
  const seen = new Uint8Array(bits.length);
  const blobs: Blob[] = [];
  for (let start = 0; start < bits.length; start++) {
    if (bits[start] !== 1 || seen[start]) continue;
    seen[start] = 1;
    const pixels = [start];
    for (const at of pixels) {
      const x = at % width;
      const y = Math.floor(at / width);
      for (let ny = Math.max(0, y - gap); ny <= Math.min(height - 1, y + gap); ny++) {
        for (let nx = Math.max(0, x - gap); nx <= Math.min(width - 1, x + gap); nx++) {
          const beside = ny * width + nx;
          if (bits[beside] !== 1 || seen[beside]) continue;
          seen[beside] = 1;
          pixels.push(beside);
        }
      }
    }
    blobs.push({ pixels, centre: middle(pixels, width) });
  }
  return blobs;
}

/** The mask without its parts under `smallest` pixels, but for its largest part, of equals the first. */
export function withoutSpecks(mask: Mask, smallest: number): Mask {
  if (smallest <= 1) return mask;
  const blobs = blobsOf(mask);
  const largest = blobs.reduce((most, { pixels }) => Math.max(most, pixels.length), 0);
  const kept = blobs.find(({ pixels }) => pixels.length === largest);
  const specks = blobs.filter((blob) => blob !== kept && blob.pixels.length < smallest);
  if (specks.length === 0) return mask;
  const bits = mask.bits.slice();
  for (const { pixels } of specks) for (const at of pixels) bits[at] = 0;
  return { ...mask, bits };
}

function middle(pixels: readonly number[], width: number): [number, number] {
  const columns = pixels.map((at) => at % width);
  const rows = pixels.map((at) => Math.floor(at / width));
  const between = (values: readonly number[]) =>
    (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
  return [between(columns), between(rows)];
}
