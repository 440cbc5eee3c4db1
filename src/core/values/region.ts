import type { Slice } from "./slice.ts";

/** Width and height of the square the network sees, in pixels. */
export const REGION = 128;

/** What the network sees of a slice, and where it was cut. */
export interface Crop {
  readonly size: number;
  /** Column and row of the crop's first pixel in the slice. */
  readonly origin: readonly [number, number];
  /** [size, size] in [0, 1]: k / 255 for whole k. */
  readonly values: Float32Array;
  /** A region without contrast becomes zeros: the page says so. */
  readonly constant: boolean;
  /** Names the picture that it was cut of, where samples of it may have been made elsewhere. */
  readonly picture?: string;
}

/**
 * First column (or row) of a region asked for around `centre`: moved inside the slice, never padded, as the training
 * crops were. Only a slice shorter than the region is padded, after its last row or column.
 */
export function regionStart(centre: number, length: number, size: number = REGION): number {
  return Math.max(0, Math.min(Math.round(centre) - size / 2, length - size));
}

/**
 * Cuts the region around (x, y), sets padding to the lowest valid value, and scales min–max to 0…255 in whole steps,
 * then to [0, 1]: what was done to the training crops.
 */
export function cropRegion(slice: Slice, x: number, y: number, size: number = REGION): Crop {
  const x0 = regionStart(x, slice.width, size);
  const y0 = regionStart(y, slice.height, size);
  const values = new Float32Array(size * size).fill(Number.NaN);
  const given = slice.values;
  let gaps = size * size;
  for (let row = 0; row < size; row++) {
    const sy = y0 + row;
    if (sy >= slice.height) break;
    for (let column = 0; column < size; column++) {
      const sx = x0 + column;
      if (sx >= slice.width) break;
      const at = sy * slice.width + sx;
      const value = given[at] as number;
      if (slice.padding?.[at] === 1 || !Number.isFinite(value)) continue;
      values[row * size + column] = value;
      gaps--;
    }
  }
  // asked of the whole slice only where it is needed: of its map's regions few have gaps
  if (gaps > 0) {
    const lowest = lowestValid(slice);
    for (const [i, value] of values.entries()) if (Number.isNaN(value)) values[i] = lowest;
  }
  const constant = scaleMinMax(values);
  return { size, origin: [x0, y0], values, constant };
}

/** The lowest value of the slice outside padding and NaN; 0 where nothing is left. */
function lowestValid(slice: Slice): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < slice.values.length; i++) {
    const value = slice.values[i] as number;
    if (value < lowest && slice.padding?.[i] !== 1 && Number.isFinite(value)) lowest = value;
  }
  return Number.isFinite(lowest) ? lowest : 0;
}

/** In place: min–max to whole 0…255, divided by 255. True where the region was constant (it becomes zeros). */
function scaleMinMax(values: Float32Array): boolean {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high > low)) {
    values.fill(0);
    return true;
  }
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.round((((values[i] as number) - low) / (high - low)) * 255) / 255;
  }
  return false;
}
