import { addCalibration, reliabilityFrom, startCalibration } from "../core/calibration.ts";
import { type Choices, chooseSamples } from "../core/choices.ts";
import type { Gaussian, Samples } from "../core/encoding.ts";
import { type CaseFigures, figuresOf, graderShare, meanProbability, summarise } from "../core/evaluation.ts";
import type { Mask } from "../core/slice.ts";
import { loadSampler, type Sampler } from "../model/sampler.ts";
import { readArguments } from "./arguments.ts";
import { startWasm } from "./backend.ts";
import { type ChosenCases, readCases } from "./cases-file.ts";
import { Dump } from "./dump.ts";
import { readModel } from "./model-folder.ts";
import { progressOf } from "./progress.ts";
import { writeBytes } from "./read-bytes.ts";

/** `evaluate CASES.npz [--split S] [--count 16] [--seed 0] [--limit K] [--model NAME|DIR] [--dump OUT.npz]` */
export async function evaluate(words: readonly string[]): Promise<object> {
  const options = ["split", "count", "seed", "limit", "model", "dump"];
  const args = readArguments(words, { positionals: ["CASES.npz"], options });
  const count = args.whole("count", 16, 1, 1000);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const files = await readModel(args.text("model"));
  const started = performance.now();
  const sampler = await loadSampler(files, await startWasm());
  const cases = await readCases(args.positionals[0] as string, args.text("split"), limit);
  const dumpFile = args.text("dump");
  const dump = dumpFile === undefined ? null : new Dump(cases.rows, cases.size, { seed, count }, sampler.head);

  const calibration = startCalibration();
  const figures: CaseFigures[] = [];
  const progress = progressOf("evaluate", cases.rows.length);
  for (const row of cases.rows) {
    const graders = await cases.graders(row);
    const { samples, prior } = await sampleCase(sampler, cases, row, { seed, count });
    const mean = meanProbability(samples);
    const kl = prior && (await posteriorsOf(sampler, graders, prior));
    figures.push(figuresOf(samples, mean, graders, files.config.threshold, kl));
    addCalibration(calibration, mean, graderShare(graders));
    dump?.add(samples, files.config.threshold);
    progress(figures.length);
  }
  sampler.dispose();
  if (dump && dumpFile) await writeBytes(dumpFile, dump.npz());

  const summary = summarise(figures);
  return {
    cases: summary.cases,
    count,
    ged2: rounded(summary.ged2),
    ged2_by_graders: Object.fromEntries(Object.entries(summary.ged2ByGraders).map(([k, ged2]) => [k, rounded(ged2)])),
    hm_iou: rounded(summary.hmIou),
    diversity: rounded(summary.diversity),
    nestedness: summary.nestedness === null ? null : rounded(summary.nestedness),
    dice: rounded(summary.dice),
    ece: rounded(reliabilityFrom(calibration).ece),
    kl_per_axis: summary.klPerAxis?.map(rounded) ?? null,
    seconds: rounded((performance.now() - started) / 1000),
  };
}

/** The samples of one row; they depend on (seed, row, n) and on nothing that came before. */
export async function sampleCase(
  sampler: Sampler,
  cases: ChosenCases,
  row: number,
  order: { readonly seed: number; readonly count: number },
): Promise<{ samples: Samples; prior: Gaussian | null }> {
  const { size } = cases;
  const { values } = await cases.crop(row);
  const { prior } = await sampler.prepare(values, size);
  const choices: Choices = chooseSamples(sampler, prior, { width: size, height: size }, { ...order, row });
  const { samples } = await sampler.draw(choices, { samples: true });
  return { samples: samples as Samples, prior };
}

/** One posterior per slot; slots with the same mask (the empty ones, mostly) share one. */
async function posteriorsOf(sampler: Sampler, graders: readonly Mask[], prior: Gaussian) {
  const keys = graders.map(({ bits }) => Buffer.from(bits.buffer, bits.byteOffset, bits.length).toString("latin1"));
  const different = [...new Set(keys)];
  const masks = different.map((key) => graders[keys.indexOf(key)] as Mask);
  const found = await sampler.posteriors(masks);
  return found && { prior, posteriors: keys.map((key) => found[different.indexOf(key)] as Gaussian) };
}

/** Six significant digits: more would claim what the pixels do not know. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
