import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { MEMORY_BYTES } from "../../../../src/model/onnx/bounded-memory.ts";
import { EVIL } from "./graphs.ts";

/** 2,000 damaged graphs; in CI a tenth of the damaged files of all other formats (tests/io/hostile). */
const TOTAL = Math.max(2000, Math.round(Number(process.env["HOSTILE_COUNT"] ?? 0) / 10));
/** Processor time of one graph; in the page it is stopped after as many seconds as its config allows. */
const LIMIT_MS = 3000;

interface Said {
  readonly index?: number;
  readonly became?: string;
  readonly crash?: string;
  readonly hung?: number;
  readonly peak?: number;
  readonly done?: boolean;
}

interface Became {
  readonly what: Map<number, string>;
  peak: number;
}

/** What became of graphs from…to−1; one that takes too long ends its child, and the next child goes on behind it. */
async function read(which: "damaged" | "evil", from: number, to: number): Promise<Became> {
  const found: Became = { what: new Map(), peak: 0 };
  for (let next = from; next < to; ) {
    let complaint = "";
    let last = next - 1;
    let done = false;
    await new Promise<void>((closed) => {
      const script = resolve(import.meta.dirname, "child.ts");
      const child = spawn(process.execPath, ["--import", "tsx", script, which, `${next}`, `${to}`, `${LIMIT_MS}`]);
      child.stderr.on("data", (data) => {
        complaint = `${complaint}${data}`.slice(-500);
      });
      createInterface({ input: child.stdout }).on("line", (line) => {
        const said = JSON.parse(line) as Said;
        last = said.index ?? last;
        done ||= said.done ?? false;
        found.peak = Math.max(found.peak, said.peak ?? 0);
        const what = said.crash ?? (said.hung === undefined ? said.became : "stopped");
        if (what !== undefined) found.what.set(last, what);
      });
      child.on("close", () => closed());
    });
    if (!done && !found.what.has(last)) found.what.set(last, `the process ended: ${complaint}`);
    next = done ? to : last + 1;
  }
  return found;
}

const KNOWN = /^(model|stopped|DamagedFile|ModelTruncated|ModelConfig|TooLarge)$/;

describe("hostile graphs", () => {
  it(`${TOTAL} damaged ones end in a sample or in a sentence, and the next sound one is computed as before`, {
    timeout: 0,
  }, async () => {
    const { what } = await read("damaged", 0, TOTAL);
    const counts: Record<string, number> = {};
    for (const one of what.values()) counts[one] = (counts[one] ?? 0) + 1;
    console.info(
      `damaged graphs became: ${Object.entries(counts)
        .map(([one, n]) => `${one} ${n}`)
        .join(", ")}`,
    );
    expect(what.size).toBe(TOTAL);
    expect([...what].filter(([, one]) => !KNOWN.test(one))).toEqual([]);
    // damage that every graph survives, or none, would test nothing
    expect(Math.min(counts["model"] ?? 0, counts["DamagedFile"] ?? 0, counts["ModelConfig"] ?? 0)).toBeGreaterThan(20);
    expect(counts["stopped"] ?? 0).toBeLessThan(TOTAL / 200);
  });

  it("those that are made to do harm are refused or stopped, within the memory that there is for all of them", {
    timeout: 0,
  }, async () => {
    const { what, peak } = await read("evil", 0, EVIL.length);
    EVIL.forEach(([name, , expected], index) => {
      expect(`${what.get(index)}`, name).toMatch(expected);
    });
    expect(peak).toBeLessThan(MEMORY_BYTES + 2 ** 29);
  });
});
