import { GraderspaceError } from "../../core/errors.ts";
import { type LesionsOfRows, lesionsOf, type SlicedLesion } from "../../core/lesion/cohort/lesion-slices.ts";
import type { LesionSource } from "../../core/lesion/cohort/read-lesion.ts";
import type { Pack } from "../../io/pack/pack.ts";
import { packLesionRows } from "../../io/pack/pack-lesion-rows.ts";
import { packLesions, whyNoLesions } from "../../io/pack/pack-lesions.ts";
import { cropOf, isPack, openPack, readCases } from "../cases-file.ts";
import { readTable, rowsOfSplit, tableLesionRows } from "./lesion-table.ts";

/** The lesions of a file of cases, and where they are read from. */
export interface NoduleFile {
  readonly found: LesionsOfRows;
  /** Of the split `train`, where the file has it beside the split asked for: for baselines that are fitted. */
  readonly train: readonly SlicedLesion[];
  readonly source: LesionSource;
}

/**
 * A pack whose cases say which lesions they are slices of, or a file laid out as `crops.npz` with the table beside it.
 * @throws GraderspaceError BadArgument, and what the readers throw
 */
export async function openNodules(
  path: string,
  { table, split }: { readonly table: string | undefined; readonly split: string | undefined },
): Promise<NoduleFile> {
  if (await isPack(path)) return nodulesOfPack(await openPack(path, { table, split }));
  if (table === undefined) {
    const remedy = "give the table that belongs to the cases, or a pack";
    throw new GraderspaceError("BadArgument", { problem: "--table is missing", remedy });
  }
  const cases = await readCases(path, undefined, 2 ** 31);
  const rows = await readTable(table, cases.rows.length);
  const ofTrain = split === undefined || split === "train" ? [] : rows.flatMap((row, i) => (isOfTrain(row) ? [i] : []));
  return {
    found: lesionsOf(tableLesionRows(rows, rowsOfSplit(rows, split))),
    train: lesionsOf(tableLesionRows(rows, ofTrain)).lesions,
    source: { graders: cases.graders, crop: (row) => cropOf(cases, row) },
  };
}

function isOfTrain(row: Readonly<Record<string, string>>): boolean {
  return row["split"] === "train";
}

function nodulesOfPack(pack: Pack): NoduleFile {
  const why = whyNoLesions(pack);
  if (why) throw new GraderspaceError("BadArgument", { file: pack.name, ...why });
  return { found: lesionsOf(packLesionRows(pack)), train: [], source: packLesions(pack) };
}
