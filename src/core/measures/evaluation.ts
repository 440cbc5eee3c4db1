import type { Gaussian, Posterior, Samples } from "../network/encoding.ts";
import { klDivergence } from "../random/gaussian.ts";
import { areaPx, type Mask } from "../values/slice.ts";
import { maskOf, masksOf } from "../values/threshold.ts";
import { type Agreement, agreementOf, dice } from "./agreement.ts";
import { overDifferent } from "./spread.ts";

/** How one case's samples compare with its graders; every slot counts, the empty ones too. */
export interface CaseFigures extends Agreement {
  /** Mean over the slots of Dice(mean probability ≥ threshold, slot); ∅ with ∅ = 1. */
  readonly dice: number;
  readonly samples: number;
  readonly slots: number;
  /** Slots in which something was drawn. */
  readonly drew: number;
  /** Share of the samples that mark anything. */
  readonly presence: number;
  /** Nats per axis, mean over the slots; null where the system has no posterior. */
  readonly klPerAxis: readonly number[] | null;
  /** Nats of the local fields given z, mean over the slots; null where they are not told from a mask. */
  readonly klFields: number | null;
}

/** Means over cases. */
export interface Summary {
  readonly cases: number;
  readonly ged2: number;
  /** By the number of graders who drew something: "0" … "4", those that occur. */
  readonly ged2ByGraders: Readonly<Record<string, number>>;
  readonly hmIou: number;
  readonly diversity: number;
  /** Over the cases that have a pair of different, non-empty samples; null where none has. */
  readonly nestedness: number | null;
  readonly dice: number;
  readonly presence: number;
  /** The part of GED² that is "drawn or not". */
  readonly ged2Presence: number;
  /**
   * GED² that readers who could be exchanged with these would reach with as many samples: mean of (1/n + 1/G)·D, D being
   * 1 − IoU over distinct pairs of a case's G slots, the empty ones too. Null where a case has one slot.
   */
  readonly ged2Floor: number | null;
  readonly klPerAxis: readonly number[] | null;
  readonly klFields: number | null;
}

/** Mean over the samples, [H, W]. */
export function meanProbability({ count, width, height, probabilities }: Samples): Float32Array {
  const pixels = width * height;
  const sum = new Float64Array(pixels);
  for (let at = 0; at < probabilities.length; at++) {
    const i = at % pixels;
    sum[i] = (sum[i] as number) + (probabilities[at] as number);
  }
  return Float32Array.from(sum, (total) => total / count);
}

/** `mean`: `meanProbability` of the samples. `posteriors`: one per slot, with the prior they are held against. */
export function figuresOf(
  samples: Samples,
  mean: Float32Array,
  graders: readonly Mask[],
  threshold: number,
  kl: { readonly prior: Gaussian; readonly posteriors: readonly Posterior[] } | null,
): CaseFigures {
  const consensus = maskOf(mean, samples.width, samples.height, threshold);
  const masks = masksOf(samples, threshold);
  return {
    ...agreementOf(masks, graders),
    dice: average(graders.map((grader) => dice(consensus, grader))),
    samples: masks.length,
    slots: graders.length,
    drew: graders.filter((grader) => areaPx(grader) > 0).length,
    presence: shareDrawn(masks),
    klPerAxis: kl && meanRows(kl.posteriors.map((posterior) => klDivergence(posterior, kl.prior).perAxis)),
    klFields: kl && fieldsOf(kl.posteriors),
  };
}

function fieldsOf(posteriors: readonly Posterior[]): number | null {
  const nats = posteriors.flatMap(({ fields }) => (fields ? [fields.nats] : []));
  return nats.length === 0 ? null : average(nats);
}

/** Share of the masks that mark anything. */
export function shareDrawn(masks: readonly Mask[]): number {
  return masks.filter(({ bits }) => bits.includes(1)).length / masks.length;
}

/** The part of one case's GED² that is "drawn or not": 2·(share of samples − share of slots that mark anything)². */
export function ged2Presence({ presence, drew, slots }: CaseFigures): number {
  return 2 * (presence - drew / slots) ** 2;
}

export function summarise(cases: readonly CaseFigures[]): Summary {
  const nested = cases.flatMap(({ nestedness }) => (nestedness === null ? [] : [nestedness]));
  const kl = cases.flatMap(({ klPerAxis }) => (klPerAxis === null ? [] : [klPerAxis]));
  const fields = cases.flatMap(({ klFields }) => (klFields === null ? [] : [klFields]));
  const apart = cases.map(({ graderSpread, samples, slots }) => {
    const different = overDifferent(graderSpread, slots);
    return different === null ? null : (1 / samples + 1 / slots) * different;
  });
  const drew = [...new Set(cases.map((one) => one.drew))].sort((a, b) => a - b);
  const byGraders = drew.map((k) => [
    String(k),
    average(cases.filter((one) => one.drew === k).map(({ ged2 }) => ged2)),
  ]);
  return {
    cases: cases.length,
    ged2: average(cases.map(({ ged2 }) => ged2)),
    ged2ByGraders: Object.fromEntries(byGraders),
    hmIou: average(cases.map(({ hmIou }) => hmIou)),
    diversity: average(cases.map(({ diversity }) => diversity)),
    nestedness: nested.length === 0 ? null : average(nested),
    dice: average(cases.map((one) => one.dice)),
    presence: average(cases.map((one) => one.presence)),
    ged2Presence: average(cases.map(ged2Presence)),
    ged2Floor: apart.includes(null) ? null : average(apart as number[]),
    klPerAxis: kl.length === 0 ? null : meanRows(kl),
    klFields: fields.length === 0 ? null : average(fields),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanRows(rows: readonly ArrayLike<number>[]): number[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => average(rows.map((row) => row[i] as number)));
}
