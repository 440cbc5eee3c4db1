import { consensusOf } from "../../core/consensus/consensus.ts";
import { cutGrader, cutMask, type GraderInRegion } from "../../core/values/mask-placement.ts";
import { REGION } from "../../core/values/region.ts";
import { areaPx, type Mask, type Slice } from "../../core/values/slice.ts";
import { maskOf, masksOf } from "../../core/values/threshold.ts";
import { derive } from "../app/derive.ts";
import type { GraderKey } from "../app/intent.ts";
import type { Drawn, State } from "../app/shape.ts";
import { frameOnScreen, regionOrigin, yourMask } from "../cases/on-screen.ts";
import { currentKey } from "./busy.ts";
import { encodedIsFresh, samplesKey } from "./keys.ts";

/** A grader as the region shows it. */
export interface RegionGrader extends GraderInRegion {
  readonly key: GraderKey;
  /** "Grader 1", or "You". */
  readonly label: string;
  /** What the file calls the grader. */
  readonly name: string;
  /** Colour slot: 0…3 for graders, 4 for you. */
  readonly slot: number;
  readonly areaPx: number;
  readonly ratings: Readonly<Record<string, number>>;
}

const YOU_SLOT = 4;

const originX = (state: State) => regionOrigin(state)?.[0] ?? null;
const originY = (state: State) => regionOrigin(state)?.[1] ?? null;

/** The graders of the case, and you where you drew, within the region on the screen. */
export const regionGraders = derive(
  (state: State) => [frameOnScreen(state), originX(state), originY(state), yourMask(state)] as const,
  (frame, x, y, you): readonly RegionGrader[] => {
    if (!frame || x === null || y === null) return [];
    const graders = frame.graders.map((grader, index): RegionGrader => {
      const within = cutGrader(grader, [x, y], REGION);
      return {
        ...within,
        key: index,
        label: `Grader ${index + 1}`,
        name: grader.name,
        slot: index % YOU_SLOT,
        areaPx: areaPx(within.mask),
        ratings: grader.ratings ?? {},
      };
    });
    if (!you) return graders;
    const mask = cutMask(you, [x, y], REGION);
    const yours: RegionGrader = {
      key: "you",
      label: "You",
      name: "your lasso",
      slot: YOU_SLOT,
      mask,
      areaPx: areaPx(mask),
      points: [],
      small: false,
      ratings: {},
    };
    return [...graders, yours];
  },
);

/** Who drew an outline or nothing, you too; not who only set a point. */
export const outliningGraders = derive(
  (state: State) => [regionGraders(state)] as const,
  (graders): readonly RegionGrader[] => graders.filter(({ small }) => !small),
);

/**
 * The graders of the case without you: what GED² and consensus are measured against. Who set a point only (under 3 mm)
 * neither drew an outline nor nothing, and is left out.
 */
export const caseGraders = derive(
  (state: State) => [outliningGraders(state)] as const,
  (graders): readonly RegionGrader[] => graders.filter(({ key }) => key !== "you"),
);

/** The samples of the region on the screen; null while they belong to another one. Another seed's stay until new ones are there. */
export function drawnOnScreen(state: State): Drawn | null {
  if (!state.drawn || !encodedIsFresh(state)) return null;
  return state.drawn.key.startsWith(`${state.encoded?.key}|`) ? state.drawn.value : null;
}

export function samplesAreStale(state: State): boolean {
  return state.drawn?.key !== samplesKey(state);
}

/** P(lesion) of the z on the sliders; the last one shown while the next is decoded. */
export function currentOnScreen(state: State): Float32Array | null {
  if (!state.current || !encodedIsFresh(state)) return null;
  return state.current.key.startsWith(`${state.encoded?.key}|`) ? state.current.value : null;
}

export function currentIsStale(state: State): boolean {
  return state.current?.key !== currentKey(state);
}

export const sampleMasks = derive(
  (state: State) => [drawnOnScreen(state), state.intent.threshold] as const,
  (drawn, threshold): readonly Mask[] => (drawn ? masksOf(drawn.samples, threshold) : []),
);

export const sampleAreas = derive(
  (state: State) => [sampleMasks(state)] as const,
  (masks): readonly number[] => masks.map(areaPx),
);

/** Indices of the samples in the order of the strip. */
export const sampleOrder = derive(
  (state: State) => [sampleAreas(state), state.intent.view.sort] as const,
  (areas, sort): readonly number[] => {
    const order = areas.map((_, index) => index);
    return sort === "area" ? order.sort((a, b) => (areas[a] ?? 0) - (areas[b] ?? 0) || a - b) : order;
  },
);

export const currentMask = derive(
  (state: State) => [currentOnScreen(state), state.intent.threshold] as const,
  (current, threshold): Mask | null => (current ? maskOf(current, REGION, REGION, threshold) : null),
);

/** Square millimetres of one pixel; null where the spacing is unknown. */
export function pixelArea(slice: Slice | undefined): number | null {
  return slice?.spacingMm ? slice.spacingMm[0] * slice.spacingMm[1] : null;
}

/** Majority (at least half) and STAPLE of the graders, and where they disagree: share·(1 − share), [H,W] in [0, .25]. */
export const graderConsensus = derive(
  (state: State) => [caseGraders(state)] as const,
  (graders) => (graders.length === 0 || graders.length > 30 ? null : consensusOf(graders.map(({ mask }) => mask))),
);
