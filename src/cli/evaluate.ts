import { GraderspaceError } from "../core/errors.ts";
import {
  type CalibrationSums,
  mergeCalibration,
  reliabilityFrom,
  startCalibration,
} from "../core/measures/calibration.ts";
import { evaluateCase } from "../core/measures/evaluate-case.ts";
import { type CaseFigures, type Summary, summarise } from "../core/measures/evaluation.ts";
import { rounded } from "../core/measures/rounded.ts";
import type { Chance } from "../core/random/draws.ts";
import type { SampleOrder } from "../core/random/orders.ts";
import type { Cell } from "../io/bytes/csv.ts";
import { type Arguments, readOrder } from "./arguments.ts";
import { openModel } from "./backend.ts";
import { type ChosenCases, readCases } from "./cases-file.ts";
import { Dump, packedMasks } from "./dump.ts";
import { readModel } from "./model-folder.ts";
import { progressLine } from "./progress.ts";
import { writeBytes } from "./read-bytes.ts";
import { givenCount, givenModels } from "./samples/samples-option.ts";
import type { Measured } from "./shards/part.ts";
import { type Shard, shareOf, WHOLE } from "./shards/shard.ts";
import { type Outputs, runCommand, type ShardedCommand } from "./shards/sharded.ts";
import { readStyle, writeTable } from "./tables/table-option.ts";

/** Draws behind the model's own probability that something is drawn: formats.md, `presence_brier`. */
const PRESENCE_DRAWS = 128;

interface Context extends Pick<ChosenCases, "rows" | "draws" | "size"> {
  readonly seed: number;
  readonly count: number;
  readonly order: SampleOrder;
  readonly representativeOf: number;
  /** In the order of the lists of cases. */
  readonly systems: readonly SystemContext[];
}

interface SystemContext {
  readonly name: string;
  /** Its samples were given, and no network drew them. */
  readonly given: boolean;
  readonly chance: Chance | null;
}

/** What the figures are made of, by case. */
interface CaseLine {
  readonly figures: CaseFigures;
  readonly representative: CaseFigures | null;
  readonly ownPresence: number | null;
  readonly calibration: CalibrationSums;
  /** Every probability of its samples is 0 or 1. */
  readonly ofMasks: boolean;
  /** For `--dump`, which a shard leaves to whoever merges. */
  readonly masks: Uint8Array | null;
}

export const EVALUATE: ShardedCommand<Context> = {
  name: "evaluate",
  expected: {
    positionals: ["CASES"],
    options: [
      "split",
      "count",
      "order",
      "seed",
      "limit",
      "model",
      "representative",
      "samples",
      "dump",
      "out",
      "csv",
      "style",
    ],
  },
  outputs: ["out", "dump", "csv"],
  files: ["samples"],
  timed: true,
  models: async (args) => (withNetwork(args) ? [args.text("model")] : []),
  measure,
  finish,
};

/** `evaluate CASES.npz|PACK [--split S] [--count 16] [--order iid|antithetic|sobol] [--seed 0] [--limit K] [--model NAME|DIR] [--samples FILE.npz|own] [--representative M] [--dump OUT.npz] [--out FIGURES.json] [--csv CASES.csv] [--style comma|semicolon]` */
export function evaluate(words: readonly string[]): Promise<object> {
  return runCommand(EVALUATE, words);
}

/** Where samples are given, no network runs unless a model is named. */
function withNetwork(args: Arguments): boolean {
  return args.text("samples") === undefined || args.text("model") !== undefined;
}

async function measure(args: Arguments, shard: Shard): Promise<Measured<Context>> {
  readStyle(args);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const typed = args.whole("count", 16, 1, 1000);
  const files = withNetwork(args) ? await readModel(args.text("model")) : null;
  const order = readOrder(args, files?.config ?? NO_ORDER);
  const network = files && (await openModel(files));
  const cases = await readCases(args.positionals[0] as string, args.text("split"), limit);
  const given = await givenModels(args, cases, network ? [network.config.name] : []);
  const count = given.length > 0 ? givenCount(args, given) : typed;
  const models = [...(network ? [network] : []), ...given];
  const withMasks = shard !== WHOLE || args.text("dump") !== undefined;
  if (models.length > 1 && args.text("dump") !== undefined) {
    const problem = `--dump holds the samples of one system, and there are ${models.length}`;
    throw new GraderspaceError("BadArgument", { problem, remedy: "leave --dump out, or give one system" });
  }

  const representativeOf = args.whole("representative", count, count, 10_000);
  const rows = shareOf(cases.rows, shard);
  const lists: Record<string, CaseLine[]> = {};
  for (const [at, model] of models.entries()) {
    const { threshold } = model.config;
    const how = { seed, count, order, threshold, kl: true, representativeOf, presenceOf: PRESENCE_DRAWS };
    const lines: CaseLine[] = [];
    const progress = progressLine("evaluate", rows.length);
    for (const row of rows) {
      const { samples, ...found } = await evaluateCase(model, await cases.marked(row), how);
      const ofMasks = samples.probabilities.every((p) => p === 0 || p === 1);
      lines.push({ ...found, ofMasks, masks: withMasks ? packedMasks(samples, threshold) : null });
      progress(lines.length);
    }
    lists[listOf(at)] = lines;
    model.dispose();
  }
  const { size, draws } = cases;
  const systems = models.map(({ config, choice, head }): SystemContext => {
    return { name: config.name, given: choice === "samples", chance: chanceOf(head) };
  });
  return { context: { rows: cases.rows, draws, size, seed, count, order, representativeOf, systems }, lists };
}

/** Samples that were given have no order but their own. */
const NO_ORDER = { name: "a set of samples", choice: "samples" } as const;

function listOf(at: number): string {
  return at === 0 ? "cases" : `cases of system ${at + 1}`;
}

/** Of a model's head what its draws hang on, without its weights. */
function chanceOf(head: Chance | null): Chance | null {
  if (!head) return null;
  const { latent, fieldSpacings, shift, gate } = head;
  return { latent, fieldSpacings, ...(shift !== undefined && { shift }), ...(gate !== undefined && { gate }) };
}

async function finish({ context, lists }: Measured<Context>, outputs: Outputs): Promise<object> {
  const { count, seed, order, systems } = context;
  const dumpFile = outputs.text("dump");
  if (dumpFile !== undefined) {
    const dump = new Dump(context, { seed, count, order }, systems[0]?.chance ?? null);
    for (const { masks } of lists["cases"] as readonly CaseLine[]) if (masks) dump.add(masks);
    await writeBytes(dumpFile, dump.npz());
  }
  await writeTable(outputs, "csv", CASE_COLUMNS, caseCells(context, lists));
  const each = systems.map(({ name, given }, at) => {
    return [name, figuresIn(context, given, lists[listOf(at)] as readonly CaseLine[])] as const;
  });
  const [first] = each;
  const figures = each.length === 1 && first ? first[1] : Object.fromEntries(each);
  const out = outputs.text("out");
  if (out !== undefined) await writeBytes(out, `${JSON.stringify(figures)}\n`);
  return figures;
}

const CASE_COLUMNS = [
  ...["model", "row", "seed", "count", "graders", "drew"],
  ...["ged2", "hm_iou", "diversity", "nestedness", "dice", "presence", "sample_grader", "grader_spread"],
];

/** A row for each case and system, in the order of the cases: the names of the page's table of cases, six significant digits. */
function caseCells({ rows, systems, seed, count }: Context, lists: Measured["lists"]): Cell[][] {
  return rows.flatMap((row, k) =>
    systems.map(({ name }, at): Cell[] => {
      const { figures } = (lists[listOf(at)] as readonly CaseLine[])[k] as CaseLine;
      const { slots, drew, ged2, hmIou, diversity, nestedness, dice, presence, sampleGrader, graderSpread } = figures;
      const shown = [ged2, hmIou, diversity, nestedness, dice, presence, sampleGrader, graderSpread];
      return [name, row, seed, count, slots, drew, ...shown.map((value) => (value === null ? null : rounded(value)))];
    }),
  );
}

/** What is printed of one system. Dice and ECE of samples that are masks say so in their names. */
function figuresIn({ count, order, representativeOf }: Context, given: boolean, lines: readonly CaseLine[]): object {
  const calibration = startCalibration();
  for (const line of lines) mergeCalibration(calibration, line.calibration);
  const brier = lines.map(({ ownPresence, figures: { drew, slots } }) => {
    return ((ownPresence ?? Number.NaN) - drew / slots) ** 2;
  });
  const representative = lines.flatMap((line) => line.representative ?? []);
  const ofMasks = given && lines.every((line) => line.ofMasks);
  const summary = summarise(lines.map(({ figures }) => figures));
  return {
    cases: summary.cases,
    count,
    ...(order === "iid" || given ? {} : { order }),
    ...printed(summary, ofMasks),
    presence: rounded(summary.presence),
    presence_brier: rounded(brier.reduce((sum, one) => sum + one, 0) / brier.length),
    ged2_presence: rounded(summary.ged2Presence),
    ged2_floor: summary.ged2Floor === null ? null : rounded(summary.ged2Floor),
    [ofMasks ? "ece_of_masks" : "ece"]: rounded(reliabilityFrom(calibration).ece),
    kl_per_axis: summary.klPerAxis?.map(rounded) ?? null,
    kl_fields: summary.klFields === null ? null : rounded(summary.klFields),
    ...(representative.length > 0 && {
      representative: { of: representativeOf, ...printed(summarise(representative), ofMasks) },
    }),
  };
}

function printed({ ged2, ged2ByGraders, hmIou, diversity, nestedness, dice }: Summary, ofMasks: boolean) {
  return {
    ged2: rounded(ged2),
    ged2_by_graders: Object.fromEntries(Object.entries(ged2ByGraders).map(([k, value]) => [k, rounded(value)])),
    hm_iou: rounded(hmIou),
    diversity: rounded(diversity),
    nestedness: nestedness === null ? null : rounded(nestedness),
    [ofMasks ? "dice_of_masks" : "dice"]: rounded(dice),
  };
}
