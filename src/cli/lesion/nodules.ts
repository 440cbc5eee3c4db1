import { cohortFigures } from "../../core/lesion/cohort/cohort-figures.ts";
import type { SlicedLesion } from "../../core/lesion/cohort/lesion-slices.ts";
import { drawnByAll, type LesionSource, readGraders, readSamples } from "../../core/lesion/cohort/read-lesion.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { presetNamed } from "../../core/lesion/decisions.ts";
import { lognormalOf, type ReadLesion } from "../../core/lesion/nodule-figures.ts";
import type { LesionModel, LesionOrder } from "../../core/lesion/sample-lesion.ts";
import { thinned } from "../../core/measures/pick-cases.ts";
import { noduleRows } from "../../io/export/lesion/nodule-rows.ts";
import type { Arguments } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { readModel } from "../model-folder.ts";
import { progressLine } from "../progress.ts";
import { writeBytes } from "../read-bytes.ts";
import type { Measured } from "../shards/part.ts";
import { type Shard, shareOf } from "../shards/shard.ts";
import { type Outputs, runCommand, type ShardedCommand } from "../shards/sharded.ts";
import { openNodules } from "./nodule-file.ts";

const OPTIONS = ["table", "split", "count", "seed", "limit", "model", "coupling", "thresholds", "fit", "out"];
/** Samples of a lesion in the fit of the lognormal baseline: it takes their mean alone. */
const FIT_COUNT = 16;

/** A lesion that every grader drew, with the graders' sizes. */
interface Drawn {
  readonly lesion: SlicedLesion;
  readonly read: ReadLesion;
}

interface Context {
  readonly lesions: number;
  readonly leftOut: object;
  /** Null without a model. */
  readonly sampled: { readonly count: number; readonly coupling: string } | null;
  readonly thresholds: string;
  /** Whether the lognormal baseline is fitted. */
  readonly fitted: boolean;
}

export const NODULES: ShardedCommand<Context> = {
  name: "nodules",
  expected: { positionals: ["CASES"], options: OPTIONS },
  outputs: ["out"],
  files: ["table"],
  timed: true,
  models: async (args) => (args.text("count") === "0" ? [] : [args.text("model")]),
  measure,
  finish,
};

/**
 * `nodules CASES.npz --table CASES.csv|PACK.zip [--split S] [--count 128] [--seed 0] [--limit K] [--model NAME|DIR]
 * [--coupling NAME] [--thresholds fleischner-2017] [--fit 64] [--out LESIONS.csv]`. `--count 0`: the graders' half alone, without a network. `--limit`
 * thins the lesions that every grader drew. `--fit K`: the lognormal baseline is fitted on K lesions of `train` (0: none).
 */
export function nodules(words: readonly string[]): Promise<object> {
  return runCommand(NODULES, words);
}

async function measure(args: Arguments, shard: Shard): Promise<Measured<Context>> {
  const count = args.whole("count", 128, 0, 1000);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const coupling = couplingNamed(args.text("coupling") ?? DEFAULT_COUPLING);
  const thresholds = args.text("thresholds") ?? "fleischner-2017";
  presetNamed(thresholds);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const most = args.whole("fit", 64, 0, 1e6);
  const files = count > 0 ? await readModel(args.text("model")) : null;
  const file = args.positionals[0] as string;
  const { found, train, source } = await openNodules(file, { table: args.text("table"), split: args.text("split") });
  const { lesions, leftOut, sameZ } = found;
  if (sameZ > 0) process.stderr.write(`${sameZ} rows lie at the place of another row of their lesion: counted once\n`);
  const model = files && (await openModel(files));
  const order = { seed, count, coupling, threshold: files?.config.threshold ?? 0.5 };

  // which lesions a limit takes hangs on all of them; without one a shard reads no more than its own
  const chosen =
    limit < lesions.length
      ? shareOf(evenly(await drawn(lesions, source), limit), shard)
      : await drawn(shareOf(lesions, shard), source);
  const fitted = model !== null && most > 0 && train.length > 0;
  if (model && !fitted)
    process.stderr.write("the lognormal baseline is left out: it is fitted on train, for another split\n");
  const forFit = fitted ? shareOf(evenly(await drawn(train, source), most), shard) : [];
  const fit = model ? await sampled("fit on train", model, forFit, source, { ...order, count: FIT_COUNT }) : [];
  const own = model ? await sampled("nodules", model, chosen, source, order) : chosen;
  model?.dispose();
  return {
    context: {
      lesions: lesions.length,
      leftOut,
      sampled: model && { count, coupling: coupling.name },
      thresholds,
      fitted,
    },
    lists: { lesions: own, fit },
  };
}

async function finish({ context, lists }: Measured<Context>, outputs: Outputs): Promise<object> {
  const own = lists["lesions"] as readonly Drawn[];
  const fit = lists["fit"] as readonly Drawn[];
  const read = own.map((one) => one.read);
  const out = outputs.text("out");
  if (out !== undefined) {
    const rows = noduleRows(
      own.map(({ lesion }) => lesion),
      read,
    );
    await writeBytes(out, rows);
  }
  const law = context.fitted ? lognormalOf(fit.map((one) => one.read)) : null;
  const thresholds = presetNamed(context.thresholds);
  return {
    lesions: context.lesions,
    four_readers: read.length,
    left_out: context.leftOut,
    ...context.sampled,
    ...(await cohortFigures(read, thresholds, { model: context.sampled !== null, law }, async () => undefined)),
  };
}

/** Lesions on which every grader drew something somewhere. */
async function drawn(lesions: readonly SlicedLesion[], source: LesionSource): Promise<Drawn[]> {
  const found: Drawn[] = [];
  for (const lesion of lesions) {
    const read = await readGraders(lesion, source);
    if (drawnByAll(read)) found.push({ lesion, read });
  }
  return found;
}

function evenly(found: readonly Drawn[], limit: number): Drawn[] {
  return thinned(
    found.map((_, i) => i),
    limit,
  ).map((i) => found[i] as Drawn);
}

async function sampled(
  what: string,
  model: LesionModel,
  chosen: readonly Drawn[],
  source: LesionSource,
  order: LesionOrder,
): Promise<Drawn[]> {
  const progress = progressLine(what, chosen.length);
  const done: Drawn[] = [];
  for (const { lesion, read } of chosen) {
    done.push({ lesion, read: { ...read, sampled: await readSamples(model, lesion, source, order) } });
    progress(done.length);
  }
  return done;
}
