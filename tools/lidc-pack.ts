import { GraderspaceError } from "../src/core/errors.ts";
import { diversity } from "../src/core/measures/agreement.ts";
import { type Candidate, pickCases } from "../src/core/measures/pick-cases.ts";
import { areaPx, type Grader } from "../src/core/values/slice.ts";
import type { Cases } from "../src/io/numpy/cases-npz.ts";
import type { OpenedCase } from "../src/io/pack/pack.ts";

export const LIDC_TITLE = "LIDC-IDRI";

/** What the data's licence asks to be said, to be followed by what was changed. */
export const LIDC_ATTRIBUTION =
  "LIDC-IDRI, CC BY 3.0: Armato SG III et al. (2015), The Cancer Imaging Archive, doi 10.7937/K9/TCIA.2015.LO9QL9SX; " +
  "Armato SG III et al., Med Phys 38(2):915–931, 2011. Changes: ";
export const CROPS_CHANGED = "cropped, scaled to 8 bits, contours rasterised.";
export const SERIES_CHANGED = "single slices, contours rasterised.";

/** A mask smaller than this is the last slice of a nodule: nothing to look at. */
export const SMALLEST_PX = 20;

export interface Wish {
  /** Rows of this split alone; null for all. */
  readonly split: string | null;
  /** Number of cases. */
  readonly pick: number;
}

/** One row of the table beside the crops: pixel spacing and ratings by grader slot, as texts. */
type CropRow = Readonly<Record<string, string>>;

interface Row extends Candidate {
  readonly row: number;
}

/**
 * Cases out of crops with four graders' masks, with a range of disagreement and of 2, 3 and 4 graders. `table` is
 * the file beside the crops, by row; empty where there is none (spacing and ratings are then unknown).
 * @throws BadArgument where no row fits; what reading the crops throws
 */
export async function casesFromCrops(cases: Cases, table: readonly CropRow[], wish: Wish): Promise<OpenedCase[]> {
  await cases.load();
  const [splits, patients, nodules, slices] = await Promise.all(
    ["split", "patient", "nodule", "slice"].map((name) => cases.column(name)),
  );
  if (wish.split !== null && !splits) {
    throw new GraderspaceError("BadArgument", {
      problem: `the crops name no splits, so there is none called "${wish.split}"`,
      remedy: "leave --split out",
    });
  }
  const candidates: Row[] = [];
  for (let row = 0; row < cases.rows; row++) {
    if (wish.split !== null && splits?.[row] !== wish.split) continue;
    const masks = await cases.masks(row);
    const areas = masks.map(areaPx);
    const drew = areas.filter((area) => area > 0).length;
    if (drew < 2 || Math.max(...areas) < SMALLEST_PX) continue;
    candidates.push({ row, patient: String(patients?.[row] ?? row), drew, disagreement: diversity(masks) });
  }
  if (candidates.length === 0) {
    throw new GraderspaceError("BadArgument", {
      problem:
        wish.split === null
          ? "no row has two graders who drew"
          : `no row of the split "${wish.split}" has two graders who drew`,
      remedy: "name another --split",
    });
  }
  const opened: OpenedCase[] = [];
  for (const { row, drew } of pickCases(candidates, wish.pick)) {
    const [patient, nodule, slice] = [patients?.[row], nodules?.[row], slices?.[row]];
    const of = patient === undefined ? `Row ${row}` : `Patient ${patient}, nodule ${nodule}, slice ${slice}`;
    opened.push({
      id: `row-${row}`,
      title: `${of} · ${drew} of ${cases.graders} drew`,
      simulated: false,
      slice: { ...(await cases.slice(row)), spacingMm: spacingOf(table[row]) },
      region: [cases.width / 2, cases.height / 2],
      graders: await gradersOf(cases, row, table[row]),
      ...(patient === undefined ? {} : { patient: String(patient) }),
      draw: row,
    });
  }
  return opened;
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
