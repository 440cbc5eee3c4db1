import { basename } from "node:path";
import { GraderspaceError } from "../../core/errors.ts";
import { thinned } from "../../core/measures/pick-cases.ts";
import { openZip } from "../../io/bytes/zip.ts";
import { PACK_INDEX } from "../../io/pack/pack.ts";
import { cropOf, readCases } from "../cases-file.ts";
import { type LesionTable, lesionsOf, readTable, rowsOfSplit } from "../lesion/lesion-table.ts";
import { openPath } from "../picture.ts";
import { progressLine } from "../progress.ts";
import { readBytes } from "../read-bytes.ts";
import { type Further, lesionCase, packCase, packReaders, type ReadCase, sliceCase } from "./study-cases.ts";

export interface Study {
  /** Of the file. */
  readonly name: string;
  readonly cases: readonly ReadCase[];
  /** The graders; in each case further readers come after them. */
  readonly readers: readonly string[];
  /** True where the file names its readers, so that one name is one person in every case. */
  readonly named: boolean;
  readonly leftOut: LesionTable["leftOut"] | null;
}

export interface StudyOrder {
  readonly table: string | undefined;
  readonly split: string | undefined;
  readonly limit: number;
  readonly further: Further;
  /** Width and height of the region that a model sees in a pack's slices. */
  readonly size: number;
}

/** "Grader 3", "Reader", "2": a place in a list, not a person. */
const ANYBODY = /^(grader|reader|annotator|rater|observer|radiologist|expert|session)?[\s_#-]*\d*$/i;

/** A pack, or a file of cases laid out as `crops.npz`; what is said about it goes to stderr. @throws GraderspaceError */
export async function readStudy(path: string, order: StudyOrder): Promise<Study> {
  return (await isPack(path)) ? studyOfPack(path, order) : studyOfCases(path, order);
}

async function isPack(path: string): Promise<boolean> {
  const { name, bytes } = await readBytes(path);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) return false; // "PK": no zip, and said so by the reader of cases
  return openZip(bytes, name).some((entry) => entry.name.split("/").at(-1) === PACK_INDEX);
}

async function studyOfPack(path: string, { table, split, limit, further, size }: StudyOrder): Promise<Study> {
  const opened = await openPath(path);
  if (opened.kind !== "pack" || table !== undefined || split !== undefined) {
    const problem = "it is a pack, which has neither splits nor a table";
    throw new GraderspaceError("BadArgument", {
      file: basename(path),
      problem,
      remedy: "leave --split and --table out",
    });
  }
  const { pack } = opened;
  const readers = packReaders(pack);
  const chosen = thinned(
    pack.index.cases.map((_, k) => k),
    limit,
  );
  const cases = await eachOf(chosen, (k) => packCase(pack, k, readers, further, size));
  return { name: pack.name, cases, readers, named: !readers.some((name) => ANYBODY.test(name)), leftOut: null };
}

async function studyOfCases(path: string, { table, split, limit, further }: StudyOrder): Promise<Study> {
  const name = basename(path);
  const file = await readCases(path, table === undefined ? split : undefined, table === undefined ? limit : 2 ** 31);
  const readers = Array.from({ length: file.slots }, (_, k) => `Grader ${k + 1}`);
  if (table === undefined) {
    const patients = new Map(file.rows.map((row, i) => [row, file.patients?.[i] ?? row]));
    const cases = await eachOf(file.rows, async (row) => {
      const drawn = further.count > 0 ? await further.draw(await cropOf(file, row), { lesion: row, row, zMm: 0 }) : [];
      return sliceCase(`row ${row}`, patients.get(row), [...(await file.marked(row)).graders, ...drawn], null);
    });
    return { name, cases, readers, named: false, leftOut: null };
  }
  const rows = await readTable(table, file.rows.length);
  const { lesions, leftOut, sameZ } = lesionsOf(rows, rowsOfSplit(rows, split));
  if (sameZ > 0) process.stderr.write(`${sameZ} rows lie at the place of another row of their lesion: counted once\n`);
  const chosen = thinned(
    lesions.map((_, i) => i),
    limit,
  ).flatMap((i) => lesions[i] ?? []);
  return { name, cases: await eachOf(chosen, (one) => lesionCase(file, one, further)), readers, named: false, leftOut };
}

async function eachOf<Item>(items: readonly Item[], read: (item: Item) => Promise<ReadCase>): Promise<ReadCase[]> {
  const progress = progressLine("agreement", items.length);
  const found: ReadCase[] = [];
  for (const item of items) {
    found.push(await read(item));
    progress(found.length);
  }
  return found;
}
