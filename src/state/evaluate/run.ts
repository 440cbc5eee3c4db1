import { type ModelConfig, membersIn } from "../../core/config/model-config.ts";
import { GraderspaceError, isAbort, throwIfAborted } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { evaluateCase, type MarkedCrop } from "../../core/measures/evaluate-case.ts";
import type { Task } from "../../core/network/encoding.ts";
import type { Model } from "../../core/network/model.ts";
import type { SampleOrder } from "../../core/random/orders.ts";
import { readMarkedCrop } from "../../io/pack/marked-crop.ts";
import type { Pack } from "../../io/pack/pack.ts";
import { sentenceOf } from "../app/notices.ts";
import { pictureOfPack } from "../cases/samples/take-samples.ts";
import { checkOf } from "./cases.ts";
import type { EvaluatedRow } from "./rows.ts";

/** What one case came to. */
export type Finding =
  /** `milliseconds`: of sampling and judging; null where the row was kept from before. */
  | { readonly kind: "row"; readonly row: EvaluatedRow; readonly milliseconds: number | null }
  | { readonly kind: "failed"; readonly row: number; readonly id: string; readonly sentence: Text };

export interface SystemOrder {
  readonly pack: Pack;
  /** Where it lies in the library. */
  readonly shelf: string;
  readonly config: ModelConfig;
  /** Indices into the pack, in their order. */
  readonly rows: readonly number[];
  readonly seed: number;
  readonly count: number;
  readonly representativeOf: number | null;
  readonly order: SampleOrder;
  /** Finished earlier, by row: taken where the case still is what it was. */
  readonly kept: ReadonlyMap<number, EvaluatedRow>;
}

/** Samples that were given may be others the next time, and cost nothing to measure again. */
export function keepsRows({ choice }: Pick<ModelConfig, "choice">): boolean {
  return choice !== "samples";
}

/** After so many cases in a row on which the system itself fails, it is not asked again. */
const FAILURES = 3;

/** A case at work: what it came to, and the system's own fault where it failed. */
interface Outcome {
  readonly finding: Finding;
  readonly fault?: unknown;
}

/** Why a system cannot give so many samples, by what its samples are. */
const FEWER: Readonly<Record<ModelConfig["choice"], (title: string, most: number, count: number) => Text>> = {
  z: (title, most, count) => say`${title} has ${most} samples and cannot give ${count}`,
  seed: (title, most, count) => say`${title} has ${most} passes and cannot give ${count} samples`,
  member: (title, most, count) => say`${title} has ${most} members and cannot give ${count} samples`,
  head: (title, most, count) => say`${title} has ${most} heads and cannot give ${count} samples`,
  samples: (title, most, count) => say`${title} has ${most} samples and cannot give ${count}`,
};

/** What a case at work is told of. */
interface Around {
  now(): number;
  readonly task: Task;
}

/**
 * One system over the cases of a pack, a finding per case, in the pack's order; as many at once as the system's crew has
 * lanes. The system is opened at the first case that needs it and closed at the end, however that comes. Whoever does not
 * ask for the next case has paused it: those that are begun end, and no other begins.
 * @throws Aborted; GraderspaceError where the system cannot be opened or fails on three cases in a row
 */
export async function* evaluateSystem(
  order: SystemOrder,
  open: () => Promise<Model>,
  now: () => number,
  task: Task,
): AsyncGenerator<Finding> {
  const { config, count, rows } = order;
  const most = membersIn(config);
  if (most !== null && count > most) {
    const problem = FEWER[config.choice](config.title, most, count);
    throw new GraderspaceError("BadArgument", { problem, remedy: say`ask for at most ${most}` });
  }
  const ended = new AbortController();
  const end = () => ended.abort();
  task.signal?.addEventListener("abort", end);
  const opened: Model[] = [];
  let opening: Promise<Model> | null = null;
  const system = (): Promise<Model> => {
    opening ??= open().then((model) => {
      opened.push(model);
      return model;
    });
    return opening;
  };
  const begun: Promise<Outcome>[] = [];
  const lanes = () => opened[0]?.crew?.lanes ?? 1;
  let next = 0;
  let failures = 0;
  let before = now();
  try {
    for (let done = 0; done < rows.length; done++) {
      throwIfAborted(task.signal);
      while (next < rows.length && begun.length < lanes()) {
        const outcome = caseOf(order, rows[next++] as number, system, { now, task: { ...task, signal: ended.signal } });
        outcome.catch(() => undefined); // awaited when its turn comes, if it does
        begun.push(outcome);
      }
      const { finding, fault } = (await begun.shift()) as Outcome;
      if (fault !== undefined && (isAbort(fault) || ++failures === FAILURES)) throw fault;
      const counted = finding.kind === "row" && finding.milliseconds !== null;
      if (counted) failures = 0;
      // of several at once, one costs what has passed since the one before
      yield counted ? { ...finding, milliseconds: Math.min(now() - before, finding.milliseconds ?? 0) } : finding;
      before = now();
    }
  } finally {
    end();
    task.signal?.removeEventListener("abort", end);
    for (const model of opened) model.dispose();
  }
}

async function caseOf(order: SystemOrder, row: number, system: () => Promise<Model>, around: Around): Promise<Outcome> {
  const { config, count, seed, representativeOf, order: drawn, pack, kept } = order;
  const id = pack.index.cases[row]?.id ?? String(row + 1);
  let crop: MarkedCrop;
  try {
    const picture = pictureOfPack(order.shelf, id);
    crop = { ...(await readMarkedCrop(pack, row, config.preprocessing.size)), picture };
  } catch (error) {
    return { finding: { kind: "failed", row, id, sentence: sentenceOf(error) } };
  }
  const check = checkOf(crop);
  const known = keepsRows(config) ? kept.get(row) : undefined;
  if (known?.check === check) return { finding: { kind: "row", row: known, milliseconds: null } };
  const model = await system();
  const started = around.now();
  try {
    const many = membersIn(config) === null && representativeOf !== null ? { representativeOf } : {};
    const wanted = { seed, count, order: drawn, threshold: config.threshold, kl: false, ...many };
    const { figures, calibration, representative } = await evaluateCase(model, crop, wanted, around.task);
    const beside = representative && { ged2: representative.ged2, hmIou: representative.hmIou };
    const graders = crop.graders.length;
    const found = { row, id, graders, figures, calibration, check, ...(beside && { representative: beside }) };
    return { finding: { kind: "row", row: found, milliseconds: around.now() - started } };
  } catch (error) {
    return { finding: { kind: "failed", row, id, sentence: sentenceOf(error) }, fault: error };
  }
}
