import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { cases } from "./cases.ts";

/** Mutated files in all, three fifths of them of a known outcome; CI asks for fifteen times as many, see .ci/run. */
const TOTAL = Number(process.env.HOSTILE_COUNT ?? 3400);
/** Processor time that one file may take; a slower machine gets as much more as it is slower (child.ts). */
const LIMIT_MS = 2000;
const LIMIT_BYTES = 512 << 20;
/** Files per child: a fresh process now and then, so that a peak can be told apart. */
const BATCH = 5000;
/** A child that says nothing for so long, and takes no processor time either, waits for what never comes. */
const SILENCE_MS = 15 * 60_000;

interface Said {
  readonly index?: number;
  readonly format?: string;
  readonly became?: string;
  /** What had to come of it, where that is known: "same", "note", "changed", "refused". */
  readonly comes?: string;
  /** Processor milliseconds of the whole child. */
  readonly allMs?: number;
  readonly crash?: string;
  readonly cpuMs?: number;
  /** Processor milliseconds at which the file was given up. */
  readonly hung?: number;
  readonly peak?: number;
  readonly baseline?: number;
  readonly limit?: number;
  readonly sound?: string;
  readonly done?: boolean;
}

interface Finding {
  readonly index: number;
  readonly what: string;
  /** It was processor time or memory. What was read before it can be in both: such a file is read once more, by itself. */
  readonly unsure?: true;
}

interface Outcome {
  readonly findings: readonly Finding[];
  readonly became: ReadonlyMap<string, number>;
  readonly cpuMs: number;
  readonly sound: ReadonlyMap<string, string>;
  readonly ended: number;
}

/** Reads files from…to−1 in a child; a file that takes too long ends it, and the next child goes on behind that file. */
async function run(total: number, from: number, to: number): Promise<Outcome> {
  const findings: Finding[] = [];
  const became = new Map<string, number>();
  const sound = new Map<string, string>();
  let [ended, cpuMs] = [0, 0];
  let next = from;
  while (next < to) {
    const last = await oneChild(total, next, to, (said) => {
      if (said.sound && said.became) sound.set(said.sound, said.became);
      cpuMs += said.allMs ?? 0;
      if (said.comes) count(became, `known to be ${said.comes}`);
      if (said.crash !== undefined) findings.push({ index: said.index as number, what: said.crash });
      if (said.became === undefined || said.index === undefined) return;
      ended++;
      count(became, said.became);
    });
    findings.push(...last.findings);
    next = last.next;
  }
  return { findings, became, sound, ended, cpuMs };
}

function count(counts: Map<string, number>, what: string, more = 1): void {
  counts.set(what, (counts.get(what) ?? 0) + more);
}

/** The first files that broke something, kept for `bombs.ts` to read ever after; named for what they are. */
async function keep(findings: readonly Finding[]): Promise<void> {
  const all = await cases(TOTAL);
  for (const { index } of findings.slice(0, 10)) {
    const { format, bytes, known } = all.at(index);
    const name = `${format} ${known ? `${known.kind.name} ${known.seed}` : index}`.replace(/[^\w]+/g, "-");
    writeFileSync(resolve(import.meta.dirname, "kept", name), bytes);
  }
}

function oneChild(total: number, from: number, to: number, hear: (said: Said) => void) {
  return new Promise<{ next: number; findings: Finding[] }>((done) => {
    const child = spawn(
      process.execPath,
      ["--import", "tsx", resolve(import.meta.dirname, "child.ts"), ...[total, from, to, LIMIT_MS].map(String)],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const findings: Finding[] = [];
    let current = from;
    let format = "";
    let baseline = 0;
    let limit = LIMIT_MS;
    let finished = false;
    let complaint = "";
    const find = (what: string, unsure?: true) =>
      findings.push({ index: current, what: `${format}: ${what}`, ...(unsure ? { unsure } : {}) });
    const silent = setTimeout(() => {
      find(`nothing said for ${SILENCE_MS / 60_000} minutes`);
      child.kill("SIGKILL");
    }, SILENCE_MS);
    child.stderr.on("data", (chunk) => {
      complaint = (complaint + chunk).slice(-800);
    });
    createInterface({ input: child.stdout }).on("line", (line) => {
      const said = JSON.parse(line) as Said;
      silent.refresh();
      if (said.baseline !== undefined) baseline = said.baseline;
      if (said.limit !== undefined) limit = said.limit;
      if (said.done) finished = true;
      if (said.index !== undefined) current = said.index;
      if (said.format !== undefined) format = said.format;
      const taken = said.hung ?? said.cpuMs ?? 0;
      if (taken > limit) find(`${said.hung ? "not ended within" : "took"} ${taken} ms of processor time`, true);
      if (said.peak !== undefined && said.peak - baseline > LIMIT_BYTES) {
        find(`${Math.round((said.peak - baseline) / 2 ** 20)} MiB over the baseline`, true); // rubbish of others may be in it
        child.kill("SIGKILL");
      }
      hear(said);
    });
    child.on("close", (code, signal) => {
      clearTimeout(silent);
      if (!finished && findings.length === 0) find(`the process ended (${code ?? signal}): ${complaint}`);
      done({ next: finished ? to : current + 1, findings });
    });
  });
}

describe("hostile input", () => {
  // no limit of its own: a child that does not end is told by its processor time, or by its silence
  it(`${TOTAL} mutated files end in time and memory, in a value or a tagged error`, { timeout: 0 }, async () => {
    const { count: files, counts } = await cases(TOTAL);
    expect(files).toBeGreaterThanOrEqual(TOTAL);
    console.info(`hostile files per format: ${[...counts].map(([name, n]) => `${name} ${n}`).join(", ")}`);
    const outcomes: Outcome[] = [];
    for (let from = 0; from < files; from += BATCH) {
      if (from > 0) console.info(`hostile files read: ${from} of ${files}`);
      outcomes.push(await run(TOTAL, from, Math.min(files, from + BATCH)));
    }
    let findings = outcomes.flatMap((outcome) => outcome.findings);
    const unsure = findings.filter((finding) => finding.unsure);
    for (const { index } of unsure) {
      const again = await run(TOTAL, index, index + 1);
      if (again.findings.length === 0) findings = findings.filter((finding) => finding.index !== index);
    }
    const became = new Map<string, number>();
    for (const outcome of outcomes) for (const [what, n] of outcome.became) count(became, what, n);
    console.info(`they became: ${[...became].map(([what, n]) => `${what} ${n}`).join(", ")}`);
    const seconds = outcomes.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / 1000;
    console.info(`processor time of all children: ${seconds.toFixed(0)} s`);
    await keep(findings.filter(({ unsure }) => !unsure));
    expect(findings).toEqual([]);
    expect(outcomes.reduce((sum, outcome) => sum + outcome.ended, 0)).toBeGreaterThanOrEqual(
      Math.min(files, TOTAL) - unsure.length,
    );
    // The sound files that all of them are made from are read, so that the damage is what is tested.
    const sound = outcomes[0]?.sound ?? new Map<string, string>();
    expect(
      [...sound.values()].filter((kind) => !["image", "marks", "pack", "session", "model", "samples"].includes(kind)),
    ).toEqual([]);
    expect(sound.size).toBeGreaterThanOrEqual(30);
  });
});
