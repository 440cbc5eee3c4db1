import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Mask } from "../values/slice.ts";
import { pairwiseIou } from "./agreement.ts";

/** Samples that stand for many draws: which of them they are, and for what share of them each stands. */
export interface Representatives {
  /** Places among the draws, from 0, ascending. */
  readonly places: readonly number[];
  /** Share of the draws to which each is the nearest, the first of equals; they sum to 1. */
  readonly weights: readonly number[];
}

/**
 * `count` of the masks that stand for all of them. They are chosen one after the other: each is the
 * one that brings the energy distance 2·E[d(S,M)] − E[d(S,S′)] − E[d(M,M′)] of the chosen S to all masks M down most,
 * d = 1 − IoU, pairs with themselves included, as in GED² (Székely & Rizzo, J. Stat. Plan. Inference 143, 2013; greedy
 * as herding, Chen, Welling & Smola, UAI 2010). Of equals the first one.
 * @throws GraderspaceError BadArgument: fewer masks than are to be chosen, or masks of different sizes
 */
export function representatives(masks: readonly Mask[], count: number): Representatives {
  if (count > masks.length) {
    const problem = say`${count} representatives cannot be chosen out of ${masks.length} samples`;
    throw new GraderspaceError("BadArgument", { problem, remedy: say`ask for at most ${masks.length}` });
  }
  const overlaps = pairwiseIou(masks);
  const toAll = overlaps.map((row) => row.reduce((sum, iou) => sum + iou, 0) / row.length);
  const toChosen = new Float64Array(masks.length); // Σ IoU over the chosen
  const chosen: number[] = [];
  while (chosen.length < count) {
    // Of what the energy distance becomes with a further one, all but this is the same whichever is taken.
    const gains = toAll.map((own, i) => own - (toChosen[i] as number) / (chosen.length + 1));
    for (const taken of chosen) gains[taken] = Number.NEGATIVE_INFINITY;
    const best = gains.indexOf(Math.max(...gains));
    overlaps[best]?.forEach((iou, i) => {
      toChosen[i] = (toChosen[i] as number) + iou;
    });
    chosen.push(best);
  }
  const places = chosen.sort((a, b) => a - b);
  return { places, weights: sharesOf(overlaps, places) };
}

function sharesOf(overlaps: readonly (readonly number[])[], places: readonly number[]): number[] {
  const counts = places.map(() => 0);
  for (const row of overlaps) {
    const near = places.map((place) => row[place] as number);
    const nearest = near.indexOf(Math.max(...near));
    counts[nearest] = (counts[nearest] as number) + 1;
  }
  return counts.map((one) => one / overlaps.length);
}
