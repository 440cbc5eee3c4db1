import { GraderspaceError } from "../../core/errors.ts";
import type { LesionRow } from "../../core/lesion/cohort/lesion-slices.ts";
import { readBytes } from "../read-bytes.ts";
import { readCsv } from "./read-csv.ts";

type Row = Readonly<Record<string, string>>;

const NEEDED = ["patient", "series_uid", "nodule", "z", "pixel_spacing_mm"];

/** The table beside a file of cases, one row per case. @throws GraderspaceError BadArgument */
export async function readTable(path: string, cases: number): Promise<readonly Row[]> {
  const { name, bytes } = await readBytes(path);
  const rows = readCsv(new TextDecoder().decode(bytes));
  checkColumns(rows, name);
  if (rows.length === cases) return rows;
  throw refused(name, `it has ${rows.length} rows for ${cases} cases`, "give the table that belongs to the cases");
}

/** That a table says which lesion its rows are slices of. @throws GraderspaceError BadArgument */
export function checkColumns(rows: readonly Row[], file: string): void {
  const missing = NEEDED.find((column) => rows[0] && !Object.hasOwn(rows[0], column));
  if (missing !== undefined)
    throw refused(file, `it has no column ${missing}`, `give a table with ${NEEDED.join(", ")}`);
}

function refused(file: string, problem: string, remedy: string): GraderspaceError {
  return new GraderspaceError("BadArgument", { file, problem, remedy });
}

/** Rows of one split; of all without one. @throws GraderspaceError BadArgument */
export function rowsOfSplit(table: readonly Row[], split: string | undefined): number[] {
  const all = table.map((_, row) => row);
  if (split === undefined) return all;
  const rows = all.filter((row) => table[row]?.["split"] === split);
  if (rows.length > 0) return rows;
  const known = [...new Set(table.map((row) => row["split"] ?? ""))].filter(Boolean).slice(0, 10);
  const remedy = known.length > 0 ? `give one of ${known.join(", ")}` : "leave --split out";
  throw new GraderspaceError("BadArgument", { problem: `the table has no split "${split}"`, remedy });
}

/** These rows of the table as slices of lesions; a row is its own draw number. */
export function tableLesionRows(table: readonly Row[], rows: readonly number[]): LesionRow[] {
  return rows.map((row) => {
    const { patient = "", series_uid = "", nodule = "", z, pixel_spacing_mm } = table[row] as Row;
    const spacing = Number(pixel_spacing_mm || Number.NaN);
    const spacingMm = spacing > 0 ? ([spacing, spacing] as const) : null;
    return { row, patient, series: series_uid, nodule, zMm: Number(z || Number.NaN), spacingMm, draw: row };
  });
}
