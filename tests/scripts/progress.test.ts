import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { notedTests } from "../../scripts/progress/note.mjs";
import { watched } from "../../scripts/progress/watched.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "graderspace-progress-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A suite of its own: notes these lines, then does the rest. */
function suite(lines: readonly string[], rest: string): readonly [string, string[]] {
  const note = `require("node:fs").appendFileSync(process.env.GRADERSPACE_PROGRESS, ${JSON.stringify(lines.join("\n"))});`;
  return [process.execPath, ["-e", note + rest]];
}

const test = (id: number, state: string, ms = 1) => JSON.stringify({ id, file: "a.test.ts", state, ms });

describe("a suite under watch", () => {
  it("ends when it ends, with its exit code", async () => {
    const notes = join(folder, "notes");
    expect(await watched(...suite([], "process.exit(3)"), { notes, quietTurns: 100_000, turnMs: 1 })).toEqual({
      code: 3,
      hung: false,
    });
  });

  it("is stopped where nothing more comes of it, and what it had found is counted", async () => {
    const notes = join(folder, "notes");
    writeFileSync(notes, [test(1, "passed"), test(2, "failed"), test(3, "pas")].join("\n"));
    const [command, args] = suite([], "setInterval(() => {}, 1e6)");
    const { hung } = await watched(command, args, { notes, quietTurns: 50, turnMs: 1 });
    expect(hung).toBe(true);
    // the third was not written to its end
    expect(notedTests(notes)).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
  });

  it("counts a test that was tried twice once, by its last try, and adds up the time of a file", async () => {
    const notes = join(folder, "notes");
    const lines = [test(1, "failed", 20), test(1, "passed", 30), test(2, "skipped", 0), ""];
    await watched(...suite(lines, ""), { notes, quietTurns: 100_000, turnMs: 1 });
    const { passed, failed, skipped, files } = notedTests(notes);
    expect([passed, failed, skipped]).toEqual([1, 0, 1]);
    expect(files.get("a.test.ts")).toBe(50);
  });

  it("names what failed with the first lines of its error, without a runner's colours", () => {
    const notes = join(folder, "notes");
    const why = "\u001b[31mexpected 1 to be 2\u001b[39m\n1\n2\n3\n4\n5";
    const failed = { id: "a", file: "a.test.ts", name: "adds > one and one", state: "failed", ms: 1, why };
    const broken = { id: "b", file: "b.test.ts", state: "failed", ms: 1 };
    writeFileSync(notes, [JSON.stringify(failed), JSON.stringify(broken), test(3, "passed"), ""].join("\n"));
    expect(notedTests(notes).failures).toEqual([
      "a.test.ts: adds > one and one\n  expected 1 to be 2\n  1\n  2\n  3",
      "b.test.ts: the file could not be run",
    ]);
  });
});
