import { cohortFigures } from "../../core/lesion/cohort/cohort-figures.ts";
import type { SlicedLesion } from "../../core/lesion/cohort/lesion-slices.ts";
import { drawnByAll, type LesionSource, readGraders, readSamples } from "../../core/lesion/cohort/read-lesion.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { presetNamed } from "../../core/lesion/decisions.ts";
import { lognormalOf, type ReadLesion } from "../../core/lesion/nodule-figures.ts";
import type { LesionModel, LesionOrder } from "../../core/lesion/sample-lesion.ts";
import { thinned } from "../../core/measures/pick-cases.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { noduleRows } from "../../io/export/lesion/nodule-rows.ts";
import type { Arguments } from "../arguments.ts";
import { readArguments } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { readModel } from "../model-folder.ts";
import { progressLine } from "../progress.ts";
import { writeBytes } from "../read-bytes.ts";
import { openNodules } from "./nodule-file.ts";

const OPTIONS = ["table", "split", "count", "seed", "limit", "model", "coupling", "thresholds", "fit", "out"];
/** Samples of a lesion in the fit of the lognormal baseline: it takes their mean alone. */
const FIT_COUNT = 16;

/** A lesion that every grader drew, with the graders' sizes. */
interface Drawn {
  readonly lesion: SlicedLesion;
  readonly read: ReadLesion;
}

/**
 * `nodules CASES.npz --table CASES.csv|PACK.zip [--split S] [--count 128] [--seed 0] [--limit K] [--model NAME|DIR]
 * [--coupling NAME] [--thresholds fleischner-2017] [--fit 64] [--out LESIONS.csv]`. `--count 0`: the graders' half alone, without a network. `--limit`
 * thins the lesions that every grader drew. `--fit K`: the lognormal baseline is fitted on K lesions of `train` (0: none).
 */
export async function nodules(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["CASES"], options: OPTIONS });
  const count = args.whole("count", 128, 0, 1000);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const coupling = couplingNamed(args.text("coupling") ?? DEFAULT_COUPLING);
  const thresholds = presetNamed(args.text("thresholds") ?? "fleischner-2017");
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const started = performance.now();
  const files = count > 0 ? await readModel(args.text("model")) : null;
  const file = args.positionals[0] as string;
  const { found, train, source } = await openNodules(file, { table: args.text("table"), split: args.text("split") });
  const { lesions, leftOut, sameZ } = found;
  if (sameZ > 0) process.stderr.write(`${sameZ} rows lie at the place of another row of their lesion: counted once\n`);
  const model = files && (await openModel(files));
  const order = { seed, count, coupling, threshold: files?.config.threshold ?? 0.5 };

  const chosen = evenly(await drawn(lesions, source), limit);
  const law = model && (await fittedLaw(args, train, model, source, order));
  const read = model
    ? await sampled("nodules", model, chosen, source, order)
    : chosen.map(({ read: graders }) => graders);
  model?.dispose();
  const out = args.text("out");
  if (out !== undefined)
    await writeBytes(
      out,
      noduleRows(
        chosen.map(({ lesion }) => lesion),
        read,
      ),
    );
  return {
    lesions: lesions.length,
    four_readers: read.length,
    left_out: leftOut,
    ...(model && { count, coupling: coupling.name }),
    ...(await cohortFigures(read, thresholds, { model: model !== null, law }, async () => undefined)),
    seconds: rounded((performance.now() - started) / 1000),
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
): Promise<ReadLesion[]> {
  const progress = progressLine(what, chosen.length);
  const read: ReadLesion[] = [];
  for (const one of chosen) {
    read.push({ ...one.read, sampled: await readSamples(model, one.lesion, source, order) });
    progress(read.length);
  }
  return read;
}

/** The lognormal baseline out of the lesions of `train`; null, said, where there are none beside the split asked for. */
async function fittedLaw(
  args: Arguments,
  train: readonly SlicedLesion[],
  model: LesionModel,
  source: LesionSource,
  order: LesionOrder,
) {
  const most = args.whole("fit", 64, 0, 1e6);
  if (most === 0 || train.length === 0) {
    process.stderr.write("the lognormal baseline is left out: it is fitted on train, for another split\n");
    return null;
  }
  const chosen = evenly(await drawn(train, source), most);
  return lognormalOf(await sampled("fit on train", model, chosen, source, { ...order, count: FIT_COUNT }));
}
