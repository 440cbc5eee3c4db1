import type { BlandAltman } from "../../core/agreement/bland-altman.ts";
import type { Icc } from "../../core/agreement/icc.ts";
import {
  ged2Floor,
  type PairSpread,
  pairSpread,
  presenceOf,
  readerRatios,
  type SizeAgreement,
  sizeAgreement,
  type WithPatients,
} from "../../core/agreement/reader-study.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { byLongAxis, presetNamed, type Threshold } from "../../core/lesion/decisions.ts";
import { gradersFigures, type ReadLesion } from "../../core/lesion/nodule-figures.ts";
import { coupledMasks } from "../../core/lesion/sample-lesion.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { REGION } from "../../core/values/region.ts";
import { type Arguments, readArguments } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { readModel } from "../model-folder.ts";
import { writeBytes } from "../read-bytes.ts";
import { appVersion } from "../sampling.ts";
import { pairRows } from "./pair-rows.ts";
import { readStudy } from "./read-study.ts";
import { reportPage } from "./report.ts";
import type { Further, ReadCase } from "./study-cases.ts";

const OPTIONS = ["table", "split", "limit", "thresholds", "model", "count", "seed", "coupling", "pairs", "out"];
/** Samples for which the floor of GED² is given. */
const FLOOR_COUNT = 16;

/** Why a figure is null. */
const ANONYMOUS =
  "its readers are not known to be the same people in every case; with --same-readers they are taken for that";
const CHOSEN = "κ is biased low where slices or lesions are in the file because somebody drew there";
const NO_SPACING = "the spacing is not known";

/**
 * `agreement CASES.npz|PACK [--table CSV] [--split S] [--limit K] [--same-readers] [--thresholds fleischner-2017]
 * [--model NAME|DIR] [--count 4] [--seed 0] [--coupling NAME] [--pairs PAIRS.csv] [--out REPORT.html]`: a case is a
 * lesion where a table says which slices belong together, else a slice. With `--model` or `--count` its samples are held against the graders.
 */
export async function agreement(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["CASES"], options: OPTIONS, flags: ["same-readers"] });
  const thresholds = presetNamed(args.text("thresholds") ?? "fleischner-2017");
  const started = performance.now();
  const further = await furtherReaders(args);
  const study = await readStudy(args.positionals[0] as string, {
    table: args.text("table"),
    split: args.text("split"),
    limit: args.whole("limit", 2 ** 31, 1, 2 ** 31),
    further,
    size: further.size,
  });
  further.end();
  const named = args.flag("same-readers") || study.named;
  const cases = study.cases.map((one) => readBy(one, study.readers.length));
  const sizes = [...new Set(cases.flatMap(({ readings }) => readings.flatMap((one) => Object.keys(one?.sizes ?? {}))))];
  const lesions = cases.some((one) => one.sizes !== null);
  const ratios = named ? readerRatios(cases, lesions ? "volume" : "area") : [];
  const floor = lesions ? null : ged2Floor(cases, FLOOR_COUNT);
  const spaced = cases.some(({ pairs }) => pairs.some(({ hd95Mm }) => hd95Mm !== null));
  const printed = {
    unit: lesions ? "lesion" : "slice",
    cases: cases.length,
    ...(study.leftOut && { left_out: study.leftOut }),
    readers: study.readers,
    same_readers: named,
    presence: presenceFigures(cases),
    dice: spreadFigures(pairSpread(cases, "dice")),
    iou: spreadFigures(pairSpread(cases, "iou")),
    hd95Mm: spreadFigures(pairSpread(cases, "hd95Mm")),
    assdMm: spreadFigures(pairSpread(cases, "assdMm")),
    icc: Object.fromEntries(sizes.map((size) => [size, sizeFigures(sizeAgreement(cases, size, scaleOf(size), named))])),
    blandAltman: named
      ? ratios.map(({ a, b, limits }) => ({ a: study.readers[a], b: study.readers[b], ...limitFigures(limits) }))
      : null,
    flips: lesions ? flipFigures(cases, thresholds) : null,
    flips_long_axis: lesions ? flipFigures(cases, byLongAxis(thresholds)) : null,
    ...(further.count > 0 && { model: { name: further.name, ...modelFigures(study.cases, study.readers.length) } }),
    ...(floor !== null && { ged2_floor: { count: FLOOR_COUNT, value: rounded(floor) } }),
    notes: [
      CHOSEN,
      ...(named ? [] : [`ICC(2,1), ICC(3,1) and Bland–Altman are null: ${ANONYMOUS}`]),
      ...(spaced ? [] : [`distances are null: ${NO_SPACING}`]),
      ...(lesions ? [] : ["flips are null: single slices have no volume, and a table says which belong together"]),
    ],
    seconds: rounded((performance.now() - started) / 1000),
  };
  const [out, pairs] = [args.text("out"), args.text("pairs")];
  const size = lesions ? "volume" : "area";
  if (pairs !== undefined) await writeBytes(pairs, pairRows(study.cases, study.readers, size));
  if (out !== undefined) await writeBytes(out, reportPage(study.name, await appVersion(), cases, size, printed));
  return printed;
}

interface FurtherReaders extends Further {
  readonly name: string;
  readonly size: number;
  end(): void;
}

/** A model's samples, where one is named or a number of samples is given. */
async function furtherReaders(args: Arguments): Promise<FurtherReaders> {
  const asked = args.text("model") !== undefined || args.text("count") !== undefined;
  const count = args.whole("count", asked ? 4 : 0, asked ? 1 : 0, 100);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const coupling = couplingNamed(args.text("coupling") ?? DEFAULT_COUPLING);
  if (!asked) return { count: 0, name: "", size: REGION, draw: async () => [], end: () => undefined };
  const { config, weights } = await readModel(args.text("model"));
  const model = await openModel({ config, weights });
  const { threshold } = config;
  return {
    count,
    name: config.name,
    size: config.preprocessing.size,
    draw: async (crop, place) =>
      (await coupledMasks(model, crop, { ...place, seed }, { coupling, count, threshold })).masks,
    end: () => model.dispose(),
  };
}

/** A case as its first readers alone read it. */
function readBy({ readings, pairs, sizes, ...one }: ReadCase, readers: number): ReadCase {
  return {
    ...one,
    readings: readings.slice(0, readers),
    pairs: pairs.filter(({ b }) => b < readers),
    sizes: sizes === null ? null : sizes.slice(0, readers),
  };
}

/** Samples against graders: pairs of one of each; ICC(1,1) of the graders and the first sample as one more reader. */
function modelFigures(cases: readonly ReadCase[], graders: number) {
  const crossed = cases.map((one) => ({ ...one, pairs: one.pairs.filter(({ a, b }) => a < graders && b >= graders) }));
  const oneMore = cases.map((one) => readBy(one, graders + 1));
  const size = cases.some((one) => one.sizes !== null) ? "volume" : "area";
  return {
    dice: spreadFigures(pairSpread(crossed, "dice")),
    iou: spreadFigures(pairSpread(crossed, "iou")),
    hd95Mm: spreadFigures(pairSpread(crossed, "hd95Mm")),
    assdMm: spreadFigures(pairSpread(crossed, "assdMm")),
    icc11_as_one_more_reader: { [size]: iccFigures(sizeAgreement(oneMore, size, scaleOf(size), false).icc11) },
  };
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
  const { repeatability } = found;
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
  };
}

function spreadFigures(spread: PairSpread | null) {
  if (spread === null) return null;
  const { pairs, mean, p05, median, p95 } = spread;
  const of = { mean: mean.mean, low: mean.low, high: mean.high, p05, median, p95 };
  return { pairs, ...Object.fromEntries(Object.entries(of).map(([name, value]) => [name, rounded(value)])) };
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

/** Over lesions that two readers or more drew, and those readers. */
function flipFigures(cases: readonly ReadCase[], thresholds: readonly Threshold[]) {
  const read = cases.flatMap(({ patient, sizes }): ReadLesion[] => {
    const graders = sizes?.filter(({ volumeMm3 }) => volumeMm3 > 0) ?? [];
    return graders.length > 1 ? [{ patient, voxelMm3: 0, graders, sampled: null }] : [];
  });
  if (read.length === 0) return null;
  const { flips } = gradersFigures(read, thresholds);
  const figures = flips.map(({ pairs, low, high, any }) => ({
    graders: rounded(pairs),
    low: rounded(low),
    high: rounded(high),
    graders_any: rounded(any),
  }));
  return Object.fromEntries(thresholds.map(({ name }, i) => [name, figures[i]]));
}
