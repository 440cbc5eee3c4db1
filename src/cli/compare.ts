import { basename, resolve } from "node:path";
import { GraderspaceError } from "../core/errors.ts";
import { type Agreement, agreementOf, dice } from "../core/measures/agreement.ts";
import { bootstrapMean } from "../core/measures/bootstrap.ts";
import { meanProbability } from "../core/measures/evaluation.ts";
import { rounded } from "../core/measures/rounded.ts";
import type { Samples } from "../core/network/encoding.ts";
import type { Model, ModelFiles } from "../core/network/model.ts";
import { chooseSamples } from "../core/random/choices.ts";
import type { SampleOrder } from "../core/random/orders.ts";
import type { Mask } from "../core/values/slice.ts";
import { maskOf, masksOf } from "../core/values/threshold.ts";
import type { Cell } from "../io/bytes/csv.ts";
import { type Arguments, readCounts, readOrder } from "./arguments.ts";
import { openModel } from "./backend.ts";
import { type ChosenCases, readCases } from "./cases-file.ts";
import { bundledModels, readModel } from "./model-folder.ts";
import { progressLine } from "./progress.ts";
import { givenCounts, givenModels } from "./samples/samples-option.ts";
import type { Measured } from "./shards/part.ts";
import { type Shard, shareOf } from "./shards/shard.ts";
import { type Outputs, runCommand, type ShardedCommand } from "./shards/sharded.ts";
import { readStyle, writeTable } from "./tables/table-option.ts";

const COLUMNS = [
  "model",
  "count",
  "ged2",
  "ged2_low",
  "ged2_high",
  "hm_iou",
  "diversity",
  "nestedness",
  "dice",
  "milliseconds",
];

const CASE_COLUMNS = ["model", "row", "count", "ged2", "hm_iou", "diversity", "nestedness", "dice"];

/** One case at one number of samples. */
type CaseRow = Pick<Agreement, "ged2" | "hmIou" | "diversity" | "nestedness"> & {
  dice: number;
  milliseconds: number | null;
};

/** A system's cases, by number of samples. */
type Measurements = Map<number, CaseRow[]>;

interface Context {
  readonly models: readonly string[];
  /** The cases' places in their file. */
  readonly rows: readonly number[];
  readonly counts: readonly number[];
  readonly patients: ChosenCases["patients"];
  readonly order: SampleOrder;
  /** The order that each system draws in: those without z draw in none. */
  readonly ordered: Readonly<Record<string, SampleOrder>>;
}

/** One system's figures of one case, one per count. */
interface SystemLine {
  readonly model: string;
  readonly byCount: readonly CaseRow[];
}

export const COMPARE: ShardedCommand<Context> = {
  name: "compare",
  expected: {
    positionals: ["CASES"],
    options: ["models", "counts", "order", "split", "seed", "limit", "samples", "out", "csv", "style"],
  },
  outputs: ["out", "csv"],
  files: ["samples"],
  timed: false,
  models: namesOf,
  measure: measureAll,
  finish,
};

/** What one call draws of every case. */
interface CompareOrder {
  readonly counts: readonly number[];
  readonly seed: number;
  readonly order: SampleOrder;
}

/** `compare CASES.npz|PACK [--models A,B,…] [--counts 1,4,8,16] [--order iid|antithetic|sobol] [--split S] [--seed 0] [--limit K] [--samples FILE.npz|own] [--out table.csv] [--csv cases.csv] [--style comma|semicolon]` */
export function compare(words: readonly string[]): Promise<object> {
  return runCommand(COMPARE, words);
}

async function namesOf(args: Arguments): Promise<readonly string[]> {
  // Where samples are given, no network runs unless models are named.
  return args.text("models")?.split(",") ?? (args.text("samples") === undefined ? await bundledModels() : []);
}

async function measureAll(args: Arguments, shard: Shard): Promise<Measured<Context>> {
  const names = await namesOf(args);
  readStyle(args);
  const typed = readCounts("counts", args.text("counts") ?? "1,4,8,16");
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const models = await readModels(names); // all of them before the first minute of work
  const order = readOrder(args);
  for (const [name, { config }] of models) {
    if (order !== "iid" && config.choice !== "z")
      process.stderr.write(`${name} chooses its samples by ${config.choice}: --order ${order} is not for it\n`);
  }
  const cases = await readCases(args.positionals[0] as string, args.text("split"), limit);
  const given = await givenModels(args, cases, [...models.keys()]);
  const counts = givenCounts(args, typed, given);
  const systems = new Map<string, () => Promise<Model>>([
    ...[...models].map(([name, files]) => [name, () => openModel(files)] as const),
    ...given.map((model) => [model.config.name, async () => model] as const),
  ]);
  const own = { ...cases, rows: shareOf(cases.rows, shard) };
  const lines: SystemLine[] = [];
  for (const [model, open] of systems) {
    const byCount = [...(await measure(model, open, own, { counts, seed, order })).values()];
    lines.push(...own.rows.map((_, row) => ({ model, byCount: byCount.map((rows) => rows[row] as CaseRow) })));
  }
  const ordered = Object.fromEntries(
    [...systems.keys()].map((name) => [name, models.get(name)?.config.choice === "z" ? order : "iid"]),
  );
  const context = { models: [...systems.keys()], rows: cases.rows, counts, patients: cases.patients, order, ordered };
  return { context, lists: { cases: lines } };
}

async function finish({ context, lists }: Measured<Context>, outputs: Outputs): Promise<object> {
  const { models, patients, order, ordered } = context;
  const counts = [...new Set(context.counts)];
  const lines = lists["cases"] as readonly SystemLine[];
  const measured = new Map<string, Measurements>(
    models.map((model) => {
      const own = lines.filter((line) => line.model === model);
      return [model, new Map(counts.map((count, k) => [count, own.map(({ byCount }) => byCount[k] as CaseRow)]))];
    }),
  );
  const rows = [...measured].flatMap(([model, byCount]) => {
    const named = order === "iid" ? {} : { order: ordered[model] ?? "iid" };
    return [...byCount].map(([count, figures]) => {
      const means = meansOf(figures, patients);
      return { model, count, ...named, ...means, ...(outputs.untimed && { milliseconds: null }) };
    });
  });
  const columns = order === "iid" ? COLUMNS : COLUMNS.toSpliced(2, 0, "order");
  const cells = rows.map((row) => columns.map((column) => row[column as keyof typeof row] ?? null));
  await writeTable(outputs, "out", columns, cells);
  await writeTable(outputs, "csv", CASE_COLUMNS, caseCells(context, measured));
  return { rows, paired: paired(measured, Math.max(...counts), patients) };
}

/** A row for each case, system and number of samples, in the order of the cases; six significant digits. */
function caseCells({ models, rows }: Context, measured: ReadonlyMap<string, Measurements>): Cell[][] {
  return rows.flatMap((row, at) =>
    models.flatMap((model) =>
      [...(measured.get(model) ?? [])].map(([count, figures]): Cell[] => {
        const { ged2, hmIou, diversity, nestedness, dice: overlap } = figures[at] as CaseRow;
        const shown = [ged2, hmIou, diversity, nestedness, overlap];
        return [model, row, count, ...shown.map((value) => (value === null ? null : rounded(value)))];
      }),
    ),
  );
}

/** By the folders' names. @throws GraderspaceError BadArgument, and as `readModel` */
async function readModels(names: readonly string[]): Promise<Map<string, ModelFiles>> {
  const models = new Map<string, ModelFiles>();
  for (const name of names) {
    const folder = basename(resolve(name));
    if (models.has(folder)) {
      const problem = `--models holds two folders named ${folder}`;
      throw new GraderspaceError("BadArgument", { problem, remedy: "give each model once" });
    }
    models.set(folder, await readModel(name));
  }
  return models;
}

/** Draws the largest count once per case: smaller counts are its first samples, as they would be drawn. */
async function measure(
  name: string,
  open: () => Promise<Model>,
  cases: ChosenCases,
  { counts, seed, order }: CompareOrder,
): Promise<Measurements> {
  const model = await open();
  const { threshold } = model.config;
  const timed = model.choice !== "samples"; // those were not drawn here
  const measured: Measurements = new Map(counts.map((count) => [count, []]));
  const progress = progressLine(name, cases.rows.length);
  const most = Math.max(...counts);
  const size = { width: cases.size, height: cases.size };
  for (const [done, row] of cases.rows.entries()) {
    const { row: draw, graders, values, origin = [0, 0], picture } = await cases.marked(row);
    const crop = { size: cases.size, values, origin, constant: false, ...(picture !== undefined && { picture }) };
    const started = performance.now();
    const subject = await model.prepare(crop);
    const prepared = performance.now() - started;
    const choices = chooseSamples(model, subject.prior, size, { seed, row: draw, count: most, order });
    const drawing = performance.now();
    const { samples } = (await model.draw(subject, choices, { samples: true })) as { samples: Samples };
    const each = (performance.now() - drawing) / most;
    for (const [count, figures] of measured) {
      const milliseconds = timed ? prepared + each * count : null;
      figures.push({ ...caseRow(first(samples, count), graders, threshold), milliseconds });
    }
    progress(done + 1);
  }
  model.dispose();
  return measured;
}

function caseRow(samples: Samples, graders: readonly Mask[], threshold: number): Omit<CaseRow, "milliseconds"> {
  const mean = maskOf(meanProbability(samples), samples.width, samples.height, threshold);
  const dices = graders.map((grader) => dice(mean, grader));
  const { ged2, hmIou, diversity, nestedness } = agreementOf(masksOf(samples, threshold), graders);
  return { ged2, hmIou, diversity, nestedness, dice: dices.reduce((sum, value) => sum + value, 0) / dices.length };
}

function first(samples: Samples, count: number): Samples {
  const pixels = samples.width * samples.height;
  return { ...samples, count, probabilities: samples.probabilities.subarray(0, count * pixels) };
}

function meansOf(figures: readonly CaseRow[], patients: readonly unknown[] | null) {
  const ged2 = bootstrapMean(
    figures.map((one) => one.ged2),
    patients,
  );
  const mean = (name: keyof CaseRow) => {
    const values = figures.flatMap((one) => (one[name] === null ? [] : [one[name]]));
    return values.length === 0 ? null : rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
  };
  return {
    ged2: rounded(ged2.mean),
    ged2_low: rounded(ged2.low),
    ged2_high: rounded(ged2.high),
    hm_iou: mean("hmIou"),
    diversity: mean("diversity"),
    nestedness: mean("nestedness"),
    dice: mean("dice"),
    milliseconds: mean("milliseconds"),
  };
}

/** GED² of the first minus that of the second, case by case, for every two systems. */
function paired(
  measured: ReadonlyMap<string, Measurements>,
  count: number,
  patients: readonly unknown[] | null,
): object {
  const systems = [...measured];
  const found: Record<string, object> = {};
  for (const [i, [a, left]] of systems.entries()) {
    for (const [b, right] of systems.slice(i + 1)) {
      const others = right.get(count) as CaseRow[];
      const differences = (left.get(count) as CaseRow[]).map(({ ged2 }, row) => ged2 - (others[row] as CaseRow).ged2);
      const { mean, low, high } = bootstrapMean(differences, patients);
      found[`${a},${b}`] = { count, difference: rounded(mean), low: rounded(low), high: rounded(high) };
    }
  }
  return found;
}
