import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readArguments } from "../../src/cli/arguments.ts";
import { joined, type PartAt, shardsDone } from "../../src/cli/shards/join-parts.ts";
import { type Identity, readPart } from "../../src/cli/shards/part.ts";
import type { Shard } from "../../src/cli/shards/shard.ts";
import { writeShard } from "../../src/cli/shards/sharded.ts";
import { GraderspaceError } from "../../src/core/errors.ts";
import { checkThere, type PackOrder } from "./pack-order.ts";
import { type Found, findIn } from "./routes.ts";
import { sourceIdentity } from "./source.ts";

const COMMAND = "cases";
const SOURCE = "the source";

/** What merging needs beside the parts, the same in every shard but for where the source lies. */
interface Context {
  readonly order: PackOrder;
  readonly kind: Found["kind"];
}

/** Finds what could be a case in one share of the source, and writes it as a part. @throws GraderspaceError */
export async function shardOf(order: PackOrder, shard: Shard, out: string): Promise<object> {
  checkThere(order.source);
  const { appVersion } = await import("../../src/cli/sampling.ts"); // late: it loads a backend
  const { version, commit } = await appVersion();
  const { wish, lesions, readers } = order;
  const identity: Identity = {
    Graderspace: `${version} (${commit.slice(0, 12)})`,
    [SOURCE]: await sourceIdentity(order.source),
    "--pick": String(wish.pick),
    ...(wish.split !== null && { "--split": wish.split }),
    ...(lesions && { "--lesions": "true" }),
    ...(readers !== null && { "--readers": String(readers) }),
  };
  return writeShard(out, { command: COMMAND, shard, identity }, async () => {
    const { kind, parts } = await findIn(order, shard);
    const context: Context = { order: { ...order, source: resolve(order.source) }, kind };
    return { context, lists: { parts } };
  });
}

/** What is there of a run, or all of it, with the order to open it by. */
type Merged = { readonly status: object } | { readonly order: PackOrder; readonly found: Found; readonly out: string };

/**
 * `merge PART… [--status] [--source SOURCE] --out FILE.zip`: what all shards found. `--source`: where it lies here, if it
 * is not where the first shard had it.
 * @throws GraderspaceError: parts of several runs, missing ones, a source that is not theirs
 */
export async function mergedOf(words: readonly string[]): Promise<Merged> {
  const args = readArguments(words, {
    positionals: ["PART"],
    andMore: true,
    options: ["out", "source"],
    flags: ["status"],
  });
  const parts: PartAt[] = [];
  for (const path of args.positionals) parts.push({ ...(await readPart(path)), path });
  const status = shardsDone(parts);
  if (status.command !== COMMAND) {
    const problem = `these are parts of ${status.command}`;
    throw new GraderspaceError("BadArgument", { problem, remedy: "merge them with npm run cli -- merge" });
  }
  if (args.flag("status")) return { status };
  const whole = joined(parts);
  const out = args.needed("out");
  const { order, kind } = whole.context as Context;
  const source = args.text("source") ?? order.source;
  if (!existsSync(source)) {
    const problem = `there is no ${source}, where the parts were found`;
    throw new GraderspaceError("BadArgument", { problem, remedy: "name its place with --source" });
  }
  if ((await sourceIdentity(source)) !== parts[0]?.identity[SOURCE]) {
    const problem = "it is not the source that the parts were found in, or it has changed";
    const remedy = "name their source with --source, or run the shards again";
    throw new GraderspaceError("BadArgument", { file: source, problem, remedy });
  }
  return { order: { ...order, source }, found: { kind, parts: whole.lists["parts"] ?? [] } as Found, out };
}
