import { type LesionLine, lesionLine } from "../../../core/lesion/cohort/lesion-line.ts";
import type { SlicedLesion } from "../../../core/lesion/cohort/lesion-slices.ts";
import type { Threshold } from "../../../core/lesion/decisions.ts";
import { linearQuantile } from "../../../core/measures/quantile.ts";
import { noduleRows } from "../../../io/export/lesion/nodule-rows.ts";
import { type Sorting, sortedRows } from "../table.ts";
import type { LesionsOfPack } from "./lesions-of-pack.ts";

/** One lesion in the table and the chart. */
export interface PackLesion extends LesionLine {
  /** Its place among the lesions. */
  readonly row: number;
  /** The case that it opens, by its index in the pack: the middle one of its slices. */
  readonly opens: number;
  readonly title: string;
  readonly slices: number;
  /** Median of the graders' volumes, mm³, by which lesions are put in order. */
  readonly size: number;
}

/** In the order of the pack. */
export function packLesionLines(
  { lesions, read }: Pick<LesionsOfPack, "lesions" | "read">,
  thresholds: readonly Threshold[],
): readonly PackLesion[] {
  const scans = new Map<string, string[]>();
  return lesions.map((lesion, row) => {
    const line = lesionLine(read[row] as LesionsOfPack["read"][number], thresholds);
    return {
      ...line,
      row,
      opens: lesion.slices[lesion.slices.length >> 1]?.row ?? 0,
      title: titleOf(lesion, scans),
      slices: lesion.slices.length,
      size: linearQuantile(
        [...line.graders].sort((a, b) => a - b),
        0.5,
      ),
    };
  });
}

/** "Patient 7, nodule 2"; the second scan of a patient with the same nodule says that it is one. `scans`: those named so far. */
function titleOf({ patient, series, nodule }: SlicedLesion, scans: Map<string, string[]>): string {
  const title = `Patient ${patient}, nodule ${nodule}`;
  const known = scans.get(title) ?? [];
  scans.set(title, [...known, series]);
  return known.length === 0 ? title : `${title}, scan ${known.length + 1}`;
}

/** By the name of a column; by any other name in the order of the pack. Lesions without a value come last either way. */
export function sortedLesions(lines: readonly PackLesion[], { by, falling }: Sorting): readonly PackLesion[] {
  return sortedRows(lines, (line) => COLUMNS[by]?.(line) ?? (by in COLUMNS ? null : line.row), falling);
}

const COLUMNS: Readonly<Record<string, (line: PackLesion) => number | null>> = {
  graders: ({ size }) => size,
  ratio: ({ graders }) => Math.max(...graders) / Math.min(...graders),
  median: ({ model }) => model?.median ?? null,
  width: ({ model }) => model && model.interval90[1] / model.interval90[0],
  covered: ({ model, graders }) => model && model.covered / graders.length,
  split: ({ split }) => split.length,
  flips: ({ model }) => model?.flips ?? null,
};

/** A row per reader of each lesion, as the command line's `nodules --out` writes it. */
export function lesionsCsv({ lesions, read }: LesionsOfPack): string {
  return noduleRows(lesions, read);
}
