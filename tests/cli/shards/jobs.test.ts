import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { temporaryFolder, writeCases } from "../../support/cases.ts";

const root = resolve(import.meta.dirname, "../../..");
const folder = temporaryFolder();
const file = join(folder.path, "cases.npz");
beforeAll(() => writeCases(file, 3));
afterAll(() => folder.end());

function cli(...words: string[]) {
  const started = [join(root, "node_modules/tsx/dist/cli.mjs"), "src/cli.ts", ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, started, { cwd: root, encoding: "utf8" });
  return { status, stdout, stderr };
}

it("--jobs runs shards as processes and gives the bytes of one run", () => {
  const words = ["evaluate", file, "--model", "tests/golden/tiny-general", "--count", "2", "--seed", "-3", "--untimed"];
  const [one, two] = ["one.npz", "two.npz"].map((name) => join(folder.path, name)) as [string, string];
  const whole = cli(...words, "--dump", one);
  const jobs = cli(...words, "--dump", two, "--jobs", "2");
  expect([jobs.status, jobs.stdout], jobs.stderr).toEqual([0, whole.stdout]);
  expect(readFileSync(two).equals(readFileSync(one))).toBe(true);
});

it("--jobs answers bad input in one sentence", () => {
  const { status, stdout, stderr } = cli("evaluate", file, "--split", "val", "--jobs", "2");
  expect([status, stdout, stderr]).toEqual([2, "", "cases.npz: it names no splits; leave --split out.\n"]);
});
