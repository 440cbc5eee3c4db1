import { type ModelConfig, membersIn } from "../../core/config/model-config.ts";
import { GraderspaceError, isAbort, throwIfAborted } from "../../core/errors.ts";
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
  | { readonly kind: "failed"; readonly row: number; readonly id: string; readonly sentence: string };

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

/**
 * One system over the cases of a pack, a finding per case. The system is opened at the first case that needs it and
 * closed at the end, however that comes. Whoever does not ask for the next case has paused it.
 * @throws Aborted; GraderspaceError where the system cannot be opened or fails on three cases in a row
 */
export async function* evaluateSystem(
  order: SystemOrder,
  open: () => Promise<Model>,
  now: () => number,
  task: Task,
): AsyncGenerator<Finding> {
  const { config, count } = order;
  const most = membersIn(config);
  if (most !== null && count > most) {
    const problem = `${config.title} has ${most} ${config.choice}s and cannot give ${count} samples`;
    throw new GraderspaceError("BadArgument", { problem, remedy: `ask for at most ${most}` });
  }
  let system: Model | null = null;
  let failures = 0;
  try {
    for (const row of order.rows) {
      throwIfAborted(task.signal);
      const id = order.pack.index.cases[row]?.id ?? String(row + 1);
      let crop: MarkedCrop;
      try {
        crop = {
          ...(await readMarkedCrop(order.pack, row, config.preprocessing.size)),
          picture: pictureOfPack(order.shelf, id),
        };
      } catch (error) {
        yield { kind: "failed", row, id, sentence: sentenceOf(error) };
        continue;
      }
      const check = checkOf(crop);
      const kept = keepsRows(config) ? order.kept.get(row) : undefined;
      if (kept?.check === check) {
        yield { kind: "row", row: kept, milliseconds: null };
        continue;
      }
      system ??= await open();
      const started = now();
      try {
        const { seed, representativeOf, order: drawn } = order;
        const many = most === null && representativeOf !== null ? { representativeOf } : {};
        const wanted = { seed, count, order: drawn, threshold: config.threshold, kl: false, ...many };
        const { figures, calibration, representative } = await evaluateCase(system, crop, wanted, task);
        const beside = representative && { ged2: representative.ged2, hmIou: representative.hmIou };
        failures = 0;
        const graders = crop.graders.length;
        const found = { row, id, graders, figures, calibration, check, ...(beside && { representative: beside }) };
        yield { kind: "row", row: found, milliseconds: now() - started };
      } catch (error) {
        if (isAbort(error) || ++failures === FAILURES) throw error;
        yield { kind: "failed", row, id, sentence: sentenceOf(error) };
      }
    }
  } finally {
    system?.dispose();
  }
}
