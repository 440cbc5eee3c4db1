import { checkColumns, tableLesionRows } from "../src/cli/lesion/lesion-table.ts";
import { type Shard, shareOf } from "../src/cli/shards/shard.ts";
import { GraderspaceError } from "../src/core/errors.ts";
import { lesionsOf } from "../src/core/lesion/cohort/lesion-slices.ts";
import { drawnByAll, readGraders } from "../src/core/lesion/cohort/read-lesion.ts";
import { diversity } from "../src/core/measures/agreement.ts";
import { type Candidate, pickCases, thinned } from "../src/core/measures/pick-cases.ts";
import { areaPx, type Grader } from "../src/core/values/slice.ts";
import { SMALLEST_PX } from "../src/io/dataset/marked-parts.ts";
import type { Cases } from "../src/io/numpy/cases-npz.ts";
import type { OpenedCase } from "../src/io/pack/pack.ts";

export const LIDC_TITLE = "LIDC-IDRI";

/** What the data's licence asks to be said, to be followed by what was changed. */
export const LIDC_ATTRIBUTION =
  "LIDC-IDRI, CC BY 3.0: Armato SG III et al. (2015), The Cancer Imaging Archive, doi 10.7937/K9/TCIA.2015.LO9QL9SX; " +
  "Armato SG III et al., Med Phys 38(2):915–931, 2011. Changes: ";
export const CROPS_CHANGED = "cropped, scaled to 8 bits, contours rasterised.";
export const SEGS_CHANGED = "single slices, contours rasterised (segmentations of the Imaging Data Commons).";
export const SERIES_CHANGED = "single slices, contours rasterised.";

export interface Wish {
  /** Rows of this split alone; null for all. */
  readonly split: string | null;
  /** Number of cases, or of lesions. */
  readonly pick: number;
}

/** One row of the table beside the crops: pixel spacing and ratings by grader slot, as texts. */
type CropRow = Readonly<Record<string, string>>;

/** A row that could be a case. */
export interface RowPart extends Candidate {
  readonly row: number;
}

/** A lesion that every grader drew, by its rows. */
export interface LesionPart {
  readonly rows: readonly number[];
}

/** The shard's rows of crops that two graders or more drew. @throws BadArgument where the crops name no splits; what reading them throws */
export async function partsOfCrops(cases: Cases, split: string | null, shard: Shard): Promise<RowPart[]> {
  cases.keepWhole();
  const patients = await cases.column("patient");
  const candidates: RowPart[] = [];
  for (const row of shareOf(await rowsWanted(cases, split), shard)) {
    const masks = await cases.masks(row);
    const areas = masks.map(areaPx);
    const drew = drewIn(areas);
    if (drew < 2 || Math.max(...areas) < SMALLEST_PX) continue;
    candidates.push({ row, patient: String(patients?.[row] ?? row), drew, disagreement: diversity(masks) });
  }
  return candidates;
}

/**
 * Cases out of crops with four graders' masks, with a range of disagreement and of 2, 3 and 4 graders. `table` is
 * the file beside the crops, by row; empty where there is none (spacing, ratings and lesions are then unknown).
 * @throws BadArgument where no row fits; what reading the crops throws
 */
export async function openCropParts(
  cases: Cases,
  table: readonly CropRow[],
  candidates: readonly RowPart[],
  wish: Wish,
): Promise<OpenedCase[]> {
  cases.keepWhole();
  if (candidates.length === 0) throw noneOf(wish, "no row", "has two graders who drew");
  const picked = pickCases(candidates, wish.pick).map(({ row }) => row);
  return openRows(cases, table, picked);
}

/**
 * The shard's lesions that every grader drew. `file` is the name of the table, which says which rows belong together.
 * @throws BadArgument where the table does not say it; what reading the crops throws
 */
export async function lesionPartsOfCrops(
  cases: Cases,
  table: readonly CropRow[],
  file: string,
  split: string | null,
  shard: Shard,
): Promise<LesionPart[]> {
  if (table.length === 0) {
    const problem = `there is no ${file} beside the crops that says which rows are slices of one lesion`;
    throw new GraderspaceError("BadArgument", { problem, remedy: "put the table there, or leave --lesions out" });
  }
  checkColumns(table, file);
  cases.keepWhole();
  const rows = await rowsWanted(cases, split);
  const source = { graders: (row: number) => cases.masks(row) };
  const lesions: LesionPart[] = [];
  for (const lesion of shareOf(lesionsOf(tableLesionRows(table, rows)).lesions, shard)) {
    if (drawnByAll(await readGraders(lesion, source))) lesions.push({ rows: lesion.rows });
  }
  return lesions;
}

/**
 * Whole lesions out of crops, each with all its rows: evenly spread over those that every grader drew, as `nodules` thins them.
 * @throws BadArgument where no lesion fits; what reading the crops throws
 */
export async function openLesionParts(
  cases: Cases,
  table: readonly CropRow[],
  lesions: readonly LesionPart[],
  wish: Wish,
): Promise<OpenedCase[]> {
  cases.keepWhole();
  if (lesions.length === 0) throw noneOf(wish, "no lesion", "was drawn by every grader on two slices or more");
  const picked = thinned(
    lesions.map((_, i) => i),
    wish.pick,
  ).flatMap((i) => lesions[i]?.rows ?? []);
  return openRows(cases, table, picked);
}

/** Rows of the split asked for. @throws BadArgument where the crops name no splits */
async function rowsWanted(cases: Cases, split: string | null): Promise<number[]> {
  const all = Array.from({ length: cases.rows }, (_, row) => row);
  if (split === null) return all;
  const splits = await cases.column("split");
  if (splits) return all.filter((row) => splits[row] === split);
  throw new GraderspaceError("BadArgument", {
    problem: `the crops name no splits, so there is none called "${split}"`,
    remedy: "leave --split out",
  });
}

function noneOf({ split }: Wish, what: string, lacks: string): GraderspaceError {
  const where = split === null ? "" : ` of the split "${split}"`;
  return new GraderspaceError("BadArgument", { problem: `${what}${where} ${lacks}`, remedy: "name another --split" });
}

function drewIn(areas: readonly number[]): number {
  return areas.filter((area) => area > 0).length;
}

async function openRows(cases: Cases, table: readonly CropRow[], rows: readonly number[]): Promise<OpenedCase[]> {
  const [patients, nodules, slices] = await Promise.all(
    ["patient", "nodule", "slice"].map((name) => cases.column(name)),
  );
  const opened: OpenedCase[] = [];
  for (const row of rows) {
    const [patient, nodule, slice] = [patients?.[row], nodules?.[row], slices?.[row]];
    const of =
      patient === undefined || nodule === undefined
        ? `Row ${row}`
        : `Patient ${patient}, nodule ${nodule}, slice ${slice}`;
    const lesion = lesionIn(table[row]);
    opened.push({
      id: `row-${row}`,
      title: `${of} · ${drewIn((await cases.masks(row)).map(areaPx))} of ${cases.graders} drew`,
      simulated: false,
      slice: { ...(await cases.slice(row)), spacingMm: spacingOf(table[row]) },
      region: [cases.width / 2, cases.height / 2],
      graders: await gradersOf(cases, row, table[row]),
      ...(patient === undefined ? {} : { patient: String(patient) }),
      draw: row,
      ...(lesion && { lesion }),
    });
  }
  return opened;
}

/** Which lesion a row is a slice of; null where the table does not say all of it. */
function lesionIn(row: CropRow | undefined): OpenedCase["lesion"] | null {
  const [series, nodule, zMm] = [row?.["series_uid"], row?.["nodule"], Number(row?.["z"] || Number.NaN)];
  return series && nodule && Number.isFinite(zMm) ? { series, nodule, zMm } : null;
}

function spacingOf(row: CropRow | undefined): [number, number] | null {
  const spacing = Number(row?.["pixel_spacing_mm"] || Number.NaN);
  return spacing > 0 ? [spacing, spacing] : null;
}

async function gradersOf(cases: Cases, row: number, said: CropRow | undefined): Promise<Grader[]> {
  const masks = await cases.masks(row);
  return masks.map((mask, slot): Grader => {
    const ratings: Record<string, number> = {};
    for (const [name, column] of [
      ["malignancy", "malig"],
      ["subtlety", "subtl"],
    ] as const) {
      const value = Number(said?.[`${column}${slot}`] || Number.NaN);
      if (Number.isFinite(value)) ratings[name] = value;
    }
    const drawn = mask.bits.includes(1) ? mask : null;
    const named = { name: `Grader ${slot + 1}`, mask: drawn };
    return Object.keys(ratings).length > 0 ? { ...named, ratings } : named;
  });
}
