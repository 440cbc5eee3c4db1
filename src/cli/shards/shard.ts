import { GraderspaceError } from "../../core/errors.ts";

/** One of `of` shares of a run's cases; `index` from 1, as `--shard 2/4` says it. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Shard = { index: 1, of: 1 };

const MOST = 10_000;

/** "2/4" → the second of four. @throws GraderspaceError BadArgument */
export function readShard(word: string): Shard {
  const match = /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(word);
  const [index, of] = [Number(match?.[1]), Number(match?.[2])];
  if (of >= 1 && of <= MOST && index >= 1 && index <= of) return { index, of };
  throw new GraderspaceError("BadArgument", {
    problem: `--shard is "${word}"`,
    remedy: `give which of how many, as 2/4, with at most ${MOST} of them`,
  });
}

/** The shard's items, in their order: shards in a row have each item once, and their sizes differ by one at most. */
export function shareOf<Item>(items: readonly Item[], { index, of }: Shard): readonly Item[] {
  const start = (k: number) => Math.floor((k * items.length) / of);
  return items.slice(start(index - 1), start(index));
}
