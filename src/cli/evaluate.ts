import { mergeCalibration, reliabilityFrom, startCalibration } from "../core/measures/calibration.ts";
import { evaluateCase } from "../core/measures/evaluate-case.ts";
import { type CaseFigures, type Summary, summarise } from "../core/measures/evaluation.ts";
import { rounded } from "../core/measures/rounded.ts";
import { readArguments, readOrder } from "./arguments.ts";
import { openModel } from "./backend.ts";
import { readCases } from "./cases-file.ts";
import { Dump } from "./dump.ts";
import { readModel } from "./model-folder.ts";
import { progressLine } from "./progress.ts";
import { writeBytes } from "./read-bytes.ts";

/** Draws behind the model's own probability that something is drawn: formats.md, `presence_brier`. */
const PRESENCE_DRAWS = 128;

/** `evaluate CASES.npz|PACK [--split S] [--count 16] [--order iid|antithetic|sobol] [--seed 0] [--limit K] [--model NAME|DIR] [--representative M] [--dump OUT.npz]` */
export async function evaluate(words: readonly string[]): Promise<object> {
  const options = ["split", "count", "order", "seed", "limit", "model", "representative", "dump"];
  const args = readArguments(words, { positionals: ["CASES"], options });
  const count = args.whole("count", 16, 1, 1000);
  const seed = args.whole("seed", 0, -(2 ** 31), 2 ** 32 - 1);
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const files = await readModel(args.text("model"));
  const order = readOrder(args, files.config);
  const started = performance.now();
  const model = await openModel(files);
  const cases = await readCases(args.positionals[0] as string, args.text("split"), limit);
  const dumpFile = args.text("dump");
  const dump = dumpFile === undefined ? null : new Dump(cases, { seed, count, order }, model.head);

  const representativeOf = args.whole("representative", count, count, 10_000);
  const { threshold } = files.config;
  const how = { seed, count, order, threshold, kl: true, representativeOf, presenceOf: PRESENCE_DRAWS };
  const calibration = startCalibration();
  const figures: CaseFigures[] = [];
  const representative: CaseFigures[] = [];
  const brier: number[] = [];
  const progress = progressLine("evaluate", cases.rows.length);
  for (const row of cases.rows) {
    const found = await evaluateCase(model, await cases.marked(row), how);
    const { drew, slots } = found.figures;
    figures.push(found.figures);
    brier.push(((found.ownPresence ?? Number.NaN) - drew / slots) ** 2);
    if (found.representative) representative.push(found.representative);
    mergeCalibration(calibration, found.calibration);
    dump?.add(found.samples, threshold);
    progress(figures.length);
  }
  model.dispose();
  if (dump && dumpFile) await writeBytes(dumpFile, dump.npz());

  const summary = summarise(figures);
  return {
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
    seconds: rounded((performance.now() - started) / 1000),
  };
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
