import { axesOf } from "../lesion/axes.ts";
import { type DecidedSize, meanDiameterMm } from "../lesion/decisions.ts";
import type { PixelSpacing } from "../lesion/volume.ts";
import { areaPx, type Mask } from "../values/slice.ts";
import { readerPairs } from "./case-pairs.ts";
import { type Reading, type StudyCase, sizeOf } from "./reader-study.ts";

/** A case of a study as it was read: numbers alone. Readers are the graders, then a model's samples where there are some. */
export interface ReadCase extends StudyCase {
  /** What each reader would decide by; null for who drew nothing or did not look, and as a whole without spacing. */
  readonly sizes: readonly (DecidedSize | null)[] | null;
}

/** One slice: areas in mm² where the spacing is known, else in pixels. A null mask: this reader did not look. */
export function sliceCase(
  id: string,
  patient: unknown,
  masks: readonly (Mask | null)[],
  spacing: PixelSpacing | null,
): ReadCase {
  const looked = masks.flatMap((mask, reader) => (mask ? [{ mask, reader }] : []));
  const readerOf = (k: number) => looked[k]?.reader as number;
  const pairs = readerPairs(
    looked.map(({ mask }) => [mask]),
    spacing,
  );
  const sizes = spacing && masks.map((mask) => mask && sizeOnSlice(mask, spacing));
  return {
    id,
    patient,
    readings: masks.map((mask, reader) => mask && sliceReading(mask, spacing, sizes?.[reader] ?? null)),
    pairs: pairs.map((pair) => ({ ...pair, a: readerOf(pair.a), b: readerOf(pair.b) })),
    sizes,
  };
}

function sizeOnSlice(mask: Mask, spacing: PixelSpacing): DecidedSize | null {
  const axes = axesOf(mask, spacing);
  return axes && { longMm: axes.longMm, shortMm: axes.shortMm, volumeMm3: null };
}

function sliceReading(mask: Mask, spacing: PixelSpacing | null, size: DecidedSize | null): Reading {
  const pixels = areaPx(mask);
  const area = spacing ? pixels * spacing[0] * spacing[1] : pixels;
  const diameters = size && { long_axis: size.longMm, mean_diameter: meanDiameterMm(size) };
  return { drew: pixels > 0, sizes: { area, ...diameters } };
}

/** How far the readers of one case part. */
export interface CaseAgreement {
  /** Readers who drew something, of those who looked. */
  readonly drew: number;
  readonly looked: number;
  /** Mean 1 − IoU over all pairs of those who looked: who drew nothing parts wholly from who drew. Null without a pair. */
  readonly apart: number | null;
  /** Means over the pairs in which both drew; null where there is none. */
  readonly dice: number | null;
  /** Null without spacing, too. */
  readonly hd95Mm: number | null;
  /** Largest to smallest size of those who drew; null under two. */
  readonly ratio: number | null;
}

/** `size`: "area" of slices, "volume" of lesions. */
export function caseAgreement({ readings, pairs }: StudyCase, size: string): CaseAgreement {
  const looked = readings.filter((reading) => reading !== null);
  const both = pairs.filter(({ a, b }) => readings[a]?.drew && readings[b]?.drew);
  const sizes = looked.flatMap((reading) => sizeOf(reading, size) ?? []);
  return {
    drew: looked.filter(({ drew }) => drew).length,
    looked: looked.length,
    apart: meanOf(pairs.map(({ iou }) => 1 - iou)),
    dice: meanOf(both.map(({ dice }) => dice)),
    hd95Mm: meanOf(both.flatMap(({ hd95Mm }) => hd95Mm ?? [])),
    ratio: sizes.length > 1 ? Math.max(...sizes) / Math.min(...sizes) : null,
  };
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
