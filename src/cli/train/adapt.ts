import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { inEnglish } from "../../core/language/say.ts";
import type { Interval } from "../../core/measures/bootstrap.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { linearHeadOf } from "../../core/teach/linear-head.ts";
import { DEFAULT_TEACHING, TEACH_DEPTHS, type TeachSettings } from "../../core/teach/settings.ts";
import type { Taught } from "../../core/teach/taught.ts";
import { TAUGHT_FIGURES, type TaughtFigure, type Verdict, verdictSentence } from "../../core/teach/verdict.ts";
import type { Student } from "../../model/teach/student.ts";
import type { TeachSource } from "../../model/teach/teaching.ts";
import { readArguments } from "../arguments.ts";
import { openModel } from "../backend.ts";
import { type ChosenCases, readCases } from "../cases-file.ts";
import { readModel } from "../model-folder.ts";
import { progressLine } from "../progress.ts";
import { unwritable, writeBytes } from "../read-bytes.ts";

/** What the figures are called in the output. */
const NAMES: Readonly<Record<TaughtFigure, string>> = {
  ged2: "ged2",
  hmIou: "hm_iou",
  presence: "presence",
  diversity: "diversity",
};

/** `adapt CASES.npz|PACK [--model M] [--split S] [--folds 5] [--seed 0] [--limit K] [--steps 150] [--depth head|block|all] --out DIR` */
export async function adapt(words: readonly string[]): Promise<object> {
  const options = ["model", "split", "folds", "seed", "limit", "steps", "depth", "out"];
  const args = readArguments(words, { positionals: ["CASES"], options });
  const settings: TeachSettings = {
    ...DEFAULT_TEACHING,
    folds: args.whole("folds", DEFAULT_TEACHING.folds, 2, 20),
    seed: args.whole("seed", DEFAULT_TEACHING.seed, -(2 ** 31), 2 ** 32 - 1),
    depth: args.choice("depth", TEACH_DEPTHS, DEFAULT_TEACHING.depth),
    steps: args.whole("steps", DEFAULT_TEACHING.steps, 1, 10_000),
  };
  const limit = args.whole("limit", 2 ** 31, 1, 2 ** 31);
  const folder = resolve(args.needed("out"));
  const files = await readModel(args.text("model"));
  linearHeadOf(files.config); // said before anything is read
  const started = performance.now();
  const path = args.positionals[0] as string;
  const cases = await readCases(path, args.text("split"), limit);
  const model = await openModel(files);
  const { studentOf } = await import("../../model/teach/student-of.ts");
  const student = await studentOf(model, files, settings);
  const taught = await taughtFrom(student, sourceOf(cases), settings);
  student.dispose();
  model.dispose();

  const { taughtModel } = await import("../../model/teach/taught-model.ts");
  const { taughtCard } = await import("../../model/teach/taught-card.ts");
  const facts = { name: basename(folder), cases: basename(path), settings };
  const { config, weights } = taughtModel(files, taught, facts);
  await mkdir(folder, { recursive: true }).catch((error) => Promise.reject(unwritable(folder, error)));
  await writeBytes(join(folder, "config.json"), `${JSON.stringify(config, null, 1)}\n`);
  for (const [i, bytes] of weights.entries()) {
    await writeBytes(join(folder, config.weights[i]?.file as string), bytes);
  }
  await writeBytes(join(folder, "README.md"), taughtCard(files.config, taught, facts));
  process.stderr.write(`${inEnglish(verdictSentence(taught.verdict, taught))}\n`);
  return printed(taught, (performance.now() - started) / 1000);
}

async function taughtFrom(student: Student, source: TeachSource, settings: TeachSettings): Promise<Taught> {
  const { teach } = await import("../../model/teach/teaching.ts");
  const progress = progressLine("adapt", 100);
  for await (const event of teach(student, source, settings)) {
    progress(Math.floor(100 * event.share));
    if (event.kind === "done") return event.taught;
  }
  throw new Error("the teaching ended without an outcome");
}

function sourceOf({ rows, patients, marked }: ChosenCases): TeachSource {
  return { count: rows.length, patients, marked: (index) => marked(rows[index] as number) };
}

function printed({ verdict, folds, cases, patients, steps, retouch }: Taught, seconds: number): object {
  const side = (which: "before" | "after") =>
    Object.fromEntries(TAUGHT_FIGURES.map((name) => [NAMES[name], interval(verdict.figures[name][which])]));
  return {
    cases,
    patients,
    before: side("before"),
    after: side("after"),
    gain: gains(verdict),
    adapted: retouch !== null,
    folds: folds.map(({ cases: held, steps: taken, before, after }) => ({
      cases: held,
      steps: taken,
      before: rounded(before),
      after: rounded(after),
    })),
    steps: retouch === null ? 0 : steps,
    seconds: rounded(seconds),
  };
}

/** After − before of the same cases. */
function gains({ figures }: Verdict): object {
  return Object.fromEntries(TAUGHT_FIGURES.map((name) => [NAMES[name], interval(figures[name].change)]));
}

function interval({ mean, low, high }: Interval): object {
  return { value: rounded(mean), low: rounded(low), high: rounded(high) };
}
