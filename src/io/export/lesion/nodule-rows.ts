import type { SlicedLesion } from "../../../core/lesion/cohort/lesion-slices.ts";
import type { ReadLesion } from "../../../core/lesion/nodule-figures.ts";
import { type Cell, writeCsv } from "../../bytes/csv.ts";
import { SIZE_COLUMNS, sizeCells } from "./size-columns.ts";

/** Lesions as CSV, a row per reader of each, graders first; a sample that drew nothing has volume 0. */
export function noduleRows(lesions: readonly SlicedLesion[], read: readonly ReadLesion[]): string {
  const header = ["patient", "series_uid", "nodule", "slices_in_table", "distance_mm", "reader", ...SIZE_COLUMNS];
  const rows = lesions.flatMap(({ patient, series, nodule, slices, distanceMm }, i) => {
    const { graders, sampled } = read[i] as ReadLesion;
    const readers = [
      ...graders.map((size, k) => [`grader-${k + 1}`, size] as const),
      ...(sampled?.sizes ?? []).map((size, k) => [`sample-${k + 1}`, size] as const),
    ];
    return readers.map(([name, size]): Cell[] => [
      patient,
      series,
      nodule,
      slices.length,
      distanceMm,
      name,
      ...sizeCells(size),
    ]);
  });
  return writeCsv(header, rows);
}
