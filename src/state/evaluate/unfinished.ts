import { weightsHash } from "../../core/config/weights-hash.ts";
import type { ModelChoice } from "../app/shape.ts";
import type { KeptOpening } from "../cases/kept/kept-storage.ts";
import { runKey, titleMark } from "./cases.ts";
import type { EvaluationRows, KeptOrder } from "./rows.ts";
import type { EvaluationRun, EvaluationState, UnfinishedRun } from "./slice.ts";

/** What is kept of a run, so that it can be gone on with. */
export function keptOrder(run: EvaluationRun, models: readonly ModelChoice[]): KeptOrder {
  return {
    systems: models.map(({ config }) => weightsHash(config)),
    seed: run.seed,
    count: run.count,
    ...(run.representativeOf === null ? {} : { representativeOf: run.representativeOf }),
    ...(run.order === "iid" ? {} : { order: run.order }),
    limit: run.settings.limit,
    cases: run.rows.length,
    titled: titleMark(run.pack.title),
  };
}

/**
 * Runs that have results and lack some, counted over the systems that are known here; those whose pack is kept on this
 * machine first. `open`: titles of the packs that are open, which offer theirs themselves.
 */
export async function unfinishedRuns(
  rows: EvaluationRows,
  models: readonly ModelChoice[],
  openings: readonly Pick<KeptOpening, "id" | "title">[],
  open: readonly string[],
): Promise<readonly UnfinishedRun[]> {
  const marks = new Set(open.map(titleMark));
  const found: UnfinishedRun[] = [];
  for (const [pack, order] of await rows.orders()) {
    const { cases, titled, representativeOf = null, order: drawn = "iid", seed, count } = order;
    if (cases === undefined || titled === undefined || marks.has(titled)) continue;
    const known = models.filter(({ config }) => order.systems.includes(weightsHash(config)));
    let done = 0;
    for (const { config } of known) {
      const own = await rows.rows(runKey(pack, config, { seed, count, representativeOf, order: drawn }));
      done += Math.min(own.length, cases);
    }
    const total = cases * known.length;
    if (done === 0 || done === total) continue;
    const opening = openings.find(({ title }) => titleMark(title) === titled);
    found.push({ pack, done, total, opening: opening ? { id: opening.id, title: opening.title } : null });
  }
  return found.sort((a, b) => Number(b.opening !== null) - Number(a.opening !== null));
}

export interface TimeLeft {
  readonly milliseconds: number;
  /** A system that has cases to do was not measured yet: it takes longer. */
  readonly atLeast: boolean;
}

/** What the cases that are left will take, each system at its own pace; null where no such pace is known. */
export function timeLeft({
  order,
  systems,
  paces,
}: Pick<EvaluationState, "order" | "systems" | "paces">): TimeLeft | null {
  const each = order?.rows.length ?? 0;
  const open = systems.filter(({ status, rows, failed }) => status !== "failed" && rows.length + failed.length < each);
  const known = open.filter(({ name }) => paces[name] !== undefined);
  if (known.length === 0) return null;
  const milliseconds = known.reduce(
    (sum, { name, rows, failed }) => sum + (paces[name] ?? 0) * (each - rows.length - failed.length),
    0,
  );
  return { milliseconds, atLeast: known.length < open.length };
}
