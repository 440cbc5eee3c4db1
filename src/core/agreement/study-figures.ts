import { say } from "../language/say.ts";
import { byLongAxis, type DecidedSize, type Threshold } from "../lesion/decisions.ts";
import { flipsOver } from "../lesion/nodule-figures.ts";
import { rounded } from "../measures/rounded.ts";
import type { BlandAltman } from "./bland-altman.ts";
import type { Icc } from "./icc.ts";
import type { ReadCase } from "./read-case.ts";
import {
  ged2Floor,
  type PairSpread,
  pairSpread,
  presenceOf,
  readerRatios,
  type SizeAgreement,
  sizeAgreement,
  type WithPatients,
} from "./reader-study.ts";

/** What readers made of cases. */
export interface Study {
  /** A case is a lesion through its slices, or a single slice. */
  readonly unit: "lesion" | "slice";
  readonly cases: readonly ReadCase[];
  readonly readers: readonly string[];
  /** Whether one reader is one person in every case. */
  readonly named: boolean;
}

export type StudyFigures = Awaited<ReturnType<typeof studyFigures>>;
export type IccFigures = ReturnType<typeof iccFigures>;

/** Samples for which the floor of GED² is given. */
const FLOOR_COUNT = 16;

/** Why a figure is null. */
const ANONYMOUS = say`its readers are not known to be the same people in every case; --same-readers, on the page “Same people in every case”, takes them for that`;
const CHOSEN = say`Fleiss' κ is biased low where slices or lesions are in the file because somebody drew there`;
const NO_SPACING = say`the spacing is not known`;
const MIXED = say`areas and their ratios are left out: the spacing of some slices is known and of others it is not, and mm² cannot be held against pixels`;
const ON_SLICES = say`decisions are by the diameters on the one slice; thresholds of volume are left out, for a single slice has no volume`;

/** The size that everything else is about. */
export function mainSize(unit: Study["unit"]): "volume" | "area" {
  return unit === "lesion" ? "volume" : "area";
}

/**
 * All figures of readers among themselves, as the command line prints them and the page shows them, six significant
 * digits. What has no meaning is null, with its reason in `notes`. `pause` is awaited between the figures.
 */
export async function studyFigures(study: Study, thresholds: readonly Threshold[], pause: () => Promise<void>) {
  const { unit, cases, readers, named } = study;
  const size = mainSize(unit);
  const spaced = cases.filter(({ sizes }) => sizes !== null).length;
  const mixed = unit === "slice" && spaced > 0 && spaced < cases.length;
  const each = async <Figure>(figure: () => Figure): Promise<Figure> => {
    await pause();
    return figure();
  };
  const spread = (figure: Parameters<typeof pairSpread>[1]) => each(() => spreadFigures(pairSpread(cases, figure)));
  const icc: Record<string, ReturnType<typeof sizeFigures>> = {};
  for (const name of sizesOf(cases)) {
    if (mixed && name === size) continue;
    icc[name] = await each(() => sizeFigures(sizeAgreement(cases, name, scaleOf(name), named)));
  }
  const floor = unit === "slice" ? ged2Floor(cases, FLOOR_COUNT) : null;
  const decided = unit === "lesion" ? thresholds : thresholds.filter(({ measure }) => measure !== "volumeMm3");
  return {
    unit,
    cases: cases.length,
    readers,
    same_readers: named,
    presence: await each(() => presenceFigures(cases)),
    dice: await spread("dice"),
    iou: await spread("iou"),
    hd95Mm: await spread("hd95Mm"),
    assdMm: await spread("assdMm"),
    icc,
    blandAltman:
      named && !mixed
        ? readerRatios(cases, size).map(({ a, b, limits }) => ({
            a: readers[a] as string,
            b: readers[b] as string,
            ...limitFigures(limits),
          }))
        : null,
    flips: await each(() => flipFigures(cases, decided)),
    flips_long_axis: await each(() => flipFigures(cases, byLongAxis(decided))),
    ...(floor !== null && { ged2_floor: { count: FLOOR_COUNT, value: rounded(floor) } }),
    notes: [
      CHOSEN,
      ...(named ? [] : [say`ICC(2,1), ICC(3,1) and Bland–Altman are null: ${ANONYMOUS}`]),
      ...(mixed ? [MIXED] : []),
      ...(spaced > 0 ? [] : [say`distances are null: ${NO_SPACING}`, say`flips are null: ${NO_SPACING}`]),
      ...(unit === "slice" && spaced > 0 ? [ON_SLICES] : []),
    ],
  };
}

/** A case as its first readers alone read it. */
export function readBy({ readings, pairs, sizes, ...one }: ReadCase, readers: number): ReadCase {
  return {
    ...one,
    readings: readings.slice(0, readers),
    pairs: pairs.filter(({ b }) => b < readers),
    sizes: sizes === null ? null : sizes.slice(0, readers),
  };
}

/**
 * A model's samples, which come after the graders, against them: pairs of one of each; ICC(1,1) of the graders and the
 * first sample as one more reader.
 */
export function samplesAgainst(cases: readonly ReadCase[], graders: number, unit: Study["unit"]) {
  const crossed = cases.map((one) => ({ ...one, pairs: one.pairs.filter(({ a, b }) => a < graders && b >= graders) }));
  const oneMore = cases.map((one) => readBy(one, graders + 1));
  const size = mainSize(unit);
  return {
    dice: spreadFigures(pairSpread(crossed, "dice")),
    iou: spreadFigures(pairSpread(crossed, "iou")),
    hd95Mm: spreadFigures(pairSpread(crossed, "hd95Mm")),
    assdMm: spreadFigures(pairSpread(crossed, "assdMm")),
    icc11_as_one_more_reader: { [size]: iccFigures(sizeAgreement(oneMore, size, scaleOf(size), false).icc11) },
  };
}

function sizesOf(cases: readonly ReadCase[]): string[] {
  return [...new Set(cases.flatMap(({ readings }) => readings.flatMap((one) => Object.keys(one?.sizes ?? {}))))];
}

/** Volumes and areas grow by factors, lengths by millimetres. */
function scaleOf(size: string): (value: number) => number {
  return size === "volume" || size === "area" ? Math.log : (value) => value;
}

function presenceFigures(cases: readonly ReadCase[]) {
  const { kappa, shares } = presenceOf(cases);
  return {
    kappa: kappa && { value: rounded(kappa.figure), ...ends(kappa) },
    shares: Object.fromEntries(Object.entries(shares).map(([k, share]) => [k, rounded(share)])),
  };
}

function ends({ patients }: WithPatients<unknown>) {
  return { low: rounded(patients.low), high: rounded(patients.high) };
}

function iccFigures(icc: WithPatients<Icc> | null) {
  if (icc === null) return null;
  const { value, low, high } = icc.figure;
  const { low: patientsLow, high: patientsHigh } = ends(icc);
  return { value: rounded(value), interval: [rounded(low), rounded(high)], by_patients: [patientsLow, patientsHigh] };
}

function sizeFigures(found: SizeAgreement) {
  const { repeatability, ratioOfTwo } = found;
  return {
    cases: found.cases,
    readings: found.readings,
    icc11: iccFigures(found.icc11),
    complete_cases: found.completeCases,
    icc21: iccFigures(found.icc21),
    icc31: iccFigures(found.icc31),
    within_sd: repeatability && rounded(repeatability.withinSd),
    repeatability_coefficient: repeatability && rounded(repeatability.coefficient),
    within_cv: repeatability && rounded(repeatability.withinCv),
    ratio_of_two: ratioOfTwo && rounded(ratioOfTwo),
  };
}

function spreadFigures(spread: PairSpread | null) {
  if (spread === null) return null;
  const { pairs, mean, p05, median, p95 } = spread;
  return {
    pairs,
    mean: rounded(mean.mean),
    low: rounded(mean.low),
    high: rounded(mean.high),
    p05: rounded(p05),
    median: rounded(median),
    p95: rounded(p95),
  };
}

function limitFigures({ cases, bias, lower, upper, biasSpan, lowerSpan, upperSpan }: BlandAltman) {
  const span = (pair: readonly [number, number]) => pair.map(rounded);
  return {
    cases,
    bias: rounded(bias),
    lower: rounded(lower),
    upper: rounded(upper),
    bias_interval: span(biasSpan),
    lower_interval: span(lowerSpan),
    upper_interval: span(upperSpan),
  };
}

/** By the threshold's name, over cases that two readers or more drew, and those readers. Null where there is none. */
function flipFigures(cases: readonly ReadCase[], thresholds: readonly Threshold[]) {
  const read = cases.flatMap(({ patient, sizes }) => {
    const drew = sizes?.filter((size): size is DecidedSize => size !== null) ?? [];
    return drew.length > 1 ? [{ patient, drew }] : [];
  });
  if (read.length === 0) return null;
  const figuresAt = (threshold: Threshold) => {
    const { pairs, low, high, any } = flipsOver(
      read.map(({ drew }) => drew),
      read.map(({ patient }) => patient),
      threshold,
    );
    return { graders: rounded(pairs), low: rounded(low), high: rounded(high), graders_any: rounded(any) };
  };
  return Object.fromEntries(thresholds.map((threshold) => [threshold.name, figuresAt(threshold)]));
}
