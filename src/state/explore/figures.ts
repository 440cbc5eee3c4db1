import { type Agreement, agreementOf, dice, diversity, iou, nestedness } from "../../core/measures/agreement.ts";
import { klDivergence } from "../../core/random/gaussian.ts";
import type { Mask } from "../../core/values/slice.ts";
import { maskOf } from "../../core/values/threshold.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { encodedIsFresh, posteriorKey } from "./keys.ts";
import { caseGraders, drawnOnScreen, type RegionGrader, regionGraders, sampleMasks } from "./masks.ts";

/** How samples and graders of the case agree; the parts that need graders are null without them. */
export interface Figures {
  readonly samples: number;
  readonly graders: number;
  readonly drew: number;
  readonly agreement: Agreement | null;
  readonly diversity: number | null;
  readonly nestedness: number | null;
}

export const figures = derive(
  (state: State) => [sampleMasks(state), caseGraders(state)] as const,
  (masks, graders): Figures => {
    const drew = graders.filter((grader) => grader.areaPx > 0).length;
    const counts = { samples: masks.length, graders: graders.length, drew };
    if (masks.length === 0) return { ...counts, agreement: null, diversity: null, nestedness: null };
    if (graders.length === 0) {
      return { ...counts, agreement: null, diversity: diversity(masks), nestedness: nestedness(masks) };
    }
    const agreement = agreementOf(
      masks,
      graders.map(({ mask }) => mask),
    );
    return { ...counts, agreement, diversity: agreement.diversity, nestedness: agreement.nestedness };
  },
);

/** One row of the table of graders. */
export interface GraderFigures {
  readonly grader: RegionGrader;
  /** The sample that overlaps most, from 0. */
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
  (state: State) => [regionGraders(state), sampleMasks(state), meanMask(state)] as const,
  (graders, masks, mean): readonly GraderFigures[] =>
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
        nearest,
        nearestIou,
        nearestDice: nearest === null ? null : dice(masks[nearest] as Mask, grader.mask),
        meanIou: mean ? iou(mean, grader.mask) : null,
        meanDice: mean ? dice(mean, grader.mask) : null,
      };
    }),
);

export interface Surprise {
  /** KL(Q‖P) in nats. */
  readonly total: number;
  readonly perAxis: Float32Array;
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
      return posterior && encoded?.value.prior ? klDivergence(posterior, encoded.value.prior) : null;
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
