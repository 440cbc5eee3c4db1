import { type Agreement, agreementOf, dice, diversity, iou, nestedness } from "../../core/measures/agreement.ts";
import { presenceOdds } from "../../core/measures/presence-law.ts";
import { klDivergence } from "../../core/random/gaussian.ts";
import type { Mask } from "../../core/values/slice.ts";
import { maskOf } from "../../core/values/threshold.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { encodedIsFresh, posteriorKey } from "./keys.ts";
import {
  caseGraders,
  chosenDraws,
  drawnMasks,
  drawnOnScreen,
  type RegionGrader,
  regionGraders,
  sampleMasks,
} from "./masks.ts";
import type { ChosenDraws } from "./samples.ts";

/** How samples and graders of the case agree; the parts that need graders are null without them. */
export interface Figures {
  readonly samples: number;
  readonly graders: number;
  readonly drew: number;
  readonly agreement: Agreement | null;
  readonly diversity: number | null;
  readonly nestedness: number | null;
  /** The same for the samples that stand for many draws, where those are shown: beside the first draws' figures. */
  readonly representative: Representing | null;
}

interface Representing {
  /** Draws that the samples stand for. */
  readonly of: number;
  readonly agreement: Agreement | null;
}

export const figures = derive(
  (state: State) => [drawnMasks(state), chosenDraws(state), caseGraders(state)] as const,
  regionFigures,
);

/** Figures of the first draws, and beside them those of the samples where these stand for all draws. */
export function regionFigures(draws: readonly Mask[], chosen: ChosenDraws, graders: readonly RegionGrader[]): Figures {
  const masks = draws.slice(0, chosen.places.length);
  const drew = graders.filter((grader) => grader.areaPx > 0).length;
  const counts = { samples: masks.length, graders: graders.length, drew };
  if (masks.length === 0) {
    return { ...counts, agreement: null, diversity: null, nestedness: null, representative: null };
  }
  const against = (some: readonly Mask[]) =>
    graders.length === 0
      ? null
      : agreementOf(
          some,
          graders.map(({ mask }) => mask),
        );
  const agreement = against(masks);
  const shown = chosen.places.map((place) => draws[place] as Mask);
  return {
    ...counts,
    agreement,
    diversity: agreement ? agreement.diversity : diversity(masks),
    nestedness: agreement ? agreement.nestedness : nestedness(masks),
    representative: chosen.weights === null ? null : { of: draws.length, agreement: against(shown) },
  };
}

/** How many readers would draw it, where the model has a law of that. */
export interface PresenceFigures {
  /** P(k of `readers` | k ≥ 1), k = 1 …; of the draws so many mark anything. */
  readonly odds: readonly number[];
  readonly drawn: number;
  readonly draws: number;
}

/** As many as read each slice of LIDC, which the laws are fitted to. */
const READERS = 4;

export const presenceFigures = derive(
  (state: State) => [state.model?.value.config.presenceLaw, drawnMasks(state)] as const,
  (law, masks): PresenceFigures | null => {
    if (!law || masks.length === 0) return null;
    const drawn = masks.filter(({ bits }) => bits.includes(1)).length;
    return { odds: presenceOdds(law, drawn, masks.length, READERS), drawn, draws: masks.length };
  },
);

/** One row of the table of graders. */
export interface GraderFigures {
  readonly grader: RegionGrader;
  /** The sample that overlaps most, by the number of its draw from 0. */
  readonly nearest: number | null;
  readonly nearestIou: number | null;
  readonly nearestDice: number | null;
  /** Against the mean probability at the threshold. */
  readonly meanIou: number | null;
  readonly meanDice: number | null;
}

export const meanMask = derive(
  (state: State) => [drawnOnScreen(state), state.intent.threshold] as const,
  (drawn, threshold): Mask | null =>
    drawn ? maskOf(drawn.statistics.mean, drawn.samples.width, drawn.samples.height, threshold) : null,
);

export const graderFigures = derive(
  (state: State) => [regionGraders(state), sampleMasks(state), chosenDraws(state), meanMask(state)] as const,
  (graders, masks, { places }, mean): readonly GraderFigures[] =>
    graders.map((grader) => {
      if (grader.small) {
        return { grader, nearest: null, nearestIou: null, nearestDice: null, meanIou: null, meanDice: null };
      }
      let nearest: number | null = null;
      let nearestIou: number | null = null;
      for (const [index, mask] of masks.entries()) {
        const overlap = iou(mask, grader.mask);
        if (nearestIou === null || overlap > nearestIou) [nearest, nearestIou] = [index, overlap];
      }
      return {
        grader,
        nearest: nearest === null ? null : (places[nearest] as number),
        nearestIou,
        nearestDice: nearest === null ? null : dice(masks[nearest] as Mask, grader.mask),
        meanIou: mean ? iou(mean, grader.mask) : null,
        meanDice: mean ? dice(mean, grader.mask) : null,
      };
    }),
);

export interface Surprise {
  /** KL(Q‖P) of z in nats. */
  readonly total: number;
  readonly perAxis: Float32Array;
  /** Of the local fields given z, on top of it; null where they are not told from a mask. */
  readonly fields: number | null;
}

/** How surprising each grader is to the prior; null while the posterior is on its way. */
export const surprises = derive(
  (state: State) => {
    const names = regionGraders(state).map(({ key }) => posteriorKey(state, key) ?? "");
    return [names.join("\n"), state.posteriors, encodedIsFresh(state) ? state.encoded : null] as const;
  },
  (names, posteriors, encoded): readonly (Surprise | null)[] =>
    names.split("\n").map((name) => {
      const posterior = posteriors[name];
      if (!posterior || !encoded?.value.prior) return null;
      return { ...klDivergence(posterior, encoded.value.prior), fields: posterior.fields?.nats ?? null };
    }),
);

/** Where the variance is highest, in the region's pixels, and how high. */
export const varianceSummary = derive(
  (state: State) => [drawnOnScreen(state)] as const,
  (drawn) => {
    if (!drawn) return null;
    const { variance } = drawn.statistics;
    let at = 0;
    for (let i = 1; i < variance.length; i++) if ((variance[i] as number) > (variance[at] as number)) at = i;
    return { x: at % drawn.samples.width, y: Math.floor(at / drawn.samples.width), value: variance[at] as number };
  },
);
