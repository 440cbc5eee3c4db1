import { medianDistance } from "../../core/lesion/volume.ts";
import { emptyMask, type Mask } from "../../core/values/slice.ts";
import type { Followed, RegionSlice } from "./followed.ts";

export type CutName = "Axial" | "Coronal" | "Sagittal";

/** A plane through a lesion's region: numbers, map and marks on one grid, the upper end of the stack on top. */
export interface Cut {
  readonly width: number;
  readonly height: number;
  /** How many times as high as wide a pixel of it is. */
  readonly aspect: number;
  /** In the slice's unit; −∞ where there is no slice. */
  readonly values: Float32Array;
  /** Variance of P over the samples; NaN where there is no slice. */
  readonly variance: Float32Array;
  readonly graders: readonly Mask[];
  /** The chosen sample; null where none is. */
  readonly sample: Mask | null;
  /** Where the other two planes cross it, in its pixels. */
  readonly cross: readonly [x: number, y: number];
}

/** A slice that lies further from its place than this share of the usual distance does not stand for it. */
const REACH = 0.75;

/**
 * Rows of a coronal or sagittal cut from the top, evenly spaced along the normal: each the nearest slice, or null in a
 * gap. Series that ascend and series that descend along the normal look alike.
 */
export function rowsOf({ slices, places }: Pick<Followed, "slices" | "places">): readonly (RegionSlice | null)[] {
  const placed = slices.map((slice) => ({ slice, at: places[slice.index] as number })).sort((a, b) => b.at - a.at);
  const step = distanceOf({ slices, places });
  const [top, bottom] = [placed[0], placed.at(-1)];
  if (!top || !bottom) return [];
  return Array.from({ length: Math.round((top.at - bottom.at) / step) + 1 }, (_, row) => {
    const at = top.at - row * step;
    const nearest = placed.reduce((best, one) => (Math.abs(one.at - at) < Math.abs(best.at - at) ? one : best), top);
    return Math.abs(nearest.at - at) <= REACH * step ? nearest.slice : null;
  });
}

/** Usual distance of the slices looked at, mm or slices; 1 of one slice alone. */
function distanceOf({ slices, places }: Pick<Followed, "slices" | "places">): number {
  const placed = slices.map(({ index }) => places[index] as number).sort((a, b) => a - b);
  return medianDistance(placed) ?? 1;
}

/** The plane `name` through [column, row, slice] of the region. */
export function cutThrough(
  followed: Followed,
  name: CutName,
  [column, row, slice]: readonly [number, number, number],
  sample: number | null,
): Cut | null {
  const size = followed.slices[0]?.crop.size;
  if (size === undefined) return null;
  const [betweenRows, betweenColumns] = followed.spacingMm ?? [1, 1];
  if (name === "Axial") {
    const shown = followed.slices.find(({ index }) => index === slice);
    return shown
      ? grid(
          followed,
          [shown],
          size,
          sample,
          { first: 0, stride: 1, length: size * size },
          betweenRows / betweenColumns,
          [column, row],
        )
      : null;
  }
  const rows = rowsOf(followed);
  const along =
    name === "Coronal" ? { first: row * size, stride: 1, length: size } : { first: column, stride: size, length: size };
  const across = name === "Coronal" ? betweenColumns : betweenRows;
  const at = rows.findIndex((one) => one?.index === slice);
  return grid(followed, rows, size, sample, along, distanceOf(followed) / across, [
    name === "Coronal" ? column : row,
    at,
  ]);
}

interface Line {
  readonly first: number;
  readonly stride: number;
  readonly length: number;
}

/** Lays the same line of pixels of each slice under one another. */
function grid(
  followed: Followed,
  rows: readonly (RegionSlice | null)[],
  width: number,
  sample: number | null,
  { first, stride, length }: Line,
  aspect: number,
  cross: readonly [number, number],
): Cut {
  const height = (rows.length * length) / width;
  const values = new Float32Array(width * height).fill(Number.NEGATIVE_INFINITY);
  const variance = new Float32Array(width * height).fill(Number.NaN);
  const graders = followed.graderNames.map(() => emptyMask(width, height));
  const chosen = sample === null ? null : emptyMask(width, height);
  rows.forEach((slice, r) => {
    if (!slice) return;
    const copy = (from: ArrayLike<number>, to: { [at: number]: number }) => {
      for (let i = 0; i < length; i++) to[r * length + i] = from[first + i * stride] as number;
    };
    copy(slice.values, values);
    copy(slice.variance, variance);
    graders.forEach((mask, g) => {
      const drawn = partOf(followed, "graders", g, slice);
      if (drawn) copy(drawn.bits, mask.bits);
    });
    const drawn = chosen && sample !== null ? partOf(followed, "samples", sample, slice) : null;
    if (chosen && drawn) copy(drawn.bits, chosen.bits);
  });
  return { width, height, aspect, values, variance, graders, sample: chosen, cross };
}

/** A reader's part of the lesion on a slice; while it is still followed, all that the reader marks there. */
export function partOf(
  { found }: Followed,
  kind: "samples" | "graders",
  reader: number,
  slice: RegionSlice,
): Mask | null {
  if (!found) return slice[kind][reader] ?? null;
  const { first, last } = found.grown;
  if (slice.index < first || slice.index > last) return null;
  return found.grown[kind][reader]?.[slice.index - first] ?? null;
}
