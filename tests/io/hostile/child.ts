/**
 * Reads mutated files one after the other and says on stdout what became of each. The parent kills it when one takes
 * too long. Arguments: how many files there are in all, the first and the one behind the last to read.
 */
import { writeSync } from "node:fs";
import { type Case, cases } from "./cases.ts";
import { probe } from "./probe.ts";

const [total = 0, from = 0, to = 0] = process.argv.slice(2).map(Number);

function say(message: object): void {
  // Synchronously: what was said before a crash has been said.
  writeSync(1, `${JSON.stringify(message)}\n`);
}

function peak(): number {
  return process.resourceUsage().maxRSS * 1024;
}

const all = await cases(total);
// Once through the sound files: codecs are loaded, code is compiled, and the memory that this takes is the baseline.
for (const format of all.formats) {
  for (const [i, seed] of format.seeds.entries()) {
    const became = await probe(Uint8Array.from(seed), `${format.name} ${i}`);
    if (from === 0) say({ sound: `${format.name} ${i}`, became });
  }
}
say({ baseline: peak() });
for (let index = from; index < to; index++) {
  const { format, bytes } = all.at(index) as Case;
  say({ index, format });
  const start = process.cpuUsage();
  try {
    const became = await probe(bytes, `${index}`);
    const { user, system } = process.cpuUsage(start);
    say({ index, became, cpuMs: Math.round((user + system) / 1000), peak: peak() });
  } catch (error) {
    say({ index, crash: error instanceof Error ? (error.stack ?? error.message).slice(0, 800) : String(error) });
  }
}
say({ done: true });
process.exit(0);
