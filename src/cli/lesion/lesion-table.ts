import { GraderspaceError } from "../../core/errors.ts";
import { medianDistance, type PixelSpacing } from "../../core/lesion/volume.ts";
import { readBytes } from "../read-bytes.ts";
import { readCsv } from "./read-csv.ts";

/** One lesion of one scan: rows of the cases' file, one per place along the normal, ascending. */
export interface TableLesion {
  readonly patient: string;
  readonly series: string;
  readonly nodule: string;
  readonly spacingMm: PixelSpacing;
  /** Median distance of its slices, mm. */
  readonly distanceMm: number;
  readonly slices: readonly { readonly row: number; readonly zMm: number }[];
  /** Lowest of its rows: its draw number. */
  readonly draw: number;
}

export interface LesionTable {
  readonly lesions: readonly TableLesion[];
  /** Lesions that have no volume, counted: one slice alone, or no spacing. */
  readonly leftOut: { readonly one_slice: number; readonly no_spacing: number };
  /** Rows at a place that another row of the lesion has already. */
  readonly sameZ: number;
}

type Row = Readonly<Record<string, string>>;

const NEEDED = ["patient", "series_uid", "nodule", "z", "pixel_spacing_mm"];

/** The table beside a file of cases, one row per case. @throws GraderspaceError BadArgument */
export async function readTable(path: string, cases: number): Promise<readonly Row[]> {
  const { name, bytes } = await readBytes(path);
  const rows = readCsv(new TextDecoder().decode(bytes));
  const refused = (problem: string, remedy: string) =>
    new GraderspaceError("BadArgument", { file: name, problem, remedy });
  const missing = NEEDED.find((column) => rows[0] && !Object.hasOwn(rows[0], column));
  if (missing !== undefined) throw refused(`it has no column ${missing}`, `give a table with ${NEEDED.join(", ")}`);
  if (rows.length !== cases) {
    throw refused(`it has ${rows.length} rows for ${cases} cases`, "give the table that belongs to the cases");
  }
  return rows;
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

/** Lesions in the order of their first rows: the rows of one patient, series and nodule. */
export function lesionsOf(table: readonly Row[], rows: readonly number[]): LesionTable {
  const groups = new Map<string, number[]>();
  for (const row of rows) {
    const { patient, series_uid, nodule } = table[row] as Record<string, string>;
    const key = JSON.stringify([patient, series_uid, nodule]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const lesions: TableLesion[] = [];
  const leftOut = { one_slice: 0, no_spacing: 0 };
  let sameZ = 0;
  for (const group of groups.values()) {
    const slices = placesOf(table, group);
    const { patient = "", series_uid = "", nodule = "" } = table[group[0] as number] as Row;
    const spacing = Number(table[group[0] as number]?.["pixel_spacing_mm"] || Number.NaN);
    const distanceMm = medianDistance(slices.map(({ zMm }) => zMm));
    sameZ += group.length - slices.length;
    if (distanceMm === null) leftOut.one_slice++;
    else if (!(spacing > 0 && distanceMm > 0)) leftOut.no_spacing++;
    else {
      const draw = Math.min(...group);
      const spacingMm = [spacing, spacing] as const;
      lesions.push({ patient, series: series_uid, nodule, spacingMm, distanceMm, slices, draw });
    }
  }
  return { lesions, leftOut, sameZ };
}

/** The first row at each place, ascending; a place that is no number is NaN and leaves its lesion without spacing. */
function placesOf(table: readonly Row[], group: readonly number[]): { row: number; zMm: number }[] {
  const found = new Map<number, number>();
  for (const row of group) {
    const zMm = Number(table[row]?.["z"] || Number.NaN);
    if (!found.has(zMm)) found.set(zMm, row);
  }
  return [...found].map(([zMm, row]) => ({ row, zMm })).sort((a, b) => a.zMm - b.zMm);
}
