import { uniforms } from "../random/random.ts";
import { type CalibrationSums, eceOver, mergeCalibration, startCalibration } from "./calibration.ts";
import { linearQuantile } from "./quantile.ts";

/** A mean, and the interval in which it would lie 95 times of 100 if other patients had come. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % interval of the mean over `values` by resampling whole patients: slices of one patient are near-duplicates and
 * must come and go together. NaN is left out. Without patients every value is its own. The same numbers on every run.
 */
export function bootstrapMean(values: readonly number[], patients: readonly unknown[] | null, rounds = 2000): Interval {
  const sums = new Map<unknown, { total: number; count: number }>();
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const patient = patients ? patients[i] : i;
    const { total, count } = sums.get(patient) ?? { total: 0, count: 0 };
    sums.set(patient, { total: total + value, count: count + 1 });
  });
  return resampled([...sums.values()], meanOf, rounds);
}

/** The share of the same resamples whose mean lies below 0. */
export function bootstrapBelowZero(values: readonly number[], patients: readonly unknown[], rounds = 2000): number {
  const groups = [...new Set(patients)].map((patient) => values.filter((_, i) => patients[i] === patient));
  let below = 0;
  for (let round = 0; round < rounds; round++) {
    const picks = uniforms(0, [round], groups.length);
    let total = 0;
    for (const pick of picks) for (const value of groups[Math.floor(pick * groups.length)] ?? []) total += value;
    if (total < 0) below++;
  }
  return below / rounds;
}

/** The same of the expected calibration error over all pixels of the cases; `mean` is the error itself. */
export function bootstrapEce(
  cases: readonly CalibrationSums[],
  patients: readonly unknown[] | null,
  rounds = 2000,
): Interval {
  const groups = new Map<unknown, CalibrationSums>();
  cases.forEach((one, i) => {
    const patient = patients ? patients[i] : i;
    const sums = groups.get(patient) ?? startCalibration(one.count.length);
    mergeCalibration(sums, one);
    groups.set(patient, sums);
  });
  return resampled([...groups.values()], eceOver, rounds);
}

/**
 * The same of any figure of all cases together, which is not a mean of theirs. Where a resample has no such figure (NaN)
 * it is left out. Without patients every case is its own.
 */
export function bootstrapFigure<Case>(
  cases: readonly Case[],
  patients: readonly unknown[] | null,
  figure: (cases: readonly Case[]) => number,
  rounds = 2000,
): Interval {
  const groups = new Map<unknown, Case[]>();
  cases.forEach((one, i) => {
    const patient = patients ? patients[i] : i;
    const group = groups.get(patient);
    if (group) group.push(one);
    else groups.set(patient, [one]);
  });
  return resampled([...groups.values()], (picked) => figure(picked.flat()), rounds);
}

function resampled<Group>(
  groups: readonly Group[],
  statistic: (picked: readonly Group[]) => number,
  rounds: number,
): Interval {
  const found = Array.from({ length: rounds }, (_, round) => {
    const picks = uniforms(0, [round], groups.length);
    return statistic(Array.from(picks, (pick) => groups[Math.floor(pick * groups.length)] as Group));
  })
    .filter((value) => !Number.isNaN(value))
    .sort((a, b) => a - b);
  return { mean: statistic(groups), low: linearQuantile(found, 0.025), high: linearQuantile(found, 0.975) };
}

function meanOf(groups: readonly { total: number; count: number }[]): number {
  let [total, count] = [0, 0];
  for (const group of groups) {
    total += group.total;
    count += group.count;
  }
  return total / count;
}
