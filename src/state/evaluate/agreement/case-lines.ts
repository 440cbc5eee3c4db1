import { type CaseAgreement, caseAgreement } from "../../../core/agreement/read-case.ts";
import { mainSize } from "../../../core/agreement/study-figures.ts";
import { rounded } from "../../../core/measures/rounded.ts";
import { type Cell, writeCsv } from "../../../io/bytes/csv.ts";
import { type Sorting, sortedRows } from "../table.ts";
import type { ReadersOfPack } from "./readers-of-pack.ts";

/** One case in the table of agreement. */
export interface AgreementLine extends CaseAgreement {
  /** Index in the pack. */
  readonly row: number;
  readonly id: string;
  readonly title: string;
}

/** In the order of the pack. */
export function agreementLines({ study, rows, pack }: ReadersOfPack): readonly AgreementLine[] {
  return study.cases.map((one, i) => {
    const row = rows[i] as number;
    return { row, id: one.id, title: pack.cases[row]?.title ?? one.id, ...caseAgreement(one, mainSize(study.unit)) };
  });
}

/** By the name of a figure; by any other name in the order of the pack. Lines without a value come last either way. */
export function sortedAgreement(lines: readonly AgreementLine[], { by, falling }: Sorting): readonly AgreementLine[] {
  const wanted = (line: AgreementLine): number | null =>
    by === "drew" || by === "apart" || by === "dice" || by === "hd95Mm" || by === "ratio" ? line[by] : line.row;
  return sortedRows(lines, wanted, falling);
}

const HEADER = ["case", "row", "looked", "drew", "one_minus_iou", "dice", "hd95_mm"];

/** A row per case: ids and numbers alone. */
export function agreementCsv(value: ReadersOfPack): string {
  const rows = agreementLines(value).map(({ id, row, looked, drew, apart, dice, hd95Mm, ratio }): Cell[] => [
    ...[id, row, looked, drew],
    ...[apart, dice, hd95Mm, ratio].map((figure) => figure && rounded(figure)),
  ]);
  return writeCsv([...HEADER, `${mainSize(value.study.unit)}_ratio`], rows);
}
