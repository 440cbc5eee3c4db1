import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Task } from "../network/encoding.ts";
import { statisticsOf } from "../network/statistics.ts";
import { cutMask } from "../values/mask-placement.ts";
import { type Crop, cropRegion } from "../values/region.ts";
import { emptyMask, type Grader, type Mask, type Slice } from "../values/slice.ts";
import { drawnThroughout } from "./connected.ts";
import type { Coupling } from "./coupling.ts";
import { type GrownLesion, growLesion } from "./grow.ts";
import { coupledMasksOf, type LesionModel } from "./sample-lesion.ts";

/** A series of slices and what graders drew on each. */
export interface LesionSeries {
  readonly name: string;
  /** Place of every slice along the normal, mm, ascending or descending; its number where it is not known. */
  readonly places: readonly number[];
  /** Draw number of every slice; where not given, the series' own and the slice's number together. */
  readonly draws?: readonly number[];
  /** @throws what its file's reader throws */
  read(
    slice: number,
  ): Promise<{ readonly slice: Slice; readonly graders: readonly Grader[]; readonly picture?: string }>;
}

export interface FollowOrder {
  /** The slice pointed at, and column and row that the region is asked for around. */
  readonly start: number;
  readonly at: readonly [column: number, row: number];
  readonly seed: number;
  readonly count: number;
  readonly threshold: number;
  readonly coupling: Coupling;
  /** The series' draw number: `SlicePlace.lesion`. */
  readonly draw: number;
}

/** One slice of a lesion's region, as soon as it was looked at. */
export interface FollowedSlice {
  readonly index: number;
  readonly crop: Crop;
  /** Everything that was marked in the region, one mask per reader. */
  readonly samples: readonly Mask[];
  readonly graders: readonly Mask[];
  /** Per pixel over the samples' probabilities, [size, size], in [0, 0.25]. */
  readonly variance: Float32Array;
}

export interface FollowedLesion {
  readonly grown: GrownLesion;
  readonly graderNames: readonly string[];
  /** Column and row of the region's first pixel, the same in all slices. */
  readonly origin: readonly [number, number];
}

/**
 * From the slice pointed at outwards, one region through all slices, as far as anybody marks it. `onSlice` is told each
 * slice once, in that order. Graders are those of the slice pointed at. Where the model has a crew, it looks at the slice
 * after the next one meanwhile, as far as that is sure to be asked for.
 * @throws GraderspaceError GeometryMismatch where slices differ in size; as `LesionSeries.read` and `Model.draw`
 */
export async function followLesion(
  model: LesionModel & { readonly config: { readonly preprocessing: { readonly size: number } } },
  series: LesionSeries,
  order: FollowOrder,
  onSlice: (slice: FollowedSlice) => void,
  task?: Task,
): Promise<FollowedLesion> {
  const { start, at, seed, draw } = order;
  const { size } = model.config.preprocessing;
  const first = await series.read(start);
  const { origin } = cropRegion(first.slice, at[0], at[1], size);
  const graderNames = first.graders.map(({ name }) => name);
  const growing = { places: series.places, start, point: [at[0] - origin[0], at[1] - origin[1]] as const };
  const look = async (index: number) => {
    const { slice, graders, picture } = index === start ? first : await series.read(index);
    checkSize(series.name, index, slice, first.slice);
    const crop = { ...cropRegion(slice, at[0], at[1], size), ...(picture !== undefined && { picture }) };
    return { crop, graders, prepared: await (model.crew ?? model).prepare(crop, task) };
  };
  const ahead = new Map<number, ReturnType<typeof look>>();
  const soon = (index: number) => {
    if (!model.crew) return;
    const looked = look(index);
    looked.catch(() => undefined); // it is awaited when its turn comes, if it does
    ahead.set(index, looked);
  };
  const read = async (index: number) => {
    const { crop, graders: drawn, prepared } = await (ahead.get(index) ?? look(index));
    ahead.delete(index);
    const place = {
      seed,
      lesion: draw,
      row: series.draws?.[index] ?? draw + index,
      zMm: series.places[index] as number,
    };
    const { masks, samples } = await coupledMasksOf(model, prepared, place, order, task);
    const graders = graderNames.map((name) => {
      const mask = drawn.find((one) => one.name === name)?.mask ?? null;
      return mask ? cutMask(mask, origin, size) : emptyMask(size, size);
    });
    onSlice({ index, crop, samples: masks, graders, variance: statisticsOf(samples).variance });
    return { samples: masks, graders };
  };
  const grown = await growLesion(growing, read, soon);
  return { grown: { ...grown, samples: drawnThroughout(grown.samples, order.coupling.least) }, graderNames, origin };
}

function checkSize(file: string, index: number, slice: Slice, first: Slice): void {
  if (slice.width === first.width && slice.height === first.height) return;
  const problem = say`its slice ${index} has ${slice.width}×${slice.height} pixels, others ${first.width}×${first.height}`;
  throw new GraderspaceError("GeometryMismatch", { file, problem, remedy: say`give slices of one size` });
}
