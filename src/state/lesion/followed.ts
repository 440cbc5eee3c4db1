import { presetNamed, type Threshold } from "../../core/lesion/decisions.ts";
import type { FollowedSlice } from "../../core/lesion/follow-lesion.ts";
import type { GrownLesion } from "../../core/lesion/grow.ts";
import type { MeasuredLesion } from "../../core/lesion/measure-lesion.ts";
import type { PixelSpacing } from "../../core/lesion/volume.ts";
import type { Mask } from "../../core/values/slice.ts";
import type { ReaderId } from "../app/intent.ts";

/** What the lesion view knows: imports core and what a person can want, so that the shape of the page may hold it. */

/** One slice of a lesion's region, with the numbers of its picture. */
export interface RegionSlice extends FollowedSlice {
  /** [size, size] in the slice's unit; −∞ where the slice ends. */
  readonly values: Float32Array;
}

/** A lesion as far as it was followed. */
export interface Followed {
  /** All slices that were looked at, ascending. */
  readonly slices: readonly RegionSlice[];
  /** Place of every slice of the series, mm along the normal; its number where `spacingMm` is null. */
  readonly places: readonly number[];
  /** Null where spacing or place of the slices is not known: then sizes are in voxels. */
  readonly spacingMm: PixelSpacing | null;
  readonly graderNames: readonly string[];
  /** Who of the graders draws in the page; null: who is of the case. */
  readonly readers: readonly (ReaderId | null)[];
  /** Column and row of the region's first pixel. */
  readonly origin: readonly [number, number];
  /** What was found, once it has been followed to its ends. */
  readonly found: { readonly grown: GrownLesion; readonly measured: MeasuredLesion } | null;
}

/** What one z, in σ of each slice's own prior, shows of a lesion. */
export interface ReaderAtZ {
  /** The lesion's key. */
  readonly lesion: string;
  /** Its part of the lesion on each slice of `readerSlices`, by its number in the series. */
  readonly masks: ReadonlyMap<number, Mask>;
}

/** Sizes at which advice changes, as the person wants them; `preset` null: their own. */
export interface WantedThresholds {
  readonly preset: string | null;
  readonly thresholds: readonly Threshold[];
}

const FIRST_PRESET = "fleischner-2017";
export const FIRST_THRESHOLDS: WantedThresholds = { preset: FIRST_PRESET, thresholds: presetNamed(FIRST_PRESET) };

/** Column and row in the region, and slice of the series: what three cuts go through. */
export type CutPlace = readonly [column: number, row: number, slice: number];

/** What of a lesion is looked at. */
export interface LesionLook {
  /** The sample that is outlined, from 0; null: none. */
  readonly sample: number | null;
  /** Where the person put the cuts, and in which lesion; null: nowhere yet. */
  readonly at: { readonly key: string; readonly place: CutPlace } | null;
  readonly shown: { readonly variance: boolean; readonly graders: boolean; readonly reader: boolean };
}
