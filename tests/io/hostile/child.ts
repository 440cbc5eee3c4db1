/**
 * Reads mutated files one after the other and says on stdout what became of each, and what processor time it took.
 * Arguments: how many files there are in all, the first and the one behind the last to read, and the processor
 * milliseconds that one may take on the machine that PACE_MS was measured on.
 */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { type Case, cases } from "./cases.ts";
import { probe } from "./probe.ts";
import { judge } from "./structured/judge.ts";

/** Processor time of `pace` on the machine that the limit was set on. */
const PACE_MS = 60;

const [total = 0, from = 0, to = 0, mayTakeMs = 0] = process.argv.slice(2).map(Number);

function say(message: object): void {
  // Synchronously: what was said before a crash has been said.
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let written = 0; written < line.length; ) {
    try {
      written += writeSync(1, line, written);
    } catch (error) {
      // The pipe is full: on a busy machine whoever reads it has not come to it yet.
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

/** Processor time of a fixed piece of counted work, the least of five. */
function pace(): number {
  const bytes = new Uint8Array(1 << 20);
  const times = Array.from({ length: 5 }, () => {
    const begun = cpuMs();
    for (let round = 0, sum = 1; round < 16; round++) {
      for (let i = 0; i < bytes.length; i++) {
        sum = Math.imul(sum ^ (bytes[i] as number), 0x01000193);
        bytes[i] = sum >>> 24;
      }
    }
    return cpuMs() - begun;
  });
  return Math.min(...times);
}

const all = await cases(total);
// Once through the sound files: codecs are loaded, code is compiled, and the memory that this takes is the baseline.
for (const format of all.formats) {
  for (const [i, seed] of format.seeds.entries()) {
    const became = await probe(Uint8Array.from(seed), `${format.name} ${i}`);
    if (from === 0) say({ sound: `${format.name} ${i}`, became });
  }
}
const measured = pace();
const limit = mayTakeMs * Math.max(1, measured / PACE_MS);
/** So many MiB that a file honestly holds may take as long as any file may. */
const HONEST_MIB = 64;
const reading = new Float64Array(new SharedArrayBuffer(24));
reading.set([-1, 0, limit]);
new Worker(new URL("./watcher.mjs", import.meta.url), { workerData: reading.buffer }).unref();
say({ baseline: peak(), pace: Math.round(measured) });
for (let index = from; index < to; index++) {
  const { format, bytes, known, honestMiB = 0 } = all.at(index) as Case;
  const mayTake = limit * (1 + honestMiB / HONEST_MIB);
  say({ index, format, limit: Math.round(mayTake) });
  const begun = cpuMs();
  reading[2] = mayTake;
  reading[1] = begun;
  reading[0] = index;
  try {
    const became = known ? await judge(known.mutant, `${index}`) : await probe(bytes, `${index}`);
    say({ index, became, comes: known?.kind.comes, cpuMs: Math.round(cpuMs() - begun), peak: peak() });
  } catch (error) {
    const crash = error instanceof Error ? (error.stack ?? error.message).slice(0, known ? 3000 : 800) : String(error);
    const what = known ? `${format}: ${known.kind.name}, seed ${known.seed}: ${known.mutant.words}: ` : "";
    say({ index, crash: what + crash });
  }
  reading[0] = -1;
}
say({ done: true, allMs: Math.round(cpuMs()) });
process.exit(0);
