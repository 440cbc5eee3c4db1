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

/**
 * The length along the normal that each slice of a series stands for, mm: half of the distance to either neighbour, and
 * at the ends the one distance there is. So an irregular gap, or a missing slice, is shared by the two slices beside it.
 * `places` as in `medianDistance`; null under two of them.
 */
export function sliceThickness(places: readonly number[]): number[] | null {
  if (places.length < 2) return null;
  const at = (i: number) => places[i] as number;
  const last = places.length - 1;
  return places.map((_, i) => {
    if (i === 0) return at(1) - at(0);
    return i === last ? at(last) - at(last - 1) : (at(i + 1) - at(i - 1)) / 2;
  });
}

/** Volume of a mask on one slice, mm³: pixels × area of a pixel × the length that the slice stands for. */
export function slabMm3(areaPx: number, [row, column]: PixelSpacing, thicknessMm: number): number {
  return areaPx * row * column * thicknessMm;
}
