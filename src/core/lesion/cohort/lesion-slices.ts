import { medianDistance, type PixelSpacing } from "../volume.ts";

/** One row of a file of cases, or one case of a pack, as a slice of a lesion. */
export interface LesionRow {
  /** Its place in the file or pack, from 0. */
  readonly row: number;
  readonly patient: string;
  readonly series: string;
  readonly nodule: string;
  /** Place along the normal, mm; NaN where it is not known. */
  readonly zMm: number;
  readonly spacingMm: PixelSpacing | null;
  /** The slice's draw number, `SlicePlace.row`. */
  readonly draw: number;
}

/** One lesion of one scan. */
export interface SlicedLesion extends Pick<LesionRow, "patient" | "series" | "nodule"> {
  readonly spacingMm: PixelSpacing;
  /** Median distance of its slices, mm: what each of them stands for. */
  readonly distanceMm: number;
  /** One per place, ascending: a place that is not among them is one on which nobody drew. */
  readonly slices: readonly Pick<LesionRow, "row" | "zMm" | "draw">[];
  /** All its rows in their order, those at the place of another one too. */
  readonly rows: readonly number[];
  /** Lowest draw number of its rows: `SlicePlace.lesion`. */
  readonly draw: number;
}

export interface LesionsOfRows {
  /** In the order of their first rows. */
  readonly lesions: readonly SlicedLesion[];
  /** Lesions that have no volume, counted: one slice alone; no spacing, or not the same on all slices. */
  readonly leftOut: { readonly one_slice: number; readonly no_spacing: number };
  /** Rows at a place that another row of the lesion has already: counted once. */
  readonly sameZ: number;
}

/** A lesion is the rows of one patient, series and nodule: never of patient and nodule alone, for some have two scans. */
export function lesionsOf(rows: readonly LesionRow[]): LesionsOfRows {
  const groups = new Map<string, LesionRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.patient, row.series, row.nodule]);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const lesions: SlicedLesion[] = [];
  const leftOut = { one_slice: 0, no_spacing: 0 };
  let sameZ = 0;
  for (const group of groups.values()) {
    const slices = firstAtEachPlace(group);
    const distanceMm = medianDistance(slices.map(({ zMm }) => zMm));
    const spacingMm = oneSpacing(group);
    sameZ += group.length - slices.length;
    if (distanceMm === null) leftOut.one_slice++;
    else if (spacingMm === null || !(distanceMm > 0)) leftOut.no_spacing++;
    else {
      const { patient, series, nodule } = group[0] as LesionRow;
      const draw = Math.min(...group.map((row) => row.draw));
      lesions.push({ patient, series, nodule, spacingMm, distanceMm, slices, rows: group.map(({ row }) => row), draw });
    }
  }
  return { lesions, leftOut, sameZ };
}

/** The first row at each place, ascending; a place that is no number is NaN and leaves its lesion without a distance. */
function firstAtEachPlace(group: readonly LesionRow[]): SlicedLesion["slices"] {
  const found = new Map<number, LesionRow>();
  for (const row of group) if (!found.has(row.zMm)) found.set(row.zMm, row);
  return [...found.values()].map(({ row, zMm, draw }) => ({ row, zMm, draw })).sort((a, b) => a.zMm - b.zMm);
}

function oneSpacing(group: readonly LesionRow[]): PixelSpacing | null {
  const [first] = group;
  const same = group.every(({ spacingMm }) => String(spacingMm) === String(first?.spacingMm));
  return same ? (first?.spacingMm ?? null) : null;
}
