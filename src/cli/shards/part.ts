import { createHash } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { GraderspaceError } from "../../core/errors.ts";
import { readBytes, unwritable, writeBytes } from "../read-bytes.ts";
import { readExact, writeExact } from "./exact-json.ts";
import type { Shard } from "./shard.ts";

/** What of its inputs and settings a run's figures hang on, by a name for people: parts of one run have the same. */
export type Identity = Readonly<Record<string, string>>;

/** What figures are made of, by case: `lists` by name, each in the order of the file of cases. */
export interface Measured<Context = object> {
  /** What finishing needs beside the cases, the same in every shard. */
  readonly context: Context;
  readonly lists: Readonly<Record<string, readonly unknown[]>>;
}

/** One shard of a run, as its file holds it. */
export interface ShardPart extends Measured {
  readonly command: string;
  readonly shard: Shard;
  readonly identity: Identity;
  /** What measuring took. */
  readonly seconds: number;
}

const VERSION = 1;

/** Writes beside its place, then renames: a run that is ended on the way leaves no half part under its name. @throws GraderspaceError */
export async function writePart(path: string, { lists, ...head }: ShardPart): Promise<void> {
  const lines = [writeExact({ graderspacePart: VERSION, ...head })];
  for (const [name, items] of Object.entries(lists)) for (const item of items) lines.push(writeExact([name, item]));
  // a list of no items is one, too
  lines.push(writeExact({ lists: Object.keys(lists) }));
  const text = `${lines.join("\n")}\n`;
  const whole = `${text}${JSON.stringify({ end: sha256(text) })}\n`;
  const beside = `${path}.${process.pid}.tmp`;
  await writeBytes(beside, whole);
  await rename(beside, path).catch(async (error: NodeJS.ErrnoException) => {
    await rm(beside, { force: true });
    throw unwritable(path, error);
  });
}

/** @throws GraderspaceError BadArgument where there is no file, DamagedFile where it is no part or not a whole one */
export async function readPart(path: string): Promise<ShardPart> {
  const { bytes } = await readBytes(path);
  const text = new TextDecoder().decode(bytes);
  const cut = text.lastIndexOf("\n", text.length - 2) + 1;
  if (!text.startsWith('{"graderspacePart":')) {
    throw damaged(path, "it is not a part that --shard wrote", "give parts alone");
  }
  if (text.slice(cut) !== `${JSON.stringify({ end: sha256(text.slice(0, cut)) })}\n`) {
    throw damaged(path, "it is not whole, or was changed", "run its shard again");
  }
  const [first = "", ...rest] = text.slice(0, cut).trimEnd().split("\n");
  const { graderspacePart, ...head } = readExact(first) as Omit<ShardPart, "lists"> & { graderspacePart: number };
  if (graderspacePart !== VERSION) {
    throw damaged(path, `it is a part of version ${graderspacePart}`, "run its shard again with this program");
  }
  const { lists: names } = readExact(rest.pop() ?? "") as { lists: string[] };
  const lists: Record<string, unknown[]> = Object.fromEntries(names.map((name) => [name, []]));
  for (const line of rest) {
    const [name, item] = readExact(line) as [string, unknown];
    lists[name]?.push(item);
  }
  return { ...head, lists };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function damaged(file: string, problem: string, remedy: string): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy });
}
