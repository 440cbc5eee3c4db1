import { meanProbability } from "../measures/evaluation.ts";
import type { Samples, Task } from "../network/encoding.ts";
import type { Model, Prepared } from "../network/model.ts";
import { type Choices, chooseSamples } from "../random/choices.ts";
import type { Crop } from "../values/region.ts";
import { areaPx, type Mask } from "../values/slice.ts";
import { maskOf, masksOf } from "../values/threshold.ts";
import { drawnThroughout } from "./connected.ts";
import { type Coupling, lesionDraws, type SlicePlace, takenDraws } from "./coupling.ts";
import { majorityOfMany } from "./lesion-consensus.ts";
import { StackOverlaps } from "./overlaps.ts";
import { type LesionSize, ReaderSizes } from "./reader-sizes.ts";
import { type PixelSpacing, slabMm3 } from "./volume.ts";

/** A lesion as a model sees it. */
export interface LesionToSample {
  /** Its draw number, `SlicePlace.lesion`. */
  readonly draw: number;
  readonly spacingMm: PixelSpacing;
  readonly slices: readonly {
    readonly row: number;
    readonly zMm: number;
    /** The length along the normal that it stands for. */
    readonly thicknessMm: number;
    /** Read when its turn has come. */
    crop(): Promise<Crop>;
  }[];
}

export interface LesionOrder {
  readonly seed: number;
  readonly count: number;
  /** Lesion is where P ≥ threshold. */
  readonly threshold: number;
  readonly coupling: Coupling;
}

/** A lesion's samples, each a reader through all slices. */
export interface SampledLesion {
  /** One per sample; 0 where it drew nothing. */
  readonly sizes: readonly LesionSize[];
  /** Volume of what at least half of the samples mark. */
  readonly majorityMm3: number;
  /** Volume where the mean probability reaches ½. */
  readonly meanMaskMm3: number;
  /** The sample nearest to all others by 1 − IoU in three dimensions. */
  readonly medoid: number;
}

/** What is asked of a model for a lesion. */
export type LesionModel = Pick<Model, "choice" | "members" | "head" | "prepare" | "draw" | "crew">;

/**
 * What each sample marks of a lesion. Slice by slice: no picture or encoding of another one stays in memory, and the task's
 * `pause` is awaited between them. @throws as `Model.draw`
 */
export async function sampleLesion(
  model: LesionModel,
  lesion: LesionToSample,
  { seed, count, threshold, coupling }: LesionOrder,
  task?: Task,
): Promise<SampledLesion> {
  const stacks = Array.from({ length: count }, (): Mask[] => []);
  let meanMaskMm3 = 0;
  for (const { row, zMm, thicknessMm, crop } of lesion.slices) {
    const place = { seed, lesion: lesion.draw, row, zMm };
    const { masks, samples } = await coupledMasks(model, await crop(), place, { coupling, count, threshold }, task);
    const mean = maskOf(meanProbability(samples), samples.width, samples.height, 0.5);
    meanMaskMm3 += slabMm3(areaPx(mean), lesion.spacingMm, thicknessMm);
    for (const [n, mask] of masks.entries()) stacks[n]?.push(mask);
    await task?.pause?.();
  }
  const parts = drawnThroughout(stacks, coupling.least);
  const sizes = new ReaderSizes(count, lesion.spacingMm);
  const overlaps = new StackOverlaps(count);
  let majorityMm3 = 0;
  for (const [s, { thicknessMm }] of lesion.slices.entries()) {
    const masks = parts.map((stack) => stack[s] as Mask);
    sizes.add(masks, thicknessMm);
    overlaps.add(masks);
    majorityMm3 += slabMm3(areaPx(majorityOfMany(masks)), lesion.spacingMm, thicknessMm);
    await task?.pause?.();
  }
  return { sizes: sizes.sizes(), majorityMm3, meanMaskMm3, medoid: overlaps.medoid() };
}

/** The masks of one slice, sample n the same reader as on other slices; `samples` are the slice's own draws, in their order. */
export async function coupledMasks(
  model: LesionModel,
  crop: Crop,
  place: SlicePlace,
  order: Omit<LesionOrder, "seed">,
  task?: Task,
): Promise<CoupledMasks> {
  return coupledMasksOf(model, await model.prepare(crop, task), place, order, task);
}

interface CoupledMasks {
  readonly masks: Mask[];
  readonly samples: Samples;
}

/** … of a slice that the model has looked at. */
export async function coupledMasksOf(
  model: LesionModel,
  prepared: Prepared,
  place: SlicePlace,
  { coupling, count, threshold }: Omit<LesionOrder, "seed">,
  task?: Task,
): Promise<CoupledMasks> {
  const choices = coupledChoices(model, prepared, coupling, place, count);
  const { samples } = (await model.draw(prepared, choices, { samples: true }, task)) as { samples: Samples };
  const drawn = masksOf(samples, threshold);
  if (model.choice === "samples") return { masks: drawn, samples }; // each goes through the slices as it was made
  return { masks: takenDraws(coupling, place, drawn.map(areaPx)).map((n) => drawn[n] as Mask), samples };
}

/** Members and heads are readers already: sample n is the same one in all slices. A seed is each slice's own. */
function coupledChoices(
  model: LesionModel,
  { crop, prior }: Prepared,
  coupling: Coupling,
  place: SlicePlace,
  count: number,
): Choices {
  const size = { width: crop.size, height: crop.size };
  if (model.choice === "z" && prior && model.head) {
    return { kind: "z", draws: lesionDraws(coupling, place, prior, model.head, size, count) };
  }
  const row = model.choice === "head" ? place.lesion : place.row;
  return chooseSamples(model, prior, size, { seed: place.seed, row, count });
}
