import { weightsHash } from "../../core/config/weights-hash.ts";
import type { ModelChoice } from "../app/shape.ts";
import type { KeptOpening } from "../cases/kept/kept-storage.ts";
import { runKey, titleMark } from "./cases.ts";
import type { EvaluationRows } from "./rows.ts";
import type { UnfinishedRun } from "./slice.ts";

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
