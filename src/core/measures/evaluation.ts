import type { Gaussian, Samples } from "../network/encoding.ts";
import { klDivergence } from "../random/gaussian.ts";
import { areaPx, type Mask } from "../values/slice.ts";
import { maskOf, masksOf } from "../values/threshold.ts";
import { type Agreement, agreementOf, dice } from "./agreement.ts";

/** How one case's samples compare with its graders; every slot counts, the empty ones too. */
export interface CaseFigures extends Agreement {
  /** Mean over the slots of Dice(mean probability ≥ threshold, slot); ∅ with ∅ = 1. */
  readonly dice: number;
  /** Slots in which something was drawn. */
  readonly drew: number;
  /** Nats per axis, mean over the slots; null where the system has no posterior. */
  readonly klPerAxis: readonly number[] | null;
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
  readonly klPerAxis: readonly number[] | null;
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
  kl: { readonly prior: Gaussian; readonly posteriors: readonly Gaussian[] } | null,
): CaseFigures {
  const consensus = maskOf(mean, samples.width, samples.height, threshold);
  return {
    ...agreementOf(masksOf(samples, threshold), graders),
    dice: average(graders.map((grader) => dice(consensus, grader))),
    drew: graders.filter((grader) => areaPx(grader) > 0).length,
    klPerAxis: kl && meanRows(kl.posteriors.map((posterior) => klDivergence(posterior, kl.prior).perAxis)),
  };
}

export function summarise(cases: readonly CaseFigures[]): Summary {
  const nested = cases.flatMap(({ nestedness }) => (nestedness === null ? [] : [nestedness]));
  const kl = cases.flatMap(({ klPerAxis }) => (klPerAxis === null ? [] : [klPerAxis]));
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
    klPerAxis: kl.length === 0 ? null : meanRows(kl),
  };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function meanRows(rows: readonly ArrayLike<number>[]): number[] {
  return Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => average(rows.map((row) => row[i] as number)));
}
