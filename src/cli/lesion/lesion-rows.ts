import { meanDiameterMm } from "../../core/lesion/decisions.ts";
import type { ReadLesion } from "../../core/lesion/nodule-figures.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { type Cell, writeCsv } from "../../io/bytes/csv.ts";
import type { TableLesion } from "./lesion-table.ts";

/** `--out`: a row per reader of a lesion, graders first; a sample that drew nothing has volume 0. */
export function lesionRows(lesions: readonly TableLesion[], read: readonly ReadLesion[]): string {
  const header = [
    "patient",
    "series_uid",
    "nodule",
    "slices_in_table",
    "distance_mm",
    "reader",
    "volume_mm3",
    "long_mm",
    "short_mm",
    "mean_diameter_mm",
    "slices",
  ];
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
      rounded(size.volumeMm3),
      rounded(size.longMm),
      rounded(size.shortMm),
      rounded(meanDiameterMm(size)),
      size.slices,
    ]);
  });
  return writeCsv(header, rows);
}
