import type { ReadCase } from "../../core/agreement/read-case.ts";
import { mainSize, readBy, samplesAgainst, studyFigures } from "../../core/agreement/study-figures.ts";
import { inEnglish } from "../../core/language/say.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { presetNamed } from "../../core/lesion/decisions.ts";
import { coupledMasks } from "../../core/lesion/sample-lesion.ts";
import { REGION } from "../../core/values/region.ts";
import { agreementReport } from "../../io/export/agreement/agreement-report.ts";
import type { Arguments } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { readModel } from "../model-folder.ts";
import { writeBytes } from "../read-bytes.ts";
import { appVersion } from "../sampling.ts";
import type { Measured } from "../shards/part.ts";
import type { Shard } from "../shards/shard.ts";
import { type Outputs, runCommand, type ShardedCommand } from "../shards/sharded.ts";
import type { Further } from "./lesion-case.ts";
import { pairRows } from "./pair-rows.ts";
import { readStudy, type StudyOfFile } from "./read-study.ts";

const OPTIONS = ["table", "split", "limit", "thresholds", "model", "count", "seed", "coupling", "pairs", "out"];

interface Context extends Omit<StudyOfFile, "cases"> {
  readonly thresholds: string;
  /** The model's name, where its samples were drawn. */
  readonly model: string | null;
}

export const AGREEMENT: ShardedCommand<Context> = {
  name: "agreement",
  expected: { positionals: ["CASES"], options: OPTIONS, flags: ["same-readers"] },
  outputs: ["out", "pairs"],
  files: ["table"],
  timed: true,
  models: async (args) => (asksModel(args) ? [args.text("model")] : []),
  measure,
  finish,
};

/**
 * `agreement CASES.npz|PACK [--table CSV] [--split S] [--limit K] [--same-readers] [--thresholds fleischner-2017]
 * [--model NAME|DIR] [--count 4] [--seed 0] [--coupling NAME] [--pairs PAIRS.csv] [--out REPORT.html]`: a case is a
 * lesion where a table says which slices belong together, else a slice. With `--model` or `--count` its samples are held against the graders.
 */
export function agreement(words: readonly string[]): Promise<object> {
  return runCommand(AGREEMENT, words);
}

async function measure(args: Arguments, shard: Shard): Promise<Measured<Context>> {
  const thresholds = args.text("thresholds") ?? "fleischner-2017";
  presetNamed(thresholds);
  const further = await furtherReaders(args);
  const { cases, ...study } = await readStudy(args.positionals[0] as string, {
    table: args.text("table"),
    split: args.text("split"),
    limit: args.whole("limit", 2 ** 31, 1, 2 ** 31),
    further,
    size: further.size,
    shard,
  });
  further.end();
  const named = args.flag("same-readers") || study.named;
  return {
    context: { ...study, named, thresholds, model: further.count > 0 ? further.name : null },
    lists: { cases },
  };
}

async function finish({ context, lists }: Measured<Context>, outputs: Outputs): Promise<object> {
  const { name, unit, readers, named, leftOut, model } = context;
  const read = lists["cases"] as readonly ReadCase[];
  const graders = readers.length;
  const cases = read.map((one) => readBy(one, graders));
  const thresholds = presetNamed(context.thresholds);
  const figures = await studyFigures({ unit, cases, readers, named }, thresholds, async () => undefined);
  const printed = {
    ...figures,
    notes: figures.notes.map(inEnglish),
    ...(leftOut && { left_out: leftOut }),
    ...(model !== null && { model: { name: model, ...samplesAgainst(read, graders, unit) } }),
  };
  const [out, pairs] = [outputs.text("out"), outputs.text("pairs")];
  if (pairs !== undefined) await writeBytes(pairs, pairRows(read, readers, mainSize(unit)));
  if (out !== undefined) await writeBytes(out, agreementReport(name, await appVersion(), cases, printed));
  return printed;
}

function asksModel(args: Arguments): boolean {
  return args.text("model") !== undefined || args.text("count") !== undefined;
}

interface FurtherReaders extends Further {
  readonly name: string;
  readonly size: number;
  end(): void;
}

/** A model's samples, where one is named or a number of samples is given. */
async function furtherReaders(args: Arguments): Promise<FurtherReaders> {
  const asked = asksModel(args);
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
