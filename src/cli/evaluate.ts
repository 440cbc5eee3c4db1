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
import { type Arguments, readOrder } from "./arguments.ts";
import { openModel } from "./backend.ts";
import { type ChosenCases, readCases } from "./cases-file.ts";
import { Dump, packedMasks } from "./dump.ts";
import { readModel } from "./model-folder.ts";
import { progressLine } from "./progress.ts";
import { writeBytes } from "./read-bytes.ts";
import type { Measured } from "./shards/part.ts";
import { type Shard, shareOf, WHOLE } from "./shards/shard.ts";
import { type Outputs, runCommand, type ShardedCommand } from "./shards/sharded.ts";

/** Draws behind the model's own probability that something is drawn: formats.md, `presence_brier`. */
const PRESENCE_DRAWS = 128;

interface Context extends Pick<ChosenCases, "rows" | "draws" | "size"> {
  readonly seed: number;
  readonly count: number;
  readonly order: SampleOrder;
  readonly representativeOf: number;
  readonly chance: Chance | null;
}

/** What the figures are made of, by case. */
interface CaseLine {
  readonly figures: CaseFigures;
  readonly representative: CaseFigures | null;
  readonly ownPresence: number | null;
  readonly calibration: CalibrationSums;
  /** For `--dump`, which a shard leaves to whoever merges. */
  readonly masks: Uint8Array | null;
}

export const EVALUATE: ShardedCommand<Context> = {
  name: "evaluate",
  expected: {
    positionals: ["CASES"],
    options: ["split", "count", "order", "seed", "limit", "model", "representative", "dump", "out"],
  },
  outputs: ["out", "dump"],
  files: [],
  timed: true,
  models: async (args) => [args.text("model")],
  measure,
  finish,
};

/** `evaluate CASES.npz|PACK [--split S] [--count 16] [--order iid|antithetic|sobol] [--seed 0] [--limit K] [--model NAME|DIR] [--representative M] [--dump OUT.npz] [--out FIGURES.json]` */
export function evaluate(words: readonly string[]): Promise<object> {
  return runCommand(EVALUATE, words);
}

async function measure(args: Arguments, shard: Shard): Promise<Measured<Context>> {
  const count = args.whole("count", 16, 1, 1000);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const files = await readModel(args.text("model"));
  const order = readOrder(args, files.config);
  const model = await openModel(files);
  const cases = await readCases(args.positionals[0] as string, args.text("split"), limit);
  const withMasks = shard !== WHOLE || args.text("dump") !== undefined;

  const representativeOf = args.whole("representative", count, count, 10_000);
  const { threshold } = files.config;
  const how = { seed, count, order, threshold, kl: true, representativeOf, presenceOf: PRESENCE_DRAWS };
  const rows = shareOf(cases.rows, shard);
  const lines: CaseLine[] = [];
  const progress = progressLine("evaluate", rows.length);
  for (const row of rows) {
    const { samples, ...found } = await evaluateCase(model, await cases.marked(row), how);
    lines.push({ ...found, masks: withMasks ? packedMasks(samples, threshold) : null });
    progress(lines.length);
  }
  const { size, draws } = cases;
  const context = { rows: cases.rows, draws, size, seed, count, order, representativeOf, chance: chanceOf(model.head) };
  model.dispose();
  return { context, lists: { cases: lines } };
}

/** Of a model's head what its draws hang on, without its weights. */
function chanceOf(head: Chance | null): Chance | null {
  if (!head) return null;
  const { latent, fieldSpacings, shift, gate } = head;
  return { latent, fieldSpacings, ...(shift !== undefined && { shift }), ...(gate !== undefined && { gate }) };
}

async function finish({ context, lists }: Measured<Context>, outputs: Outputs): Promise<object> {
  const { count, seed, order, representativeOf } = context;
  const lines = lists["cases"] as readonly CaseLine[];
  const calibration = startCalibration();
  for (const line of lines) mergeCalibration(calibration, line.calibration);
  const brier = lines.map(({ ownPresence, figures: { drew, slots } }) => {
    return ((ownPresence ?? Number.NaN) - drew / slots) ** 2;
  });
  const representative = lines.flatMap((line) => line.representative ?? []);
  const dumpFile = outputs.text("dump");
  if (dumpFile !== undefined) {
    const dump = new Dump(context, { seed, count, order }, context.chance);
    for (const { masks } of lines) if (masks) dump.add(masks);
    await writeBytes(dumpFile, dump.npz());
  }

  const summary = summarise(lines.map(({ figures }) => figures));
  const figures = {
    cases: summary.cases,
    count,
    ...(order === "iid" ? {} : { order }),
    ...printed(summary),
    presence: rounded(summary.presence),
    presence_brier: rounded(brier.reduce((sum, one) => sum + one, 0) / brier.length),
    ged2_presence: rounded(summary.ged2Presence),
    ged2_floor: summary.ged2Floor === null ? null : rounded(summary.ged2Floor),
    ece: rounded(reliabilityFrom(calibration).ece),
    kl_per_axis: summary.klPerAxis?.map(rounded) ?? null,
    kl_fields: summary.klFields === null ? null : rounded(summary.klFields),
    ...(representative.length > 0 && {
      representative: { of: representativeOf, ...printed(summarise(representative)) },
    }),
  };
  const out = outputs.text("out");
  if (out !== undefined) await writeBytes(out, `${JSON.stringify(figures)}\n`);
  return figures;
}

function printed({ ged2, ged2ByGraders, hmIou, diversity, nestedness, dice }: Summary) {
  return {
    ged2: rounded(ged2),
    ged2_by_graders: Object.fromEntries(Object.entries(ged2ByGraders).map(([k, value]) => [k, rounded(value)])),
    hm_iou: rounded(hmIou),
    diversity: rounded(diversity),
    nestedness: nestedness === null ? null : rounded(nestedness),
    dice: rounded(dice),
  };
}
