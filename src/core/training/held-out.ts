import { ged2, iou } from "../measures/agreement.ts";
import type { Mask } from "../values/slice.ts";
import type { TrainingCase } from "./training-case.ts";

/** One step's figures, before the weights moved. */
export interface StepFigures {
  readonly loss: number;
  /** Nats: summed over pixels, mean over images. */
  readonly crossEntropy: number;
  /** [L], nats: KL(Q ‖ P) of each axis, mean over images. */
  readonly kl: Float32Array;
}

/** What one grader does, and how many of the samples do the same; over the held-out cases. */
export interface HabitLine {
  readonly name: string;
  /** Share of the cases on which this grader draws nothing. */
  readonly empty: number;
  /** Mean area of the outlines that there are, px. */
  readonly areaPx: number;
  /** Share of the samples that are nearest to this grader's mask (1 − IoU; ties are shared). */
  readonly nearest: number;
}

/** How samples stand to graders, over the held-out cases. */
export interface HeldOutComparison {
  /** GED² (biased, at the number of samples there are), mean over cases. */
  readonly ged2: number;
  /** E[d(S,S′)] of the samples. */
  readonly diversity: number;
  /** E[d(Y,Y′)] of the graders. */
  readonly graderSpread: number;
  readonly habits: readonly HabitLine[];
  /** Share of the samples without an outline, and the mean area of the others, px. */
  readonly samples: { readonly empty: number; readonly areaPx: number };
}

/** All that is known of the held-out cases at a step. */
export interface HeldOutFigures extends HeldOutComparison {
  readonly step: number;
  /** Nats, as a step has them, one fixed grader a case. */
  readonly crossEntropy: number;
  readonly kl: Float32Array;
  /** [L]: mean of 1 − IoU between the masks at the prior's mean ± 2σ along one axis, the others at the mean. */
  readonly effect: Float32Array;
}

/** What a look finds: figures, and probabilities [16, size, size] of the samples of the first cases. */
export interface HeldOutLook {
  readonly figures: HeldOutFigures;
  readonly samples: readonly Float32Array[];
}

/** Mask `index` of probabilities [N, size, size], cut at .5. */
export function maskAt(probabilities: Float32Array, index: number, size: number): Mask {
  const from = index * size * size;
  const bits = Uint8Array.from(probabilities.subarray(from, from + size * size), (p) => (p >= 0.5 ? 1 : 0));
  return { width: size, height: size, bits };
}

/** `samples` of each case against its graders; `names` are the graders'. */
export function compareHeldOut(
  cases: readonly TrainingCase[],
  samples: readonly (readonly Mask[])[],
  names: readonly string[],
): HeldOutComparison {
  const each = cases.map(({ masks }, i) => {
    const own = samples[i] as readonly Mask[];
    const { width, height } = own[0] as Mask;
    const graders = masks.map((bits): Mask => ({ width, height, bits }));
    return { graders, ...ged2(own, graders), nearest: nearestShares(own, graders) };
  });
  const habits = names.map((name, g): HabitLine => {
    const own = each.map(({ graders }) => graders[g] as Mask);
    return { name, ...sizes(own), nearest: meanOf(each.map(({ nearest }) => nearest[g] as number)) };
  });
  return {
    ged2: meanOf(each.map((one) => one.ged2)),
    diversity: meanOf(each.map((one) => one.diversity)),
    graderSpread: meanOf(each.map((one) => one.graderSpread)),
    habits,
    samples: sizes(samples.flat()),
  };
}

/** Mean of 1 − IoU over pairs of masks; 0 for two empty ones. */
export function effectOf(pairs: readonly (readonly [Mask, Mask])[]): number {
  return meanOf(pairs.map(([low, high]) => 1 - iou(low, high)));
}

function sizes(masks: readonly Mask[]): { empty: number; areaPx: number } {
  const areas = masks.map(({ bits }) => bits.reduce((sum, bit) => sum + bit, 0));
  const drawn = areas.filter((area) => area > 0);
  return { empty: 1 - drawn.length / areas.length, areaPx: drawn.length === 0 ? 0 : meanOf(drawn) };
}

function nearestShares(samples: readonly Mask[], graders: readonly Mask[]): number[] {
  const shares = graders.map(() => 0);
  for (const sample of samples) {
    const overlaps = graders.map((grader) => iou(sample, grader));
    const best = Math.max(...overlaps);
    const winners = overlaps.flatMap((overlap, g) => (overlap === best ? [g] : []));
    for (const g of winners) shares[g] = (shares[g] as number) + 1 / winners.length / samples.length;
  }
  return shares;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
