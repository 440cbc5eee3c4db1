import { mainSize, readBy, samplesAgainst, studyFigures } from "../../core/agreement/study-figures.ts";
import { couplingNamed, DEFAULT_COUPLING } from "../../core/lesion/coupling.ts";
import { presetNamed } from "../../core/lesion/decisions.ts";
import { coupledMasks } from "../../core/lesion/sample-lesion.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { REGION } from "../../core/values/region.ts";
import { agreementReport } from "../../io/export/agreement/agreement-report.ts";
import { type Arguments, readArguments } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { readModel } from "../model-folder.ts";
import { writeBytes } from "../read-bytes.ts";
import { appVersion } from "../sampling.ts";
import type { Further } from "./lesion-case.ts";
import { pairRows } from "./pair-rows.ts";
import { readStudy } from "./read-study.ts";

const OPTIONS = ["table", "split", "limit", "thresholds", "model", "count", "seed", "coupling", "pairs", "out"];

/**
 * `agreement CASES.npz|PACK [--table CSV] [--split S] [--limit K] [--same-readers] [--thresholds fleischner-2017]
 * [--model NAME|DIR] [--count 4] [--seed 0] [--coupling NAME] [--pairs PAIRS.csv] [--out REPORT.html]`: a case is a
 * lesion where a table says which slices belong together, else a slice. With `--model` or `--count` its samples are held against the graders.
 */
export async function agreement(words: readonly string[]): Promise<object> {
  const args = readArguments(words, { positionals: ["CASES"], options: OPTIONS, flags: ["same-readers"] });
  const thresholds = presetNamed(args.text("thresholds") ?? "fleischner-2017");
  const started = performance.now();
  const further = await furtherReaders(args);
  const study = await readStudy(args.positionals[0] as string, {
    table: args.text("table"),
    split: args.text("split"),
    limit: args.whole("limit", 2 ** 31, 1, 2 ** 31),
    further,
    size: further.size,
  });
  further.end();
  const graders = study.readers.length;
  const { unit, readers } = study;
  const named = args.flag("same-readers") || study.named;
  const cases = study.cases.map((one) => readBy(one, graders));
  const figures = await studyFigures({ unit, cases, readers, named }, thresholds, async () => undefined);
  const printed = {
    ...figures,
    ...(study.leftOut && { left_out: study.leftOut }),
    ...(further.count > 0 && { model: { name: further.name, ...samplesAgainst(study.cases, graders, unit) } }),
    seconds: rounded((performance.now() - started) / 1000),
  };
  const [out, pairs] = [args.text("out"), args.text("pairs")];
  if (pairs !== undefined) await writeBytes(pairs, pairRows(study.cases, readers, mainSize(unit)));
  if (out !== undefined) await writeBytes(out, agreementReport(study.name, await appVersion(), cases, printed));
  return printed;
}

interface FurtherReaders extends Further {
  readonly name: string;
  readonly size: number;
  end(): void;
}

/** A model's samples, where one is named or a number of samples is given. */
async function furtherReaders(args: Arguments): Promise<FurtherReaders> {
  const asked = args.text("model") !== undefined || args.text("count") !== undefined;
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
