import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { readShard, type Shard } from "../../src/cli/shards/shard.ts";
import { GraderspaceError } from "../../src/core/errors.ts";
import type { Wish } from "../lidc-pack.ts";

const USAGE =
  "npm run cases -- SOURCE [--split val] [--pick 24] [--lesions] [--readers 4] [--shard I/N] --out FILE.zip";
const MOST = 1000;
const MOST_READERS = 100;

export interface PackOrder {
  readonly source: string;
  readonly wish: Wish;
  /** `pick` whole lesions, each with all its slices, instead of single slices. */
  readonly lesions: boolean;
  /** How many people read each series; null where it is not said. */
  readonly readers: number | null;
}

/** An order with what is to be made of it: a pack, or one share's part. */
export interface AskedPack extends PackOrder {
  readonly out: string;
  readonly shard: Shard | null;
}

/** @throws GraderspaceError BadArgument */
export function readPackOrder(args: readonly string[]): AskedPack {
  const { values, positionals } = parsed(args);
  const [source, ...more] = positionals;
  const pick = Number(values.pick ?? 24);
  if (source === undefined || more.length > 0)
    throw wrong("it needs one source: an npz of crops, or a folder of LIDC or of images with several readers' masks");
  if (values.out === undefined) throw wrong("it needs --out FILE.zip");
  if (!Number.isInteger(pick) || pick < 1 || pick > MOST) throw wrong(`--pick is not a whole number from 1 to ${MOST}`);
  const readers = values.readers === undefined ? null : Number(values.readers);
  if (readers !== null && !(Number.isInteger(readers) && readers >= 2 && readers <= MOST_READERS))
    throw wrong(`--readers is not a whole number from 2 to ${MOST_READERS}`);
  const shard = values.shard === undefined ? null : readShard(values.shard);
  const wish = { split: values.split ?? null, pick };
  return { source, out: values.out, shard, wish, lesions: values.lesions === true, readers };
}

function parsed(args: readonly string[]) {
  try {
    const [text, flag] = [{ type: "string" }, { type: "boolean" }] as const;
    const options = { split: text, pick: text, out: text, readers: text, shard: text, lesions: flag } as const;
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw wrong(error instanceof Error ? error.message.replace(/\.$/, "") : String(error));
  }
}

/** @throws GraderspaceError BadArgument where there is no such source */
export function checkThere(source: string): void {
  if (!existsSync(source)) throw wrong(`there is no ${source}`);
}

/** What is wrong with the words, with how they go. */
export function wrong(problem: string): GraderspaceError {
  return new GraderspaceError("BadArgument", { problem, remedy: USAGE });
}
