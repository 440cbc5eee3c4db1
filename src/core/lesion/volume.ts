import { linearQuantile } from "../measures/quantile.ts";

/** Millimetres between pixel centres: [between rows, between columns]. */
export type PixelSpacing = readonly [row: number, column: number];

/**
 * The median distance of neighbouring slices, mm: what a table of slices takes for all of them, for a slice that is not
 * in the table is one on which nobody drew. `places`: ascending mm along the normal, each once; null under two of them.
 */
export function medianDistance(places: readonly number[]): number | null {
  if (places.length < 2) return null;
  const distances = places.slice(1).map((place, i) => place - (places[i] as number));
  return linearQuantile(
    distances.sort((a, b) => a - b),
    0.5,
  );
}

/** Volume of a mask on one slice, mm³: pixels × area of a pixel × the length that the slice stands for. */
export function slabMm3(areaPx: number, [row, column]: PixelSpacing, thicknessMm: number): number {
  return areaPx * row * column * thicknessMm;
}
