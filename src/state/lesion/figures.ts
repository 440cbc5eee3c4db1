import { decisionsOf, meanDiameterMm, type ReadersDecision } from "../../core/lesion/decisions.ts";
import { sizesThrough } from "../../core/lesion/measure-lesion.ts";
import type { LesionSize } from "../../core/lesion/reader-sizes.ts";
import { centralInterval } from "../../core/lesion/volume-law.ts";
import { linearQuantile } from "../../core/measures/quantile.ts";
import { areaPx } from "../../core/values/slice.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { partOf } from "./cuts.ts";
import type { Followed } from "./followed.ts";
import { lesionOnScreen } from "./keys.ts";
import { readerOnScreen } from "./reader-keys.ts";

/** Areas on one slice, mm² or px. */
export interface SliceAreas {
  /** The slice's number in the series, and its place: mm along the normal, or its number. */
  readonly index: number;
  readonly place: number;
  readonly graders: readonly number[];
  /** 5, 50 and 95 % of the samples' areas. */
  readonly samples: readonly [low: number, middle: number, high: number];
  /** Of the chosen sample. */
  readonly chosen: number | null;
}

/** Each reader's area along the slices that were looked at. */
export const areasAlong = derive(
  (state: State) => [lesionOnScreen(state), state.lesionLook.sample] as const,
  (followed, sample): readonly SliceAreas[] =>
    followed ? followed.slices.map((one) => areasOn(followed, one, sample)) : [],
);

function areasOn(followed: Followed, slice: Followed["slices"][number], sample: number | null): SliceAreas {
  const mm2 = followed.spacingMm ? followed.spacingMm[0] * followed.spacingMm[1] : 1;
  const area = (kind: "samples" | "graders", reader: number) => {
    const part = partOf(followed, kind, reader, slice);
    return part ? mm2 * areaPx(part) : 0;
  };
  const samples = slice.samples.map((_, n) => area("samples", n)).sort((a, b) => a - b);
  return {
    index: slice.index,
    place: followed.places[slice.index] as number,
    graders: followed.graderNames.map((_, g) => area("graders", g)),
    samples: [linearQuantile(samples, 0.05), linearQuantile(samples, 0.5), linearQuantile(samples, 0.95)],
    chosen: sample === null ? null : area("samples", sample),
  };
}

/** Areas of what the z on the sliders shows, by slice of the series; null where it shows nothing yet. */
export const readerAreas = derive(
  (state: State) => [lesionOnScreen(state)?.spacingMm, readerOnScreen(state)] as const,
  (spacing, reader): ReadonlyMap<number, number> | null => {
    const mm2 = spacing ? spacing[0] * spacing[1] : 1;
    return reader && new Map([...reader.masks].map(([slice, mask]) => [slice, mm2 * areaPx(mask)]));
  },
);

/** Its size; null where it shows nothing yet, or not all slices of the lesion. */
export const readerSize = derive(
  (state: State) => [lesionOnScreen(state), readerOnScreen(state)] as const,
  (followed, reader): LesionSize | null => {
    if (!followed?.found || !reader) return null;
    const { grown } = followed.found;
    const stack = Array.from({ length: grown.last - grown.first + 1 }, (_, s) => reader.masks.get(grown.first + s));
    const whole = stack.filter((mask) => mask !== undefined);
    if (whole.length < stack.length) return null;
    return sizesThrough([whole], grown, followed.places, followed.spacingMm)[0] ?? null;
  },
);

/** What a histogram of sizes shows. */
export interface SizeLaw {
  /** Of the samples that drew something. */
  readonly samples: readonly number[];
  /** One per grader; null where the grader drew nothing. */
  readonly graders: readonly (number | null)[];
  /** The middle 90 % of the samples; null under two. */
  readonly interval: readonly [low: number, high: number] | null;
  /** Of the chosen sample. */
  readonly chosen: number | null;
}

const lawOf = (measure: (size: LesionSize) => number) =>
  derive(
    (state: State) => [lesionOnScreen(state)?.found?.measured, state.lesionLook.sample] as const,
    (measured, sample): SizeLaw | null => {
      if (!measured) return null;
      const drew = measured.samples.filter(({ slices }) => slices > 0).map(measure);
      const chosen = sample === null ? undefined : measured.samples[sample];
      return {
        samples: drew,
        graders: measured.graders.map((size) => (size.slices > 0 ? measure(size) : null)),
        interval: drew.length < 2 ? null : centralInterval(drew, 0.9),
        chosen: chosen && chosen.slices > 0 ? measure(chosen) : null,
      };
    },
  );

/** Volumes, mm³ or voxels. */
export const volumeLaw = lawOf(({ volumeMm3 }) => volumeMm3);
/** Mean diameters, mm or pixels. */
export const diameterLaw = lawOf(meanDiameterMm);

/** What samples and graders decide at each threshold; none without millimetres, or before the lesion's ends are known. */
export const decisionsOnScreen = derive(
  (state: State) => [lesionOnScreen(state), state.lesionThresholds.thresholds] as const,
  (followed, thresholds): readonly ReadersDecision[] =>
    followed?.found && followed.spacingMm ? decisionsOf(followed.found.measured, thresholds) : [],
);
