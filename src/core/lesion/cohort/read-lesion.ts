import type { Task } from "../../network/encoding.ts";
import type { Crop } from "../../values/region.ts";
import { emptyMask, type Mask } from "../../values/slice.ts";
import type { ReadLesion } from "../nodule-figures.ts";
import { ReaderSizes } from "../reader-sizes.ts";
import { type LesionModel, type LesionOrder, type SampledLesion, sampleLesion } from "../sample-lesion.ts";
import { slabMm3 } from "../volume.ts";
import type { SlicedLesion } from "./lesion-slices.ts";

/** A file or pack that lesions are read from, a slice at a time. */
export interface LesionSource {
  /** One mask per reader slot of the file, in the region's size; null: who has no reading of this slice. */
  graders(row: number): Promise<readonly (Mask | null)[]>;
  /** What the network sees of it. */
  crop(row: number): Promise<Crop>;
}

/**
 * The graders' sizes of a lesion, in the order of their slots. Who has a reading of none of its slices is no reader of it;
 * who has one of some of them drew nothing on the others. No picture stays in memory. @throws as `LesionSource.graders`
 */
export async function readGraders(lesion: SlicedLesion, source: Pick<LesionSource, "graders">): Promise<ReadLesion> {
  let sizes: ReaderSizes | null = null;
  const looked = new Set<number>();
  for (const { row } of lesion.slices) {
    const masks = await source.graders(row);
    const nothing = emptyOf(masks);
    sizes ??= new ReaderSizes(masks.length, lesion.spacingMm);
    for (const [slot, mask] of masks.entries()) if (mask) looked.add(slot);
    sizes.add(
      masks.map((mask) => mask ?? nothing),
      lesion.distanceMm,
    );
  }
  return {
    patient: lesion.patient,
    voxelMm3: slabMm3(1, lesion.spacingMm, lesion.distanceMm),
    graders: sizes?.sizes().filter((_, slot) => looked.has(slot)) ?? [],
    sampled: null,
  };
}

function emptyOf(masks: readonly (Mask | null)[]): Mask {
  const { width, height } = masks.find((mask) => mask !== null) ?? { width: 0, height: 0 };
  return emptyMask(width, height);
}

/** True where every reader drew something on some slice: the figures are over these lesions. */
export function drawnByAll({ graders }: Pick<ReadLesion, "graders">): boolean {
  return graders.length > 0 && graders.every(({ slices }) => slices > 0);
}

/** A model's samples of a lesion, each slice standing for the lesion's distance. @throws as `sampleLesion` and `LesionSource.crop` */
export function readSamples(
  model: LesionModel,
  { draw, spacingMm, distanceMm, slices }: SlicedLesion,
  source: LesionSource,
  order: LesionOrder,
  task?: Task,
): Promise<SampledLesion> {
  const toSample = slices.map((slice) => ({
    row: slice.draw,
    zMm: slice.zMm,
    thicknessMm: distanceMm,
    crop: () => source.crop(slice.row),
  }));
  return sampleLesion(model, { draw, spacingMm, slices: toSample }, order, task);
}
