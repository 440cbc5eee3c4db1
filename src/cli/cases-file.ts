import { GraderspaceError } from "../core/errors.ts";
import { thinned } from "../core/measures/pick-cases.ts";
import { type Crop, cropRegion } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";
import { openZip } from "../io/bytes/zip.ts";
import { type Cases, openCases } from "../io/numpy/cases-npz.ts";
import { readBytes } from "./read-bytes.ts";

/** The chosen rows of a file of cases, ready to be asked for one after the other. */
export interface ChosenCases {
  /** Indices into the file. */
  readonly rows: readonly number[];
  /** Width and height of every picture. */
  readonly size: number;
  /** Grader slots of every row. */
  readonly slots: number;
  /** One of `rows` → what the network sees. */
  crop(row: number): Promise<Crop>;
  /** One of `rows` → one mask per grader slot, empty ones too. */
  graders(row: number): Promise<readonly Mask[]>;
  /** Patient of each of `rows`, where the file names them. */
  readonly patients: readonly (string | number)[] | null;
}

/**
 * Opens a file laid out as `crops.npz`: rows of `split` (all without one), thinned to `limit` evenly spread ones.
 * @throws GraderspaceError BadArgument, and what the readers throw
 */
export async function readCases(path: string, split: string | undefined, limit: number): Promise<ChosenCases> {
  const { name, bytes } = await readBytes(path);
  const cases = openCases(openZip(bytes, name), name);
  if (cases.width !== cases.height || cases.width % 8 !== 0 || cases.graders === 0) {
    const problem = `its pictures are ${cases.width}×${cases.height} with ${cases.graders} grader slots`;
    const remedy = "give square pictures with a side divisible by 8, and masks";
    throw new GraderspaceError("BadArgument", { file: name, problem, remedy });
  }
  const rows = thinned(await rowsOf(cases, split, name), limit);
  const patients = await cases.column("patient");
  await cases.load();
  const centre = cases.width / 2;
  return {
    rows,
    size: cases.width,
    slots: cases.graders,
    crop: async (row) => cropRegion(await cases.slice(row), centre, centre, cases.width),
    graders: (row) => cases.masks(row),
    patients: patients && rows.map((row) => patients[row] as string | number),
  };
}

async function rowsOf(cases: Cases, split: string | undefined, file: string): Promise<number[]> {
  const all = Array.from({ length: cases.rows }, (_, row) => row);
  if (split === undefined) return all;
  const splits = await cases.column("split");
  if (splits === null) {
    throw new GraderspaceError("BadArgument", { file, problem: "it names no splits", remedy: "leave --split out" });
  }
  const rows = all.filter((row) => splits[row] === split);
  if (rows.length > 0) return rows;
  const known = [...new Set(splits)].slice(0, 10).join(", ");
  throw new GraderspaceError("BadArgument", {
    file,
    problem: `it has no split "${split}"`,
    remedy: `give one of ${known}`,
  });
}
