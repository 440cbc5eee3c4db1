import { measureLesion } from "../../src/core/lesion/measure-lesion.ts";
import type { Mask } from "../../src/core/values/slice.ts";
import { openSeries } from "../../src/io/dicom/series.ts";
import type { LesionExport } from "../../src/io/export/lesion/lesion-input.ts";
import { placesAlong } from "../../src/io/stack/places-along.ts";
import { ctDicom } from "./ct-dicom.ts";
import { type EllipsoidSeries, positionOf, sopUid } from "./ellipsoid.ts";

import { bitsAt, smallSession } from "./export-case.ts";

/** Slices of 13 × 11 pixels of 0.6 by 0.7 mm, 2 mm apart. */
export const SMALL_SERIES = {
  width: 13,
  height: 11,
  slices: [0, 1, 2, 3, 4],
  spacingMm: [0.7, 0.6],
  stepMm: 2,
  centre: [6, 5, 2],
} as const;

/** A series of CT slices in memory, each with its number in its UID and its values. */
export async function seriesInMemory(series: EllipsoidSeries) {
  const files = series.slices.map((n) => {
    const values = new Float32Array(series.width * series.height).fill(n);
    const slice = { ...series, values, position: positionOf(series, n), thicknessMm: series.stepMm };
    const bytes = ctDicom({ ...slice, sopInstanceUid: sopUid(n) });
    return { name: `scan/${n}.dcm`, size: bytes.length, read: async () => bytes };
  });
  return openSeries(files, "scan");
}

/** Of a region of 4 × 3 pixels at column 5, row 4, on slices 1 to 3: [pixels of slice 1, of slice 2, of slice 3]. */
type Pixels = readonly (readonly (readonly [number, number])[])[];

export const REGION = { width: 4, height: 3, origin: [5, 4] } as const;

/**
 * Two samples and two graders on slices 1, 2, 3: the first sample marks (0, 0) of slice 1 and two pixels of slice 2, the
 * second nothing; "Grader 1" marks two of the first sample's three voxels, Jane Doe one of slice 3.
 */
export const SAMPLES: readonly Pixels[] = [
  [
    [[0, 0]],
    [
      [0, 0],
      [1, 0],
    ],
    [],
  ],
  [[], [], []],
];
export const GRADERS: readonly Pixels[] = [
  [[[0, 0]], [[1, 0]], []],
  [[], [], [[3, 2]]],
];

const stackOf = (slices: Pixels): Mask[] =>
  slices.map((pixels) => ({ width: REGION.width, height: REGION.height, bits: bitsAt(4, 3, pixels) }));

/** An export of that lesion. */
export async function lesionExport(series: EllipsoidSeries): Promise<LesionExport> {
  const stack = await seriesInMemory(series);
  const { places } = placesAlong(stack);
  const grown = {
    first: 1,
    last: 3,
    samples: SAMPLES.map(stackOf),
    graders: GRADERS.map(stackOf),
    leftOutPx: 0,
    ended: null,
  };
  const slice = await stack.slice(2);
  const lesion = { start: 2, at: [7, 5], coupling: "same-z", thresholds: "fleischner-2017", graders: 2 } as const;
  return {
    stack,
    slice,
    spacingMm: slice.spacingMm,
    places,
    followed: { grown, graderNames: ["Grader 1", "Jane Doe"], origin: REGION.origin },
    measured: measureLesion(grown, places, slice.spacingMm),
    session: { ...smallSession(slice), lesion },
  };
}
