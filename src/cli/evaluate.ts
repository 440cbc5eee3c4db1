import { mergeCalibration, reliabilityFrom, startCalibration } from "../core/measures/calibration.ts";
import { evaluateCase } from "../core/measures/evaluate-case.ts";
import { type CaseFigures, summarise } from "../core/measures/evaluation.ts";
import { rounded } from "../core/measures/rounded.ts";
import { readArguments } from "./arguments.ts";
import { openModel } from "./backend.ts";
import { readCases } from "./cases-file.ts";
import { Dump } from "./dump.ts";
import { readModel } from "./model-folder.ts";
import { progressLine } from "./progress.ts";
import { writeBytes } from "./read-bytes.ts";

/** `evaluate CASES.npz|PACK [--split S] [--count 16] [--seed 0] [--limit K] [--model NAME|DIR] [--dump OUT.npz]` */
export async function evaluate(words: readonly string[]): Promise<object> {
  const options = ["split", "count", "seed", "limit", "model", "dump"];
  const args = readArguments(words, { positionals: ["CASES"], options });
  const count = args.whole("count", 16, 1, 1000);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const files = await readModel(args.text("model"));
  const started = performance.now();
  const model = await openModel(files);
  const cases = await readCases(args.positionals[0] as string, args.text("split"), limit);
  const dumpFile = args.text("dump");
  const dump = dumpFile === undefined ? null : new Dump(cases, { seed, count }, model.head);

  const order = { seed, count, threshold: files.config.threshold, kl: true };
  const calibration = startCalibration();
  const figures: CaseFigures[] = [];
  const progress = progressLine("evaluate", cases.rows.length);
  for (const row of cases.rows) {
    const found = await evaluateCase(model, await cases.marked(row), order);
    figures.push(found.figures);
    mergeCalibration(calibration, found.calibration);
    dump?.add(found.samples, files.config.threshold);
    progress(figures.length);
  }
  model.dispose();
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
