import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { type Evaluable, evaluateCase, type MarkedCrop } from "../../core/measures/evaluate-case.ts";
import type { CaseFigures } from "../../core/measures/evaluation.ts";
import type { Encoding } from "../../core/network/encoding.ts";
import type { Model } from "../../core/network/model.ts";
import { foldsOf } from "../../core/teach/folds.ts";
import { type LinearHead, linearHeadOf } from "../../core/teach/linear-head.ts";
import { type Retouch, retouchedEncoding } from "../../core/teach/retouch.ts";
import { FEWEST_CASES, type TeachSettings } from "../../core/teach/settings.ts";
import type { FoldResult, Taught, TeachEvent } from "../../core/teach/taught.ts";
import { teachCase, teachCaseBytes } from "../../core/teach/teach-case.ts";
import { type HeldOutPair, verdictOf } from "../../core/teach/verdict.ts";
import { learnFold, type OwnedCase } from "./fold-learning.ts";
import { Learner } from "./learner.ts";

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
 * Teaches a model's head the habits of the graders of some cases, fold by fold: the U-Net stays, and runs twice a case.
 * Held-out figures come before anything is offered. Whoever does not ask for the next event has paused it. The same
 * (model, cases, settings) give the same numbers on one backend.
 * @throws GraderspaceError BadArgument: too few cases or patients, a head with f_comb, too much to keep; and as `marked`
 * and `Model.prepare`
 */
export async function* teach(model: Model, source: TeachSource, settings: TeachSettings): AsyncGenerator<TeachEvent> {
  const head = linearHeadOf(model.config);
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
    const { found, encoding } = await judged(model, marked, order);
    const one = { ...teachCase(head, encoding, marked), patient: patients[i] };
    bytes += teachCaseBytes(one);
    if (bytes > MOST_BYTES) throw tooMuch(i);
    kept.push(one);
    before.push(found);
  }

  const pairs: HeldOutPair[] = [];
  const owners: unknown[] = [];
  const results: FoldResult[] = [];
  for (let fold = 0; fold < parts; fold++) {
    const from = WORK.looking + (WORK.folds + WORK.judging) * (fold / parts);
    const others = kept.filter((_, i) => folds[i] !== fold);
    const learning = learnFold(head, others, settings, fold + 1);
    let next = learning.next();
    for (; !next.done; next = learning.next()) {
      const share = from + ((WORK.folds / parts) * next.value) / settings.steps;
      yield { kind: "learning", fold, share };
    }
    const { retouch, steps } = next.value;
    const own = retouchedModel(model, head, retouch);
    const mine: HeldOutPair[] = [];
    for (const [i, part] of folds.entries()) {
      if (part !== fold) continue;
      yield { kind: "judging", fold, share: from + WORK.folds / parts };
      const { found } = await judged(own, await source.marked(i), order);
      mine.push({ before: before[i] as CaseFigures, after: found });
      owners.push(patients[i]);
    }
    pairs.push(...mine);
    const result = {
      fold,
      cases: mine.length,
      steps,
      before: mean(mine.map((pair) => pair.before.ged2)),
      after: mean(mine.map((pair) => pair.after.ged2)),
    };
    results.push(result);
    yield { kind: "fold", result, share: from + (WORK.folds + WORK.judging) / parts };
  }

  const verdict = verdictOf(pairs, owners);
  const steps = median(results.map((one) => one.steps));
  const last = new Learner(head, kept, settings, 0);
  while (verdict.adapted && last.step < steps) {
    last.advance();
    const left = 1 - WORK.looking - WORK.folds - WORK.judging;
    yield { kind: "finishing", fold: -1, share: 1 - left + (left * last.step) / steps };
  }
  const taught: Taught = {
    verdict,
    folds: results,
    cases: source.count,
    patients: source.patients ? different : null,
    steps,
    retouch: verdict.adapted ? last.retouch : null,
  };
  yield { kind: "done", taught, share: 1 };
}

/** A model whose head is another: what it draws, it draws from retouched encodings. */
export function retouchedModel(model: Model, head: LinearHead, retouch: Retouch): Evaluable {
  return {
    ...{ choice: model.choice, members: model.members, head: model.head },
    draw: model.draw,
    prepare: async (crop, task) => {
      const prepared = await model.prepare(crop, task);
      return { ...prepared, encoding: retouchedEncoding(head, prepared.encoding as Encoding, retouch) };
    },
  };
}

/** The figures of `evaluate` for one case, and what the head made of it. */
async function judged(
  model: Evaluable,
  marked: MarkedCrop,
  { seed, count, threshold }: Pick<TeachSettings, "seed" | "count"> & { readonly threshold: number },
): Promise<{ readonly found: CaseFigures; readonly encoding: Encoding }> {
  let encoding: Encoding | null = null;
  const watched: Evaluable = {
    ...{ choice: model.choice, members: model.members, head: model.head },
    draw: model.draw,
    prepare: async (crop, task) => {
      const prepared = await model.prepare(crop, task);
      encoding = prepared.encoding;
      return prepared;
    },
  };
  const { figures } = await evaluateCase(watched, marked, { seed, count, threshold, kl: false });
  return { found: figures, encoding: encoding as unknown as Encoding };
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
