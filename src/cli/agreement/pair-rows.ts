import type { ReadCase } from "../../core/agreement/read-case.ts";
import type { Reading } from "../../core/agreement/reader-study.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { type Cell, writeCsv } from "../../io/bytes/csv.ts";

const HEADER = ["case", "patient", "reader_a", "reader_b", "drew_a", "drew_b", "iou", "dice", "hd95_mm", "assd_mm"];

/** `--pairs`: a row per two readers of a case, a model's samples among them; sizes are empty where nothing was drawn. */
export function pairRows(cases: readonly ReadCase[], graders: readonly string[], size: string): string {
  const name = (reader: number) => graders[reader] ?? `sample-${reader - graders.length + 1}`;
  const sizeOf = (reading: Reading | null | undefined) =>
    reading?.drew ? rounded(reading.sizes[size] as number) : null;
  const rows = cases.flatMap(({ id, patient, readings, pairs }) =>
    pairs.map(({ a, b, iou, dice, hd95Mm, assdMm }): Cell[] => [
      id,
      String(patient),
      name(a),
      name(b),
      readings[a]?.drew ?? null,
      readings[b]?.drew ?? null,
      rounded(iou),
      rounded(dice),
      hd95Mm === null ? null : rounded(hd95Mm),
      assdMm === null ? null : rounded(assdMm),
      sizeOf(readings[a]),
      sizeOf(readings[b]),
    ]),
  );
  return writeCsv([...HEADER, `${size}_a`, `${size}_b`], rows);
}
