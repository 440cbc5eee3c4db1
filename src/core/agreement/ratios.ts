import { type StudyCase, sizeOf } from "./reader-study.ts";

/** A point of a Bland–Altman chart on the log scale. */
export interface RatioPoint {
  /** Index of the case. */
  readonly at: number;
  /** Geometric mean of the readings, in the size's unit. */
  readonly mean: number;
  readonly ratio: number;
}

/** a/b against √(a·b), over the cases that both readers drew. */
export function ratiosOfTwo(cases: readonly StudyCase[], size: string, a: number, b: number): RatioPoint[] {
  return cases.flatMap(({ readings }, at): RatioPoint[] => {
    const [first, second] = [sizeOf(readings[a], size), sizeOf(readings[b], size)];
    return first === null || second === null ? [] : [{ at, mean: Math.sqrt(first * second), ratio: first / second }];
  });
}

/** Each reading to the geometric mean of its case, over cases that two readers or more drew. */
export function ratiosToMean(cases: readonly StudyCase[], size: string): RatioPoint[] {
  return cases.flatMap(({ readings }, at): RatioPoint[] => {
    const sizes = readings.flatMap((reading) => sizeOf(reading, size) ?? []);
    if (sizes.length < 2) return [];
    const mean = Math.exp(sizes.reduce((sum, value) => sum + Math.log(value), 0) / sizes.length);
    return sizes.map((value) => ({ at, mean, ratio: value / mean }));
  });
}
