import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { byLongAxis, presetNamed, type Threshold } from "../../core/lesion/decisions.ts";
import {
  type Flips,
  gradersFigures,
  lognormalOf,
  type ReadersFigures,
  type ReadLesion,
  samplesFigures,
  volumeFigures,
} from "../../core/lesion/nodule-figures.ts";
import { thinned } from "../../core/measures/pick-cases.ts";
import { rounded } from "../../core/measures/rounded.ts";
import type { Arguments } from "../arguments.ts";
import { readArguments } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { readCases } from "../cases-file.ts";
import { readModel } from "../model-folder.ts";
import { progressLine } from "../progress.ts";
import { writeBytes } from "../read-bytes.ts";
import { lesionRows } from "./lesion-rows.ts";
import { lesionsOf, readTable, rowsOfSplit, type TableLesion } from "./lesion-table.ts";
import { type LesionReader, lesionReader } from "./read-lesion.ts";

const OPTIONS = ["table", "split", "count", "seed", "limit", "model", "coupling", "thresholds", "fit", "out"];
/** Samples of a lesion in the fit of the lognormal baseline: it takes their mean alone. */
const FIT_COUNT = 16;
/**
 * `nodules CASES.npz --table CASES.csv [--split S] [--count 128] [--seed 0] [--limit K] [--model NAME|DIR]
 * [--coupling NAME] [--thresholds fleischner-2017] [--fit 64] [--out LESIONS.csv]`. `--count 0`: the graders' half alone, without a network. `--limit`
 * thins the lesions with four readers. `--fit K`: the lognormal baseline is fitted on K lesions of `train` (0: none).
 */
export async function nodules(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["CASES.npz"], options: OPTIONS });
  const count = args.whole("count", 128, 0, 1000);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const coupling = couplingNamed(args.text("coupling") ?? DEFAULT_COUPLING);
  const order = { seed: args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1), count, coupling };
  const thresholds = presetNamed(args.text("thresholds") ?? "fleischner-2017");
  const path = args.needed("table");
  const started = performance.now();
  const files = count > 0 ? await readModel(args.text("model")) : null;
  const cases = await readCases(args.positionals[0] as string, undefined, 2 ** 31);
  const table = await readTable(path, cases.rows.length);
  const split = args.text("split");
  const { lesions, leftOut, sameZ } = lesionsOf(table, rowsOfSplit(table, split));
  if (sameZ > 0) process.stderr.write(`${sameZ} rows lie at the place of another row of their lesion: counted once\n`);
  const model = files && (await openModel(files));
  const reader = lesionReader(cases, model, files?.config.threshold ?? 0.5);

  const four = await drawnByAll(lesions, reader);
  const law = model && (await fittedLaw(args, table, split, reader, order));
  const chosen = thinned(
    four.map((_, i) => i),
    limit,
  ).map((i) => four[i] as TableLesion);
  const progress = progressLine("nodules", chosen.length);
  const read: ReadLesion[] = [];
  for (const lesion of chosen) {
    read.push(await reader.read(lesion, order));
    progress(read.length);
  }
  model?.dispose();
  const out = args.text("out");
  if (out !== undefined) await writeBytes(out, lesionRows(chosen, read));
  return {
    lesions: lesions.length,
    four_readers: read.length,
    left_out: leftOut,
    ...(model && { count, coupling: coupling.name }),
    ...figuresOf(read, thresholds, model ? law : undefined),
    seconds: rounded((performance.now() - started) / 1000),
  };
}

/** Lesions on which every grader drew something somewhere. */
async function drawnByAll(lesions: readonly TableLesion[], reader: LesionReader): Promise<TableLesion[]> {
  const found: TableLesion[] = [];
  for (const lesion of lesions) if (await reader.drawnByAll(lesion)) found.push(lesion);
  return found;
}

/** The lognormal baseline out of the lesions of `train`; null, said, where there are none beside the split asked for. */
async function fittedLaw(
  args: Arguments,
  table: Awaited<ReturnType<typeof readTable>>,
  split: string | undefined,
  reader: LesionReader,
  order: Parameters<LesionReader["read"]>[1],
) {
  const most = args.whole("fit", 64, 0, 1e6);
  const train = table.flatMap((row, i) => (row["split"] === "train" ? [i] : []));
  if (most === 0 || split === undefined || split === "train" || train.length === 0) {
    process.stderr.write("the lognormal baseline is left out: it is fitted on train, for another split\n");
    return null;
  }
  const four = await drawnByAll(lesionsOf(table, train).lesions, reader);
  const chosen = thinned(
    four.map((_, i) => i),
    most,
  );
  const progress = progressLine("fit on train", chosen.length);
  const read: ReadLesion[] = [];
  for (const i of chosen) {
    read.push(await reader.read(four[i] as TableLesion, { ...order, count: FIT_COUNT }));
    progress(read.length);
  }
  return lognormalOf(read);
}

/** What is printed of the lesions; without a model (`law` undefined) the graders' half. */
function figuresOf(
  read: readonly ReadLesion[],
  decisions: readonly Threshold[],
  law: ReturnType<typeof lognormalOf> | undefined,
): object {
  const thresholds = [...decisions, ...byLongAxis(decisions)];
  const graders = gradersFigures(read, thresholds);
  const model = law === undefined ? null : samplesFigures(read, thresholds);
  const volumes = law === undefined ? null : volumeFigures(read, law);
  const both = (name: "iccVolume" | "iccLogVolume" | "iccLongAxis") => ({
    graders: orNull(graders[name]?.value),
    ...(model && { model: orNull(model[name]?.value) }),
  });
  const flips = (from: number, to: number) =>
    Object.fromEntries(
      thresholds.slice(from, to).map(({ name }, i) => [name, flipsOf(graders, model, from + i)] as const),
    );
  return {
    ...(volumes && {
      crps_log_volume: rounded(volumes.crpsLogVolume),
      coverage90: rounded(volumes.coverage90),
      coverage50: rounded(volumes.coverage50),
      width90_log: rounded(volumes.width90Log),
      fewer_than_half_drew: volumes.fewDrew,
      none_drew: volumes.noneDrew,
    }),
    icc_log_volume: both("iccLogVolume"),
    icc_volume: both("iccVolume"),
    icc_long_axis: both("iccLongAxis"),
    volume_ratio: {
      graders_median: orNull(graders.volumeRatio),
      ...(model && { model_median: orNull(model.volumeRatio) }),
    },
    flips: flips(0, decisions.length),
    flips_long_axis: flips(decisions.length, thresholds.length),
    ...(volumes && {
      baselines: {
        majority: rounded(volumes.baselines.majority),
        bestSingle: rounded(volumes.baselines.bestSingle),
        lognormal: orNull(volumes.baselines.lognormal),
      },
    }),
    ...(law && { lognormal_law: { a: rounded(law.a), b: rounded(law.b), sigma: rounded(law.sigma) } }),
  };
}

function flipsOf(graders: ReadersFigures, model: ReadersFigures | null, at: number) {
  const { pairs, low, high, any } = graders.flips[at] as Flips;
  return {
    graders: orNull(pairs),
    ...(model && { model: orNull(model.flips[at]?.pairs) }),
    graders_any: orNull(any),
    low: orNull(low),
    high: orNull(high),
  };
}

/** A figure that does not exist is null in JSON, said by its place. */
function orNull(value: number | null | undefined): number | null {
  return value === null || value === undefined || Number.isNaN(value) ? null : rounded(value);
}
