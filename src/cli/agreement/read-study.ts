import { basename } from "node:path";
import { type ReadCase, sliceCase } from "../../core/agreement/read-case.ts";
import type { Study } from "../../core/agreement/study-figures.ts";
import { type LesionsOfRows, lesionsOf } from "../../core/lesion/cohort/lesion-slices.ts";
import { thinned } from "../../core/measures/pick-cases.ts";
import { placeMask } from "../../core/values/mask-placement.ts";
import { cropRegion } from "../../core/values/region.ts";
import { namePersons, packCase, packReaders } from "../../io/pack/pack-readers.ts";
import { cropOf, isPack, openPack, readCases } from "../cases-file.ts";
import { readTable, rowsOfSplit, tableLesionRows } from "../lesion/lesion-table.ts";
import { progressLine } from "../progress.ts";
import { type Shard, shareOf } from "../shards/shard.ts";
import { type Further, lesionCase } from "./lesion-case.ts";

/** `readers` are the graders; in each case further readers come after them. */
export interface StudyOfFile extends Study {
  /** Of the file. */
  readonly name: string;
  readonly leftOut: LesionsOfRows["leftOut"] | null;
}

export interface StudyOrder {
  readonly table: string | undefined;
  readonly split: string | undefined;
  readonly limit: number;
  readonly further: Further;
  /** Width and height of the region that a model sees in a pack's slices. */
  readonly size: number;
  /** Which share of the cases is read. */
  readonly shard: Shard;
}

/** A pack, or a file of cases laid out as `crops.npz`; what is said about it goes to stderr. @throws GraderspaceError */
export async function readStudy(path: string, order: StudyOrder): Promise<StudyOfFile> {
  return (await isPack(path)) ? studyOfPack(path, order) : studyOfCases(path, order);
}

async function studyOfPack(
  path: string,
  { table, split, limit, further, size, shard }: StudyOrder,
): Promise<StudyOfFile> {
  const pack = await openPack(path, { table, split });
  const readers = packReaders(pack.index);
  const chosen = thinned(
    pack.index.cases.map((_, k) => k),
    limit,
  );
  const cases = await eachOf(shareOf(chosen, shard), async (k) => {
    const one = await pack.open(k);
    if (further.count === 0) return packCase(one, readers);
    const { slice, region, draw = k } = one;
    const crop = cropRegion(slice, region[0], region[1], size);
    const drawn = await further.draw(crop, { lesion: draw, row: draw, zMm: 0 });
    return packCase(
      one,
      readers,
      drawn.map((mask) => placeMask(mask, crop.origin, slice.width, slice.height)),
    );
  });
  return { unit: "slice", name: pack.name, cases, readers, named: namePersons(readers), leftOut: null };
}

async function studyOfCases(path: string, { table, split, limit, further, shard }: StudyOrder): Promise<StudyOfFile> {
  const name = basename(path);
  const file = await readCases(path, table === undefined ? split : undefined, table === undefined ? limit : 2 ** 31);
  const readers = Array.from({ length: file.slots }, (_, k) => `Grader ${k + 1}`);
  if (table === undefined) {
    const patients = new Map(file.rows.map((row, i) => [row, file.patients?.[i] ?? row]));
    const cases = await eachOf(shareOf(file.rows, shard), async (row) => {
      const drawn = further.count > 0 ? await further.draw(await cropOf(file, row), { lesion: row, row, zMm: 0 }) : [];
      return sliceCase(`row ${row}`, patients.get(row), [...(await file.graders(row)), ...drawn], null);
    });
    return { unit: "slice", name, cases, readers, named: false, leftOut: null };
  }
  const rows = await readTable(table, file.rows.length);
  const { lesions, leftOut, sameZ } = lesionsOf(tableLesionRows(rows, rowsOfSplit(rows, split)));
  if (sameZ > 0) process.stderr.write(`${sameZ} rows lie at the place of another row of their lesion: counted once\n`);
  const chosen = thinned(
    lesions.map((_, i) => i),
    limit,
  ).flatMap((i) => lesions[i] ?? []);
  const cases = await eachOf(shareOf(chosen, shard), (one) => lesionCase(file, one, further));
  return { unit: "lesion", name, cases, readers, named: false, leftOut };
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
