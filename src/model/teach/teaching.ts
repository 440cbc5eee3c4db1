import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { type Evaluable, evaluateCase, type MarkedCrop } from "../../core/measures/evaluate-case.ts";
import type { CaseFigures } from "../../core/measures/evaluation.ts";
import type { Prepared } from "../../core/network/model.ts";
import { foldsOf } from "../../core/teach/folds.ts";
import { retouchPlaces } from "../../core/teach/retouch.ts";
import { FEWEST_CASES, type TeachSettings } from "../../core/teach/settings.ts";
import type { FoldRecord, Taught, TeachEvent } from "../../core/teach/taught.ts";
import { type HeldOutPair, verdictOf } from "../../core/teach/verdict.ts";
import { learnFold, type OwnedCase } from "./fold-learning.ts";
import { Learner } from "./learner.ts";
import type { Student } from "./student.ts";

/** Where the cases come from, one at a time. */
export interface TeachSource {
  readonly count: number;
  /** Whose each case is; null where it is not known: then every case counts as a patient of its own. */
  readonly patients: readonly unknown[] | null;
  marked(index: number): Promise<MarkedCrop>;
}

/** What the kept parts of all cases may take: 1,000 cases of a head with 15 maps. */
const MOST_BYTES = 320 * 2 ** 20;
/** Shares of the work: a look and a judgement of each case, the folds' steps, the last steps. */
const WORK = { looking: 0.15, folds: 0.65, judging: 0.1 };

/**
 * Teaches a model the habits of the graders of some cases, fold by fold: what does not learn runs twice a case. Held-out
 * figures come before anything is offered. Whoever does not ask for the next event has paused it. The same (model, cases,
 * settings) give the same numbers on one backend. `known`: the first folds of the same teaching, finished another time;
 * they are told again and not learnt again.
 * @throws GraderspaceError BadArgument: too few cases or patients, too much to keep; and as `marked` and `Model.prepare`
 */
export async function* teach(
  student: Student,
  source: TeachSource,
  settings: TeachSettings,
  known: readonly FoldRecord[] = [],
): AsyncGenerator<TeachEvent> {
  const { model, head } = student;
  const patients = source.patients ?? Array.from({ length: source.count }, (_, i) => i);
  const different = new Set(patients).size;
  checkCases(source.count, different);
  const parts = Math.min(settings.folds, different);
  const folds = foldsOf(patients, parts, settings.seed);

  const order = { seed: settings.seed, count: settings.count, threshold: model.config.threshold };

  const kept: OwnedCase[] = [];
  const before: CaseFigures[] = [];
  let bytes = 0;
  for (let i = 0; i < source.count; i++) {
    yield { kind: "looking", fold: -1, share: (WORK.looking * i) / source.count };
    const marked = await source.marked(i);
    const { found, prepared } = await judged(model, marked, order);
    const one = await student.keep(prepared, marked);
    bytes += one.bytes;
    if (bytes > MOST_BYTES) throw tooMuch(i);
    kept.push({ kept: one.kept, patient: patients[i] });
    before.push(found);
  }

  const records: FoldRecord[] = [];
  const pairs: HeldOutPair[] = [];
  const owners: unknown[] = [];
  for (let fold = 0; fold < parts; fold++) {
    const from = WORK.looking + (WORK.folds + WORK.judging) * (fold / parts);
    const own = [...folds.keys()].filter((i) => folds[i] === fold);
    let record = known[fold];
    if (record?.after.length !== own.length) {
      const others = kept.filter((_, i) => folds[i] !== fold);
      const learning = learnFold(student, others, settings, fold + 1);
      let next = await learning.next();
      for (; !next.done; next = await learning.next()) {
        const share = from + ((WORK.folds / parts) * next.value) / settings.steps;
        yield { kind: "learning", fold, share };
      }
      const { numbers, steps } = next.value;
      const drawing = student.drawing(numbers);
      const after: CaseFigures[] = [];
      for (const i of own) {
        yield { kind: "judging", fold, share: from + WORK.folds / parts };
        after.push((await judged(drawing, await source.marked(i), order)).found);
      }
      const result = {
        ...{ fold, cases: own.length, steps },
        before: mean(own.map((i) => (before[i] as CaseFigures).ged2)),
        after: mean(after.map(({ ged2 }) => ged2)),
      };
      record = { result, after };
    }
    records.push(record);
    for (const [at, i] of own.entries()) {
      pairs.push({ before: before[i] as CaseFigures, after: record.after[at] as CaseFigures });
      owners.push(patients[i]);
    }
    yield { kind: "fold", record, share: from + (WORK.folds + WORK.judging) / parts };
  }

  const verdict = verdictOf(pairs, owners);
  const steps = median(records.map(({ result }) => result.steps));
  const last = new Learner(
    student,
    kept.map((one) => one.kept),
    settings,
    0,
  );
  while (verdict.adapted && last.step < steps) {
    await last.advance();
    const left = 1 - WORK.looking - WORK.folds - WORK.judging;
    yield { kind: "finishing", fold: -1, share: 1 - left + (left * last.step) / steps };
  }
  const taught: Taught = {
    verdict,
    folds: records.map(({ result }) => result),
    cases: source.count,
    patients: source.patients ? different : null,
    steps,
    retouch: verdict.adapted ? last.numbers.slice(0, retouchPlaces(head).length) : null,
    deep: verdict.adapted ? student.deepWeights(last.numbers) : null,
  };
  yield { kind: "done", taught, share: 1 };
}

/** The figures of `evaluate` for one case, and what the model made of it. */
async function judged(
  model: Evaluable,
  marked: MarkedCrop,
  { seed, count, threshold }: Pick<TeachSettings, "seed" | "count"> & { readonly threshold: number },
): Promise<{ readonly found: CaseFigures; readonly prepared: Prepared }> {
  let seen: Prepared | null = null;
  const watched: Evaluable = {
    ...{ choice: model.choice, members: model.members, head: model.head },
    draw: model.draw,
    prepare: async (crop, task) => {
      seen = await model.prepare(crop, task);
      return seen;
    },
  };
  const { figures } = await evaluateCase(watched, marked, { seed, count, threshold, kl: false });
  return { found: figures, prepared: seen as unknown as Prepared };
}

function checkCases(count: number, patients: number): void {
  const remedy = say`give at least ${FEWEST_CASES} cases of at least 2 patients`;
  if (count < FEWEST_CASES) {
    throw new GraderspaceError("BadArgument", {
      problem: say`${count} cases are too few to learn habits from`,
      remedy,
    });
  }
  if (patients < 2) {
    throw new GraderspaceError("BadArgument", {
      problem: say`all cases are of one patient: none can be held out`,
      remedy,
    });
  }
}

function tooMuch(cases: number): GraderspaceError {
  const problem = say`what is kept of ${cases} cases takes ${MOST_BYTES / 2 ** 20} MiB, and more is not kept`;
  return new GraderspaceError("BadArgument", { problem, remedy: say`teach from fewer cases` });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] as number;
}
