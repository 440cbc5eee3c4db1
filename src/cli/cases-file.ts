import { basename } from "node:path";
import { GraderspaceError } from "../core/errors.ts";
import type { MarkedCrop } from "../core/measures/evaluate-case.ts";
import { thinned } from "../core/measures/pick-cases.ts";
import type { SampleSet } from "../core/samples/sample-set.ts";
import { type Crop, cropRegion, REGION } from "../core/values/region.ts";
import type { Mask } from "../core/values/slice.ts";
import type { Incoming } from "../io/bytes/source-file.ts";
import { openZip, type ZipEntry } from "../io/bytes/zip.ts";
import { type Cases, openCases } from "../io/numpy/cases-npz.ts";
import { openNpz } from "../io/numpy/npz.ts";
import { openFile } from "../io/open/open.ts";
import { drawOf, readMarkedCrop } from "../io/pack/marked-crop.ts";
import { PACK_INDEX, type Pack } from "../io/pack/pack.ts";
import { packCohort, packSets } from "../io/pack/pack-samples.ts";
import { type Cohort, cohortSets } from "../io/samples/cohort-samples.ts";
import { holdsSamples, readSampleFile } from "../io/samples/sample-file.ts";
import { openPath } from "./picture.ts";
import { readBytes } from "./read-bytes.ts";

/** The chosen cases of a file or a pack, ready to be asked for one after the other. */
export interface ChosenCases {
  /** Their places in the file, from 0. */
  readonly rows: readonly number[];
  /** Their draw numbers: what their samples depend on beside seed and place. */
  readonly draws: readonly number[];
  /** Width and height of every picture. */
  readonly size: number;
  /** Grader slots of a row, at most. */
  readonly slots: number;
  /** One of `rows` as the network sees it, with one mask per grader slot, empty ones too. */
  marked(row: number): Promise<MarkedCrop>;
  /** Its masks alone. */
  graders(row: number): Promise<readonly Mask[]>;
  /** Patient of each of `rows`, where the file names them. */
  readonly patients: readonly (string | number)[] | null;
  /** What samples of these cases are matched with; a picture is called by its row. */
  readonly cohort: Cohort;
  /** Samples that the file itself holds, or the pack. */
  samples(): Promise<SampleSet[]>;
}

/**
 * Opens a case pack, or a file laid out as `crops.npz`: rows of `split` (all without one), thinned to `limit` evenly
 * spread ones.
 * @throws GraderspaceError BadArgument, and what the readers throw
 */
export async function readCases(path: string, split: string | undefined, limit: number): Promise<ChosenCases> {
  const { name, bytes } = await readBytes(path);
  const zip = openZip(bytes, name);
  if (holdsPack(zip)) return casesOfPack({ name, bytes }, split, limit);
  const cases = openCases(zip, name);
  if (cases.width !== cases.height || cases.width % 8 !== 0 || cases.graders === 0) {
    const problem = `its pictures are ${cases.width}×${cases.height} with ${cases.graders} grader slots`;
    const remedy = "give square pictures with a side divisible by 8, and masks";
    throw new GraderspaceError("BadArgument", { file: name, problem, remedy });
  }
  const rows = thinned(await rowsOf(cases, split, name), limit);
  const patients = await cases.column("patient");
  cases.keepWhole();
  const [size, centre] = [cases.width, cases.width / 2];
  const place = { width: size, height: size, region: [0, 0] as const };
  const cohort: Cohort = {
    file: name,
    cases: cases.rows,
    rows,
    ids: await cases.column("id"),
    place: async () => place,
    rowOf: Number,
  };
  return {
    cohort,
    samples: async () => (holdsSamples(openNpz(zip, name)) ? cohortSets(await readSampleFile(zip, name), cohort) : []),
    rows,
    draws: rows,
    size,
    slots: cases.graders,
    marked: async (row) => {
      const { values } = cropRegion(await cases.slice(row), centre, centre, size);
      return { row, size, values, graders: await cases.masks(row), picture: String(row) };
    },
    graders: (row) => cases.masks(row),
    patients: patients && rows.map((row) => patients[row] as string | number),
  };
}

function holdsPack(zip: readonly ZipEntry[]): boolean {
  return zip.some((entry) => entry.name.split("/").at(-1) === PACK_INDEX);
}

export async function isPack(path: string): Promise<boolean> {
  const { name, bytes } = await readBytes(path);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false; // "PK": no zip, and said so by the reader of cases
  return holdsPack(openZip(bytes, name));
}

/** A pack by its path, of which neither a table nor a split was asked. @throws GraderspaceError BadArgument, and as `openPath` */
export async function openPack(
  path: string,
  { table, split }: { readonly table: string | undefined; readonly split: string | undefined },
): Promise<Pack> {
  const opened = await openPath(path);
  if (opened.kind === "pack" && table === undefined && split === undefined) return opened.pack;
  const problem = "it is a pack, which has neither splits nor a table";
  const remedy = "leave --split and --table out";
  throw new GraderspaceError("BadArgument", { file: basename(path), problem, remedy });
}

/** One of the rows as a crop: what the network sees of it. */
export async function cropOf({ marked, size }: ChosenCases, row: number): Promise<Crop> {
  const { values } = await marked(row);
  return { size, origin: [0, 0], values, constant: false };
}

async function casesOfPack(file: Incoming, split: string | undefined, limit: number): Promise<ChosenCases> {
  const opened = await openFile(file);
  if (opened.kind !== "pack")
    throw new GraderspaceError("NotAnImage", { file: file.name, problem: "it is no case pack" });
  const { pack } = opened;
  if (split !== undefined) {
    const problem = "it is a case pack, which has no splits";
    throw new GraderspaceError("BadArgument", { file: file.name, problem, remedy: "leave --split out" });
  }
  const rows = thinned(
    pack.index.cases.map((_, row) => row),
    limit,
  );
  const patients = rows.map((row) => pack.index.cases[row]?.patient);
  const cohort = packCohort(pack, rows, Number);
  const marked = async (row: number) => ({ ...(await readMarkedCrop(pack, row, REGION)), picture: String(row) });
  return {
    cohort,
    samples: async () => packSets(pack, Number),
    rows,
    draws: rows.map((row) => drawOf(pack, row)),
    size: REGION,
    slots: Math.max(...pack.index.cases.map(({ graders }) => graders.length)),
    marked,
    graders: async (row) => (await marked(row)).graders,
    patients: patients.includes(undefined) ? null : (patients as string[]),
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
