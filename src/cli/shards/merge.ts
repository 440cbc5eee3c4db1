import { GraderspaceError } from "../../core/errors.ts";
import { readArguments } from "../arguments.ts";
import { readStyle } from "../tables/table-option.ts";
import { joined, type PartAt, shardsDone } from "./join-parts.ts";
import { readPart } from "./part.ts";
import { finished, type ShardedCommand } from "./sharded.ts";

const COMMANDS: Readonly<Record<string, () => Promise<ShardedCommand>>> = {
  evaluate: async () => (await import("../evaluate.ts")).EVALUATE,
  compare: async () => (await import("../compare.ts")).COMPARE,
  nodules: async () => (await import("../lesion/nodules.ts")).NODULES,
  agreement: async () => (await import("../agreement/agreement.ts")).AGREEMENT,
};

/**
 * `merge PART… [--status] [--untimed] [--out FILE] [--dump OUT.npz] [--pairs PAIRS.csv] [--csv CASES.csv] [--style semicolon]`: what the command would have printed
 * and written in one run over all cases. `--status`: which shards are there.
 */
export async function merge(words: readonly string[]): Promise<object> {
  const options = ["out", "dump", "pairs", "csv"];
  const flags = ["status", "untimed"];
  const args = readArguments(words, { positionals: ["PART"], andMore: true, options: [...options, "style"], flags });
  const read: PartAt[] = [];
  for (const path of args.positionals) read.push({ ...(await readPart(path)), path });
  const progress = shardsDone(read);
  if (args.flag("status")) return progress;
  const command = await COMMANDS[progress.command]?.();
  if (!command) {
    const remedy = "merge them with that command";
    throw new GraderspaceError("BadArgument", { problem: `these are parts of ${progress.command}`, remedy });
  }
  readStyle(args);
  const strange = options.find((name) => args.text(name) !== undefined && !command.outputs.includes(name));
  if (strange !== undefined) {
    const problem = `${command.name} writes no --${strange}`;
    const remedy = `give ${command.outputs.map((name) => `--${name}`).join(" or ")}`;
    throw new GraderspaceError("BadArgument", { problem, remedy });
  }
  const whole = joined(read);
  return finished(command, whole, { text: args.text, untimed: args.flag("untimed") }, () => whole.seconds);
}
