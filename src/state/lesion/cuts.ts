import { medianDistance } from "../../core/lesion/volume.ts";
import { emptyMask, type Mask } from "../../core/values/slice.ts";
import type { CutPlace, Followed, RegionSlice } from "./followed.ts";

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

/** The same line of pixels of each of some slices, laid under one another: a plane's grid. */
interface Lines {
  readonly rows: readonly (RegionSlice | null)[];
  readonly width: number;
  readonly first: number;
  readonly stride: number;
  /** Pixels of a slice in the plane. */
  readonly length: number;
  readonly aspect: number;
  readonly cross: readonly [x: number, y: number];
}

/** The plane `name` through [column, row, slice] of the region; null where that slice was not looked at. */
export function cutThrough(followed: Followed, name: CutName, place: CutPlace, sample: number | null): Cut | null {
  const lines = linesOf(followed, name, place);
  if (!lines) return null;
  const { rows, width, length, aspect, cross } = lines;
  const height = (rows.length * length) / width;
  const values = new Float32Array(width * height).fill(Number.NEGATIVE_INFINITY);
  const variance = new Float32Array(width * height).fill(Number.NaN);
  lay(lines, ({ values: from }) => from, values);
  lay(lines, ({ variance: from }) => from, variance);
  const drawn = (kind: "samples" | "graders", reader: number) =>
    maskOfLines(lines, (slice) => partOf(followed, kind, reader, slice));
  const graders = followed.graderNames.map((_, g) => drawn("graders", g));
  const chosen = sample === null ? null : drawn("samples", sample);
  return { width, height, aspect, values, variance, graders, sample: chosen, cross };
}

/** The same plane through masks by the number of their slice. */
export function maskThrough(
  followed: Followed,
  name: CutName,
  place: CutPlace,
  masks: ReadonlyMap<number, Mask>,
): Mask | null {
  const lines = linesOf(followed, name, place);
  return lines && maskOfLines(lines, ({ index }) => masks.get(index) ?? null);
}

function linesOf(followed: Followed, name: CutName, [column, row, slice]: CutPlace): Lines | null {
  const size = followed.slices[0]?.crop.size;
  if (size === undefined) return null;
  const [betweenRows, betweenColumns] = followed.spacingMm ?? [1, 1];
  if (name === "Axial") {
    const shown = followed.slices.find(({ index }) => index === slice);
    const whole = { width: size, first: 0, stride: 1, length: size * size, aspect: betweenRows / betweenColumns };
    return shown ? { ...whole, rows: [shown], cross: [column, row] } : null;
  }
  const rows = rowsOf(followed);
  const at = rows.findIndex((one) => one?.index === slice);
  const line = { rows, width: size, length: size };
  return name === "Coronal"
    ? { ...line, first: row * size, stride: 1, aspect: distanceOf(followed) / betweenColumns, cross: [column, at] }
    : { ...line, first: column, stride: size, aspect: distanceOf(followed) / betweenRows, cross: [row, at] };
}

function lay(
  { rows, first, stride, length }: Lines,
  of: (slice: RegionSlice) => ArrayLike<number> | null,
  to: { [at: number]: number },
): void {
  rows.forEach((slice, r) => {
    const from = slice && of(slice);
    for (let i = 0; from && i < length; i++) to[r * length + i] = from[first + i * stride] as number;
  });
}

function maskOfLines(lines: Lines, of: (slice: RegionSlice) => Mask | null): Mask {
  const mask = emptyMask(lines.width, (lines.rows.length * lines.length) / lines.width);
  lay(lines, (slice) => of(slice)?.bits ?? null, mask.bits);
  return mask;
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
