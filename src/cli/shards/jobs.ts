import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ErrorFacts, GraderspaceError } from "../../core/errors.ts";
import type { Arguments } from "../arguments.ts";
import { joined } from "./join-parts.ts";
import { type Measured, readPart } from "./part.ts";

/** `--jobs N`: the shards of a run as N processes of this program, joined. @throws GraderspaceError: what the first that failed said */
export async function measureInJobs(command: string, args: Arguments, jobs: number, without: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), "graderspace-parts-"));
  const children: ChildProcess[] = [];
  try {
    const paths = Array.from({ length: jobs }, (_, k) => join(folder, `${k + 1}.part`));
    const words = [command, ...args.positionals, ...givenWords(args, without)];
    await Promise.all(
      paths.map((path, k) => ended(startedWith([...words, "--shard", `${k + 1}/${jobs}`, "--out", path], children))),
    );
    const parts = await Promise.all(paths.map(async (path) => ({ ...(await readPart(path)), path })));
    return joined(parts) as Measured;
  } finally {
    for (const child of children) child.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

function givenWords(args: Arguments, without: readonly string[]): string[] {
  return Object.entries(args.given()).flatMap(([name, value]) => {
    if (without.includes(name)) return [];
    return args.flag(name) ? [`--${name}`] : [`--${name}=${value}`];
  });
}

/** This program once more, as it was started itself. */
function startedWith(words: readonly string[], children: ChildProcess[]): ChildProcess {
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] as string, ...words], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  children.push(child);
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr?.on("data", (more) => {
    said += String(more);
  });
  return new Promise((done, failed) => {
    child.on("error", failed);
    child.on("close", (code) => {
      if (code === 0) done();
      else if (code === 2) failed(new GraderspaceError("BadArgument", factsIn(said)));
      else failed(new Error(`a process of --jobs ended with ${code}: ${said}`));
    });
  });
}

/** The sentence that a child ended with, with its file before it where it names one. */
function factsIn(said: string): ErrorFacts {
  const sentence = (said.trim().split("\n").at(-1) ?? "").replace(/\.$/, "");
  const [file, ...rest] = sentence.split(": ");
  return rest.length > 0 ? { file, problem: rest.join(": ") } : { problem: sentence };
}
