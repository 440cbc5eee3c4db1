import type { ModelConfig } from "../../core/config/model-config.ts";
import { thinned } from "../../core/measures/pick-cases.ts";

/** Cases of the first round. */
const FIRST = 4;
/** Each further round goes so many times as far: a system is opened anew in each, and there are few. */
const FURTHER = 3;

/**
 * The cases in rounds that each go further: 4 of them, 12, 36, …, all; each evenly spread over the pack, so that a run
 * that is paused has compared the systems on what stands for all of it.
 */
export function roundsOf(rows: readonly number[]): readonly (readonly number[])[] {
  const rounds: (readonly number[])[] = [];
  const before = new Set<number>();
  for (let upTo = FIRST; before.size < rows.length; upTo *= FURTHER) {
    const round = thinned(rows, upTo).filter((row) => !before.has(row));
    for (const row of round) before.add(row);
    if (round.length > 0) rounds.push(round);
  }
  return rounds;
}

/** A look for all samples, one for all heads, a pass for each sample. */
const BY_CHOICE: readonly ModelConfig["choice"][] = ["samples", "z", "head", "member", "seed"];

/**
 * The cheapest first: by the milliseconds that a case took, those not yet measured behind, by how they draw; else in the
 * order given.
 */
export function cheapestFirst<M extends { readonly name: string; readonly config: Pick<ModelConfig, "choice"> }>(
  models: readonly M[],
  paces: Readonly<Record<string, number>>,
): readonly M[] {
  const costOf = ({ name }: M) => paces[name] ?? Number.POSITIVE_INFINITY;
  const kindOf = ({ config }: M) => BY_CHOICE.indexOf(config.choice);
  return [...models].sort((a, b) => {
    const [left, right] = [costOf(a), costOf(b)];
    return left === right ? kindOf(a) - kindOf(b) : left - right;
  });
}
