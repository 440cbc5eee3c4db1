import { readerPairs } from "../../core/agreement/case-pairs.ts";
import type { ReadCase } from "../../core/agreement/read-case.ts";
import type { Reading } from "../../core/agreement/reader-study.ts";
import type { SlicedLesion } from "../../core/lesion/cohort/lesion-slices.ts";
import type { SlicePlace } from "../../core/lesion/coupling.ts";
import { meanDiameterMm } from "../../core/lesion/decisions.ts";
import { type LesionSize, ReaderSizes } from "../../core/lesion/reader-sizes.ts";
import type { Crop } from "../../core/values/region.ts";
import { emptyMask, type Mask } from "../../core/values/slice.ts";
import { type ChosenCases, cropOf } from "../cases-file.ts";

/** What draws further readers, and how many they are. */
export interface Further {
  readonly count: number;
  readonly draw: DrawReaders;
}

/** A model's samples of a region as further readers, sample n the same one on all slices of a lesion; none without a model. */
type DrawReaders = (crop: Crop, place: Omit<SlicePlace, "seed">) => Promise<readonly Mask[]>;

/** A lesion through its slices. A slice that the table lacks, between two that it has, is one on which nobody drew. */
export async function lesionCase(cases: ChosenCases, lesion: SlicedLesion, further: Further): Promise<ReadCase> {
  const { spacingMm, distanceMm, slices, patient, series, nodule, draw } = lesion;
  const readers = cases.slots + further.count;
  const stacks: Mask[][] = Array.from({ length: readers }, () => []);
  const sizes = new ReaderSizes(readers, spacingMm);
  const empty = emptyMask(cases.size, cases.size);
  const first = slices[0]?.zMm ?? 0;
  for (const { row, zMm } of slices) {
    const drawn = further.count > 0 ? await further.draw(await cropOf(cases, row), { lesion: draw, row, zMm }) : [];
    const masks = [...(await cases.graders(row)), ...drawn];
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
    sizes: found.map((size) => (size.volumeMm3 > 0 ? size : null)),
  };
}

function lesionReading(size: LesionSize): Reading {
  const { volumeMm3, longMm } = size;
  return { drew: volumeMm3 > 0, sizes: { volume: volumeMm3, long_axis: longMm, mean_diameter: meanDiameterMm(size) } };
}
