import { say, type Text } from "../language/say.ts";
import type { Mask } from "../values/slice.ts";
import type { GrownLesion } from "./grow.ts";
import { majorityOfMany, stapleThrough } from "./lesion-consensus.ts";
import { type LesionSize, ReaderSizes } from "./reader-sizes.ts";
import { medianDistance, type PixelSpacing, sliceThickness } from "./volume.ts";

/** Sizes of everybody's part of a lesion, in mm; in voxels where the place of its slices is not known. */
export interface MeasuredLesion {
  readonly samples: readonly LesionSize[];
  readonly graders: readonly LesionSize[];
  /** Null where there are too few or too many readers for it. */
  readonly consensus: {
    readonly samplesMajority: LesionSize | null;
    readonly gradersMajority: LesionSize | null;
    readonly gradersStaple: LesionSize | null;
  };
  /** Sentences that a person must see beside the sizes. */
  readonly notes: readonly Text[];
}

/** A distance of slices beyond so many times the usual one is a missing slice. */
const GAP = 1.5;

/**
 * Measures every reader's part. `places` is of the whole series, mm along the normal; `spacing` null: the place of the
 * slices is not known, so that lengths are in voxels.
 */
export function measureLesion(
  grown: GrownLesion,
  places: readonly number[],
  spacing: PixelSpacing | null,
): MeasuredLesion {
  const sizesOf = (readers: readonly (readonly Mask[])[]) => sizesThrough(readers, grown, places, spacing);
  const one = (stack: readonly Mask[] | null) => (stack === null ? null : (sizesOf([stack])[0] ?? null));
  return {
    samples: sizesOf(grown.samples),
    graders: sizesOf(grown.graders),
    consensus: {
      samplesMajority: one(majorityThrough(grown.samples)),
      gradersMajority: grown.graders.length > 1 ? one(majorityThrough(grown.graders)) : null,
      gradersStaple: one(stapleThrough(grown.graders)),
    },
    notes: notesOf(grown, slabOf(grown, places), spacing),
  };
}

/** The sizes of readers who have a mask on each slice of a lesion; places and spacing as in `measureLesion`. */
export function sizesThrough(
  readers: readonly (readonly Mask[])[],
  lesion: Pick<GrownLesion, "first" | "last">,
  places: readonly number[],
  spacing: PixelSpacing | null,
): readonly LesionSize[] {
  const slab = slabOf(lesion, places);
  const thickness = spacing ? (sliceThickness(slab) ?? [neighbourDistance(places, lesion.first)]) : slab.map(() => 1);
  const sizes = new ReaderSizes(readers.length, spacing ?? [1, 1]);
  for (const [s, length] of thickness.entries()) {
    sizes.add(
      readers.map((stack) => stack[s] as Mask),
      length,
    );
  }
  return sizes.sizes();
}

/** Places of a lesion's slices, ascending. */
function slabOf({ first, last }: Pick<GrownLesion, "first" | "last">, places: readonly number[]): readonly number[] {
  return ascending(places.slice(first, last + 1));
}

function notesOf(grown: GrownLesion, slab: readonly number[], spacing: PixelSpacing | null): Text[] {
  const usual = medianDistance(slab);
  const gaps = slab.slice(1).filter((place, i) => usual !== null && place - (slab[i] as number) > GAP * usual).length;
  return [
    ...(gaps === 1 ? [say`1 slice is missing within the lesion: its neighbours stand for it`] : []),
    ...(gaps > 1 ? [say`${gaps} slices are missing within the lesion: their neighbours stand for them`] : []),
    ...(spacing ? [] : [say`the place of the slices is not known: sizes are in voxels, and there are no decisions`]),
    ...(grown.ended === "length" ? [say`the lesion was followed over 80 mm and goes on`] : []),
    ...(grown.ended === "slices" ? [say`the lesion was followed over 128 slices and goes on`] : []),
    ...(grown.leftOutPx > 0
      ? [say`${grown.leftOutPx} marked pixels do not hang together with the lesion: left out`]
      : []),
  ];
}

function majorityThrough(readers: GrownLesion["samples"]): Mask[] {
  return (readers[0] ?? []).map((_, s) => majorityOfMany(readers.map((stack) => stack[s] as Mask)));
}

/** The length along the normal that one slice alone stands for: the distance to the next one of the series. */
export function neighbourDistance(places: readonly number[], at: number): number {
  const next = places[at + 1] ?? places[at - 1] ?? (places[at] as number) + 1;
  return Math.abs(next - (places[at] as number));
}

/** Places of a series that goes the other way, turned. */
function ascending(places: readonly number[]): readonly number[] {
  const turned = places.length > 1 && (places[0] as number) > (places.at(-1) as number);
  return turned ? places.map((place) => -place) : places;
}
