import { GraderspaceError } from "../../core/errors.ts";
import type { Measured, ShardPart } from "./part.ts";

/** A part with the path that it was read from. */
export interface PartAt extends ShardPart {
  readonly path: string;
}

/** In which way two parts belong to different runs, as a clause; null where to the same. */
export function apartIn(
  part: Pick<ShardPart, "command" | "identity">,
  other: Pick<ShardPart, "command" | "identity">,
): string | null {
  if (part.command !== other.command) return `it is one of ${part.command}, not of ${other.command}`;
  const names = [...new Set([...Object.keys(part.identity), ...Object.keys(other.identity)])];
  const name = names.find((one) => part.identity[one] !== other.identity[one]);
  if (name === undefined) return null;
  const [here, there] = [part.identity[name], other.identity[name]];
  if (here === undefined) return `it has no ${name}, the other has`;
  if (there === undefined) return `it has ${name}, the other has not`;
  return here.startsWith("sha256 ") ? `${name} is not the same` : `${name} is ${here}, of the other ${there}`;
}

/** What is there of a run, and what is not. */
export interface ShardsDone {
  readonly command: string;
  readonly shards: number;
  readonly done: readonly number[];
  readonly missing: readonly number[];
}

/** @throws GraderspaceError BadArgument: parts of several runs, or one shard twice; sentences name which */
export function shardsDone(parts: readonly PartAt[]): ShardsDone {
  const [first] = parts;
  if (!first) throw new GraderspaceError("BadArgument", { problem: "there is no part", remedy: "give the parts" });
  const seen = new Map<number, PartAt>();
  for (const part of parts) {
    const { index, of } = part.shard;
    const apart = of === first.shard.of ? apartIn(part, first) : `it is one of ${of} shards, not of ${first.shard.of}`;
    if (apart !== null) {
      const problem = `it belongs to another run than ${first.path}: ${apart}`;
      throw new GraderspaceError("BadArgument", { file: part.path, problem, remedy: "give the parts of one run" });
    }
    const twin = seen.get(index);
    if (twin) {
      const problem = `shard ${index} of ${of} is there twice, in ${twin.path} and ${part.path}`;
      throw new GraderspaceError("BadArgument", { problem, remedy: "give each shard once" });
    }
    seen.set(index, part);
  }
  const all = Array.from({ length: first.shard.of }, (_, k) => k + 1);
  const { command, shard } = first;
  return {
    command,
    shards: shard.of,
    done: all.filter((index) => seen.has(index)),
    missing: all.filter((index) => !seen.has(index)),
  };
}

/** The lists of a whole run, and the seconds of all its shards. @throws GraderspaceError as `shardsDone`, and where a shard is missing */
export function joined(parts: readonly PartAt[]): Measured & { readonly seconds: number } {
  const { missing, shards } = shardsDone(parts);
  const [lacking] = missing;
  if (lacking !== undefined) {
    const problem =
      missing.length === 1
        ? `shard ${lacking} of ${shards} is missing`
        : `shards ${missing.slice(0, -1).join(", ")} and ${missing.at(-1)} of ${shards} are missing`;
    const remedy = `run --shard ${lacking}/${shards}${missing.length > 1 ? " and the others" : ""}, and merge again`;
    throw new GraderspaceError("BadArgument", { problem, remedy });
  }
  const ordered = [...parts].sort((a, b) => a.shard.index - b.shard.index);
  const names = Object.keys(ordered[0]?.lists ?? {});
  return {
    context: ordered[0]?.context ?? {},
    lists: Object.fromEntries(names.map((name) => [name, ordered.flatMap(({ lists }) => lists[name] ?? [])])),
    seconds: ordered.reduce((sum, part) => sum + part.seconds, 0),
  };
}
