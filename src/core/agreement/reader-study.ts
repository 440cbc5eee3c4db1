import { bootstrapFigure, bootstrapMean, type Interval } from "../measures/bootstrap.ts";
import { linearQuantile } from "../measures/quantile.ts";
import { type BlandAltman, blandAltmanRatio } from "./bland-altman.ts";
import type { ReaderPair } from "./case-pairs.ts";
import { fleissKappa } from "./fleiss-kappa.ts";
import { type Icc, icc11, icc21, icc31 } from "./icc.ts";
import { type Repeatability, repeatabilityOf } from "./repeatability.ts";

/** What a study keeps of one case: numbers, no masks. */
export interface StudyCase {
  readonly id: string;
  /** Cases of one patient are drawn together in the bootstrap. */
  readonly patient: unknown;
  /**
   * One per reader of the study: null where this reader did not look at the case; else by measure's name the size, and
   * whether anything was drawn.
   */
  readonly readings: readonly (Reading | null)[];
  readonly pairs: readonly ReaderPair[];
}

export interface Reading {
  readonly drew: boolean;
  /** Sizes by name (`volumeMm3`, `areaMm2`, `longMm` …), > 0 where something was drawn. */
  readonly sizes: Readonly<Record<string, number>>;
}

/** κ and an ICC have the interval of a resample of patients beside them. */
export interface WithPatients<Figure> {
  readonly figure: Figure;
  /** Of whole patients, 95 %. */
  readonly patients: Interval;
}

/** All readers of one size. */
export interface SizeAgreement {
  /** Cases that two readers or more drew, and their readings. */
  readonly cases: number;
  readonly readings: number;
  readonly icc11: WithPatients<Icc> | null;
  /** Over complete cases; null where readers are not the same people in every case. */
  readonly icc21: WithPatients<Icc> | null;
  readonly icc31: WithPatients<Icc> | null;
  readonly completeCases: number;
  readonly repeatability: Repeatability | null;
  /**
   * Two readings of one case differ by a smaller factor than this, 95 times of 100: exp of the coefficient of their
   * logarithms (Bland & Altman, BMJ 313:106, 1996).
   */
  readonly ratioOfTwo: number | null;
}

/** How a figure of pairs of readers is spread, over pairs that have it. */
export interface PairSpread {
  readonly pairs: number;
  /** Mean over a case's pairs, then cases; its interval by patients. */
  readonly mean: Interval;
  readonly p05: number;
  readonly median: number;
  readonly p95: number;
}

/** Share of the cases that k of the readers who looked drew, where anybody looked, and Fleiss' κ of "drawn or not". */
export interface Presence {
  readonly kappa: WithPatients<number> | null;
  /** By k. */
  readonly shares: Readonly<Record<string, number>>;
}

const ROUNDS = 1000;

export function presenceOf(cases: readonly StudyCase[]): Presence {
  const looked = cases.flatMap(({ patient, readings }) => {
    const there = readings.filter((reading) => reading !== null);
    return there.length === 0 ? [] : [{ patient, readings: there }];
  });
  const votes = looked.map(({ readings }) => {
    const drew = readings.filter((reading) => reading.drew).length;
    return [drew, readings.length - drew];
  });
  const kappa = fleissKappa(votes);
  const counts = new Map<number, number>();
  for (const [drew = 0] of votes) counts.set(drew, (counts.get(drew) ?? 0) + 1);
  const shares = [...counts].map(([k, n]) => [k, n / looked.length]);
  const figure = (some: readonly (readonly number[])[]) => fleissKappa(some) ?? Number.NaN;
  return {
    kappa:
      kappa === null ? null : { figure: kappa, patients: bootstrapFigure(votes, patientsOf(looked), figure, ROUNDS) },
    shares: Object.fromEntries(shares),
  };
}

/**
 * How readers agree on a size, on the scale of `scale` (log for volumes): over those who drew. `named`: the readers are
 * the same people in every case, so that ICC(2,1) and ICC(3,1) have a meaning.
 */
export function sizeAgreement(
  cases: readonly StudyCase[],
  size: string,
  scale: (value: number) => number,
  named: boolean,
): SizeAgreement {
  const drawn = cases.map(({ patient, readings }) => ({ patient, row: readings.map((one) => sizeOf(one, size)) }));
  const several = drawn.map(({ patient, row }) => ({ patient, row: row.filter((value) => value !== null) }));
  const read = several.filter(({ row }) => row.length > 1);
  const complete = drawn.filter(({ row }) => row.every((value) => value !== null)) as typeof several;
  const logs = repeatabilityOf(read.map(({ row }) => row.map(Math.log)));
  const scaled = (rows: typeof several) => rows.map(({ patient, row }) => ({ patient, row: row.map(scale) }));
  return {
    cases: read.length,
    readings: read.reduce((sum, { row }) => sum + row.length, 0),
    icc11: withPatients(scaled(read), icc11),
    icc21: named ? withPatients(scaled(complete), icc21) : null,
    icc31: named ? withPatients(scaled(complete), icc31) : null,
    completeCases: complete.length,
    repeatability: repeatabilityOf(read.map(({ row }) => row)),
    ratioOfTwo: logs && Math.exp(logs.coefficient),
  };
}

/** What a reader measured; null where nothing was drawn, or nobody looked. */
export function sizeOf(reading: Reading | null | undefined, size: string): number | null {
  return reading?.drew ? (reading.sizes[size] ?? null) : null;
}

function withPatients(
  rows: readonly { readonly patient: unknown; readonly row: readonly number[] }[],
  icc: (table: readonly (readonly number[])[]) => Icc | null,
): WithPatients<Icc> | null {
  const table = rows.map(({ row }) => row);
  const figure = icc(table);
  if (figure === null) return null;
  const value = (some: readonly (readonly number[])[]) => icc(some)?.value ?? Number.NaN;
  return { figure, patients: bootstrapFigure(table, patientsOf(rows), value, ROUNDS) };
}

/** Bland–Altman as ratios of every two readers who are the same people in every case. */
export function readerRatios(
  cases: readonly StudyCase[],
  size: string,
): { readonly a: number; readonly b: number; readonly limits: BlandAltman }[] {
  const readers = cases[0]?.readings.length ?? 0;
  const found: { a: number; b: number; limits: BlandAltman }[] = [];
  for (let a = 0; a < readers; a++) {
    for (let b = a + 1; b < readers; b++) {
      const pairs = cases.flatMap(({ readings }) => {
        const [first, second] = [sizeOf(readings[a], size), sizeOf(readings[b], size)];
        return first === null || second === null ? [] : [[first, second] as const];
      });
      const limits = blandAltmanRatio(pairs);
      if (limits) found.push({ a, b, limits });
    }
  }
  return found;
}

/** A figure of pairs over those in which both readers drew; null where there is none. */
export function pairSpread(
  cases: readonly StudyCase[],
  figure: "iou" | "dice" | "hd95Mm" | "assdMm",
): PairSpread | null {
  const byCase = cases.map(({ readings, pairs }) =>
    pairs.flatMap((pair) => {
      const value = pair[figure];
      return value !== null && readings[pair.a]?.drew && readings[pair.b]?.drew ? [value] : [];
    }),
  );
  const all = byCase.flat().sort((x, y) => x - y);
  if (all.length === 0) return null;
  const means = byCase.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length); // NaN: left out
  return {
    pairs: all.length,
    mean: bootstrapMean(means, patientsOf(cases)),
    p05: linearQuantile(all, 0.05),
    median: linearQuantile(all, 0.5),
    p95: linearQuantile(all, 0.95),
  };
}

/**
 * The GED² that readers who could be exchanged with these reach with n samples: (1/n + 1/G)·D, D the mean over cases of
 * 1 − IoU over distinct pairs of the G readers, the empty ones too. Null without a pair.
 */
export function ged2Floor(cases: readonly StudyCase[], n: number): number | null {
  const apart = cases.flatMap(({ pairs }) => {
    return pairs.length === 0 ? [] : [pairs.reduce((sum, { iou }) => sum + 1 - iou, 0) / pairs.length];
  });
  const readers = cases[0]?.readings.length ?? 0;
  if (apart.length === 0) return null;
  return (1 / n + 1 / readers) * (apart.reduce((sum, value) => sum + value, 0) / apart.length);
}

function patientsOf(cases: readonly { readonly patient: unknown }[]): unknown[] {
  return cases.map(({ patient }) => patient);
}
