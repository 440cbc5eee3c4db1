import { existsSync } from "node:fs";
import { GraderspaceError } from "../../core/errors.ts";
import { rounded } from "../../core/measures/rounded.ts";
import { type Arguments, type Expected, readArguments } from "../arguments.ts";
import { runIdentity } from "./identity.ts";
import { measureInJobs } from "./jobs.ts";
import { apartIn } from "./join-parts.ts";
import { type Measured, readPart, type ShardPart, writePart } from "./part.ts";
import { readShard, type Shard, WHOLE } from "./shard.ts";

/** Where the figures go beside what is printed. */
export interface Outputs {
  text(name: string): string | undefined;
  /** Leave out what a clock said: two runs of the same are then the same to the byte. */
  readonly untimed: boolean;
}

/**
 * A command whose cases may be measured on several machines. A whole run is `finish(measure(all))`, and joined shards are
 * `finish` of the same lists: one code path, the same bytes.
 */
export interface ShardedCommand<Context = object> {
  readonly name: string;
  readonly expected: Expected;
  /** Options that name files to write. */
  readonly outputs: readonly string[];
  /** Options that name files to read. */
  readonly files: readonly string[];
  /** Whether `seconds` is printed. */
  readonly timed: boolean;
  /** The models that it uses. */
  models(args: Arguments): Promise<readonly (string | undefined)[]>;
  /** Every word is checked here, whatever the shard. */
  measure(args: Arguments, shard: Shard): Promise<Measured<Context>>;
  finish(measured: Measured<Context>, outputs: Outputs): Promise<object>;
}

/** Words that no figure hangs on. */
const OF_THE_WORK = ["shard", "jobs", "untimed", "out", "style"];

/** Runs a command as a whole, or, with `--shard I/N --out PART`, one share of its cases. @throws GraderspaceError */
export async function runCommand(command: ShardedCommand, words: readonly string[]): Promise<object> {
  const { expected } = command;
  const options = [...expected.options, "shard", "jobs"];
  const args = readArguments(words, { ...expected, options, flags: [...(expected.flags ?? []), "untimed"] });
  const word = args.text("shard");
  if (word !== undefined) return runShard(command, args, readShard(word));
  const started = performance.now();
  const jobs = args.whole("jobs", 1, 1, 256);
  const measured =
    jobs > 1
      ? await measureInJobs(command.name, args, jobs, [...OF_THE_WORK, ...command.outputs])
      : await command.measure(args, WHOLE);
  return finished(command, measured, { text: args.text, untimed: args.flag("untimed") }, () => secondsSince(started));
}

/** What is printed of a whole run: its figures, and the seconds that it took. */
export async function finished(
  command: ShardedCommand,
  measured: Measured,
  outputs: Outputs,
  seconds: () => number,
): Promise<object> {
  const printed = await command.finish(measured, outputs);
  return { ...printed, ...(command.timed && !outputs.untimed && { seconds: rounded(seconds()) }) };
}

/** A shard whose part is there, whole and of this run is not run again. @throws GraderspaceError */
async function runShard(command: ShardedCommand, args: Arguments, shard: Shard): Promise<object> {
  const out = args.needed("out");
  const other = command.outputs.find((name) => name !== "out" && args.text(name) !== undefined);
  if (other !== undefined) {
    const problem = `--${other} does not go with --shard`;
    throw new GraderspaceError("BadArgument", { problem, remedy: `give --${other} to merge` });
  }
  const without = [...OF_THE_WORK, ...command.outputs];
  const identity = await runIdentity(args, { files: command.files, models: await command.models(args), without });
  return writeShard(out, { command: command.name, shard, identity }, () => command.measure(args, shard));
}

/** Measures a shard and writes its part, if it is not there: what is printed of it. @throws GraderspaceError */
export async function writeShard(
  out: string,
  wanted: Pick<ShardPart, "command" | "shard" | "identity">,
  measure: () => Promise<Measured>,
): Promise<object> {
  const kept = await partOf(out, wanted);
  if (kept) return said(out, kept, true);
  const started = performance.now();
  const part = { ...(await measure()), ...wanted, seconds: secondsSince(started) };
  await writePart(out, part);
  return said(out, part, false);
}

/** The part that is there already; null where there is none, or a damaged one. @throws BadArgument where it is another shard's or run's */
async function partOf(
  path: string,
  wanted: Pick<ShardPart, "command" | "shard" | "identity">,
): Promise<ShardPart | null> {
  if (!existsSync(path)) return null;
  const part = await readPart(path).catch((error: unknown) => {
    if (error instanceof GraderspaceError && error.tag === "DamagedFile") return null;
    throw error;
  });
  if (part === null) return null;
  const { index, of } = part.shard;
  const apart =
    index === wanted.shard.index && of === wanted.shard.of ? apartIn(part, wanted) : `it is shard ${index} of ${of}`;
  if (apart === null) return part;
  const remedy = "give another --out, or remove that file";
  throw new GraderspaceError("BadArgument", {
    file: path,
    problem: `a part of another run is there: ${apart}`,
    remedy,
  });
}

function said(out: string, { shard, lists, seconds }: ShardPart, kept: boolean): object {
  const cases = Object.values(lists).reduce((sum, items) => sum + items.length, 0);
  return { shard: `${shard.index}/${shard.of}`, part: out, measured: cases, kept, seconds: rounded(seconds) };
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
