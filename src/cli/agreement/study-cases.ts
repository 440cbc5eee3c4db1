import { readerPairs } from "../../core/agreement/case-pairs.ts";
import type { Reading, StudyCase } from "../../core/agreement/reader-study.ts";
import { axesOf } from "../../core/lesion/axes.ts";
import type { SlicePlace } from "../../core/lesion/coupling.ts";
import { meanDiameterMm } from "../../core/lesion/decisions.ts";
import { type LesionSize, ReaderSizes } from "../../core/lesion/reader-sizes.ts";
import type { PixelSpacing } from "../../core/lesion/volume.ts";
import { placeMask } from "../../core/values/mask-placement.ts";
import { type Crop, cropRegion } from "../../core/values/region.ts";
import { areaPx, emptyMask, type Mask, markedSmall } from "../../core/values/slice.ts";
import type { Pack } from "../../io/pack/pack.ts";
import { type ChosenCases, cropOf } from "../cases-file.ts";
import type { TableLesion } from "../lesion/lesion-table.ts";

/** A case of a study as it was read: numbers alone. Readers are the graders, then a model's samples where there are some. */
export interface ReadCase extends StudyCase {
  /** Of lesions: each reader's size; null for slices. */
  readonly sizes: readonly LesionSize[] | null;
}

/** What draws them, and how many they are. */
export interface Further {
  readonly count: number;
  readonly draw: DrawReaders;
}

/** A model's samples of a region as further readers, sample n the same one on all slices of a lesion; none without a model. */
type DrawReaders = (crop: Crop, place: Omit<SlicePlace, "seed">) => Promise<readonly Mask[]>;

/** A lesion through its slices. A slice that the table lacks, between two that it has, is one on which nobody drew. */
export async function lesionCase(cases: ChosenCases, lesion: TableLesion, further: Further): Promise<ReadCase> {
  const { spacingMm, distanceMm, slices, patient, series, nodule, draw } = lesion;
  const readers = cases.slots + further.count;
  const stacks: Mask[][] = Array.from({ length: readers }, () => []);
  const sizes = new ReaderSizes(readers, spacingMm);
  const empty = emptyMask(cases.size, cases.size);
  const first = slices[0]?.zMm ?? 0;
  for (const { row, zMm } of slices) {
    const drawn = further.count > 0 ? await further.draw(await cropOf(cases, row), { lesion: draw, row, zMm }) : [];
    const masks = [...(await cases.marked(row)).graders, ...drawn];
    sizes.add(masks, distanceMm);
    const place = Math.round((zMm - first) / distanceMm);
    for (const [reader, stack] of stacks.entries()) {
      while (stack.length < place) stack.push(empty);
      stack.push(masks[reader] as Mask);
    }
  }
  const found = sizes.sizes();
  return {
    id: `${patient}, nodule ${nodule}, series ${series}`,
    patient,
    readings: found.map(lesionReading),
    pairs: readerPairs(stacks, [distanceMm, ...spacingMm]),
    sizes: found,
  };
}

function lesionReading(size: LesionSize): Reading {
  const { volumeMm3, longMm } = size;
  return { drew: volumeMm3 > 0, sizes: { volume: volumeMm3, long_axis: longMm, mean_diameter: meanDiameterMm(size) } };
}

/** One slice: areas in mm² where the spacing is known, else in pixels. A null mask: this reader did not look. */
export function sliceCase(
  id: string,
  patient: unknown,
  masks: readonly (Mask | null)[],
  spacing: PixelSpacing | null,
): ReadCase {
  const looked = masks.flatMap((mask, reader) => (mask ? [{ mask, reader }] : []));
  const readerOf = (k: number) => looked[k]?.reader as number;
  const pairs = readerPairs(
    looked.map(({ mask }) => [mask]),
    spacing,
  );
  return {
    id,
    patient,
    readings: masks.map((mask) => mask && sliceReading(mask, spacing)),
    pairs: pairs.map((pair) => ({ ...pair, a: readerOf(pair.a), b: readerOf(pair.b) })),
    sizes: null,
  };
}

function sliceReading(mask: Mask, spacing: PixelSpacing | null): Reading {
  const pixels = areaPx(mask);
  const axes = spacing && axesOf(mask, spacing);
  const area = spacing ? pixels * spacing[0] * spacing[1] : pixels;
  return { drew: pixels > 0, sizes: { area, ...(axes && { long_axis: axes.longMm }) } };
}

/** The readers that a pack names anywhere, in the order in which they come. */
export function packReaders({ index }: Pack): string[] {
  return [...new Set(index.cases.flatMap(({ graders }) => graders.map(({ name }) => name)))];
}

/** Case k of a pack. Who is not in its list, or marked a point under 3 mm without an outline, has no reading of it. */
export async function packCase(
  pack: Pack,
  k: number,
  readers: readonly string[],
  further: Further,
  size: number,
): Promise<ReadCase> {
  const { id, patient, slice, graders, region, draw = k } = await pack.open(k);
  const masks = readers.map((reader) => {
    const grader = graders.find(({ name }) => name === reader);
    return grader && !markedSmall(grader) ? (grader.mask ?? emptyMask(slice.width, slice.height)) : null;
  });
  if (further.count > 0) {
    const crop = cropRegion(slice, region[0], region[1], size);
    const drawn = await further.draw(crop, { lesion: draw, row: draw, zMm: 0 });
    masks.push(...drawn.map((mask) => placeMask(mask, crop.origin, slice.width, slice.height)));
  }
  return sliceCase(id, patient ?? id, masks, slice.spacingMm);
}
