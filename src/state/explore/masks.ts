import { consensusOf } from "../../core/consensus/consensus.ts";
import { cutGrader, cutMask, type GraderInRegion } from "../../core/values/mask-placement.ts";
import { REGION } from "../../core/values/region.ts";
import { areaPx, type Mask, type Slice } from "../../core/values/slice.ts";
import { masksOf } from "../../core/values/threshold.ts";
import { derive } from "../app/derive.ts";
import { type GraderKey, nameShown, YOU } from "../app/intent.ts";
import type { Drawn, State } from "../app/shape.ts";
import { said, t } from "../app/speech.ts";
import { frameOnScreen, isBlinded, readersOnFrame, regionOrigin } from "../cases/on-screen.ts";
import { currentKey } from "./busy.ts";
import { encodedIsFresh, samplesKey } from "./keys.ts";
import { chooseDraws, countOf } from "./samples.ts";

/** A grader as the region shows it. */
export interface RegionGrader extends GraderInRegion {
  readonly key: GraderKey;
  /** "Grader 1", or what a reader is called in the page. */
  readonly label: string;
  /** "1", or what a reader is called in the page. */
  readonly short: string;
  /** A number, or up to two initials: where there is room for no more. */
  readonly mark: string;
  /** What the file calls the grader. */
  readonly name: string;
  /** Colour slot: 0…3 for graders of the case, from 4 for readers in the page. */
  readonly slot: number;
  readonly areaPx: number;
  readonly ratings: Readonly<Record<string, number>>;
}

const originX = (state: State) => regionOrigin(state)?.[0] ?? null;
const originY = (state: State) => regionOrigin(state)?.[1] ?? null;

/** Whoever of the case is seen, and of the readers in the page who drew, within the region on the screen. */
export const regionGraders = derive(
  (state: State) =>
    [frameOnScreen(state), originX(state), originY(state), readersOnFrame(state), isBlinded(state)] as const,
  (frame, x, y, readers, blinded): readonly RegionGrader[] => {
    if (!frame || x === null || y === null) return [];
    const graders = (blinded ? [] : frame.graders).map((grader, index): RegionGrader => {
      const within = cutGrader(grader, [x, y], REGION);
      return {
        ...within,
        key: index,
        label: t`Grader ${index + 1}`,
        short: String(index + 1),
        mark: String(index + 1),
        name: grader.name,
        slot: index % YOU.slot,
        areaPx: areaPx(within.mask),
        ratings: grader.ratings ?? {},
      };
    });
    const ofPage = readers.map(({ id, name: given, slot, mask: whole }): RegionGrader => {
      const name = said(nameShown({ id, name: given }));
      const mask = cutMask(whole, [x, y], REGION);
      const about = { key: id, label: name, short: name, mark: initials(name), name: t`drew in the page`, slot };
      return { ...about, mask, areaPx: areaPx(mask), points: [], small: false, ratings: {} };
    });
    return [...graders, ...ofPage];
  },
);

/** "Y" of "You", "R2" of "Reader 2". */
function initials(name: string): string {
  const words = name.split(" ").slice(0, 2);
  return words.map((word) => word.slice(0, 1).toUpperCase()).join("");
}

/** Who drew an outline or nothing, readers in the page too; not who only set a point. */
export const outliningGraders = derive(
  (state: State) => [regionGraders(state)] as const,
  (graders): readonly RegionGrader[] => graders.filter(({ small }) => !small),
);

/**
 * The graders of the case without the readers in the page: what GED² and consensus are measured against. Who set a point only (under 3 mm)
 * neither drew an outline nor nothing, and is left out.
 */
export const caseGraders = derive(
  (state: State) => [outliningGraders(state)] as const,
  (graders): readonly RegionGrader[] => graders.filter(({ key }) => typeof key === "number"),
);

/**
 * The samples of the region on the screen; null while they belong to another one, or are not to be seen. Another seed's
 * stay until new ones are there.
 */
export function drawnOnScreen(state: State): Drawn | null {
  if (isBlinded(state) || !state.drawn || !encodedIsFresh(state)) return null;
  return state.drawn.key.startsWith(`${state.encoded?.key}|`) ? state.drawn.value : null;
}

export function samplesAreStale(state: State): boolean {
  return state.drawn?.key !== samplesKey(state);
}

/** P(lesion) of the z on the sliders; the last one shown while the next is decoded; null where it is not to be seen. */
export function decodedOnScreen(state: State): Float32Array | null {
  if (isBlinded(state) || !state.current || !encodedIsFresh(state)) return null;
  return state.current.key.startsWith(`${state.encoded?.key}|`) ? state.current.value : null;
}

export function currentIsStale(state: State): boolean {
  return state.current?.key !== currentKey(state);
}

/** The mask of each draw, also of those that another stands for. */
export const drawnMasks = derive(
  (state: State) => [drawnOnScreen(state), state.intent.threshold] as const,
  (drawn, threshold): readonly Mask[] => (drawn ? masksOf(drawn.samples, threshold) : []),
);

/** The area of each draw, by its number from 0. */
export const drawnAreas = derive(
  (state: State) => [drawnMasks(state)] as const,
  (masks): readonly number[] => masks.map(areaPx),
);

/**
 * The samples among the draws: the first ones, or those that stand for all, ascending, with the share of the draws for
 * which each stands (null where they are the first ones).
 */
export const chosenDraws = derive(
  (state: State) => [drawnMasks(state), countOf(state), state.intent.representativeOf !== null] as const,
  chooseDraws,
);

/** The samples' masks, in the order of their draws. */
export const sampleMasks = derive(
  (state: State) => [drawnMasks(state), chosenDraws(state)] as const,
  (masks, { places }): readonly Mask[] => places.map((place) => masks[place] as Mask),
);

export const sampleAreas = derive(
  (state: State) => [sampleMasks(state)] as const,
  (masks): readonly number[] => masks.map(areaPx),
);

/** The samples by the numbers of their draws, from 0, in the order of the strip. */
export const sampleOrder = derive(
  (state: State) => [chosenDraws(state), drawnAreas(state), state.intent.view.sort] as const,
  ({ places }, areas, sort): readonly number[] =>
    sort === "area" ? [...places].sort((a, b) => (areas[a] ?? 0) - (areas[b] ?? 0) || a - b) : places,
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
