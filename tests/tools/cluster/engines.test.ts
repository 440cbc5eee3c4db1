import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";
import { python, tool } from "../../support/tools.ts";

const root = resolve(import.meta.dirname, "../../..");
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
const env = { ...process.env, GRADERSPACE: `${process.execPath} --import tsx src/cli.ts` };
const words = ["evaluate", at("cases.npz"), "--model", "tests/golden/tiny-general", "--count", "2"];
const [dask, snakemake] = process.env.CI ? [python(["dask.distributed"]), tool("snakemake")] : [null, null];

beforeAll(async () => {
  writeCases(at("cases.npz"), 5);
  await evaluate([...words.slice(1), "--out", at("whole.json")]);
});
afterAll(() => folder.end());

const same = (name: string) => readFileSync(at(name)).equals(readFileSync(at("whole.json")));

describe.skipIf(dask === null)("tools/cluster/shards_dask.py", { tags: ["ci"] }, () => {
  const run = (...more: string[]) =>
    spawnSync(dask as string, ["tools/cluster/shards_dask.py", ...more], { cwd: root, env, encoding: "utf8" });

  it("gives the bytes of one run, and takes the parts that are there", () => {
    const order = ["--shards", "3", "--parts", at("parts"), "--out", at("dask.json"), "--", ...words];
    const { status, stderr } = run(...order);
    expect(status, stderr).toBe(0);
    expect(same("dask.json")).toBe(true);
    expect(readdirSync(at("parts")).sort()).toEqual(["1.part", "2.part", "3.part"]);
    copyFileSync(at("parts/1.part"), at("first.part"));
    expect(run(...order).status).toBe(0);
    expect(readFileSync(at("parts/1.part")).equals(readFileSync(at("first.part")))).toBe(true); // its seconds, too
  });

  it("ends with the sentence of bad input, tried once", () => {
    const bad = ["evaluate", at("none.npz")];
    const { status, stderr } = run("--shards", "2", "--parts", at("bad"), "--out", at("bad.json"), "--", ...bad);
    expect(status).toBe(2);
    expect(stderr).toContain("none.npz: there is no such file; give the path of a file.");
    expect(stderr).not.toContain("it is run again");
  });
});

describe.skipIf(snakemake === null)("tools/cluster/Snakefile", { tags: ["ci"] }, () => {
  it("gives the bytes of one run", () => {
    mkdirSync(at("snake"));
    const config = ["shards=2", `run=${words.join(" ")}`, `out=${at("snake.json")}`, `parts=${at("snake/parts")}`];
    const options = ["--cores", "2", "--nolock", "--config", ...config];
    const file = join(root, "tools/cluster/Snakefile");
    const { status, stderr } = spawnSync(snakemake as string, ["-s", file, "-d", root, ...options], {
      cwd: root,
      env: { ...env, XDG_CACHE_HOME: at("snake") },
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    expect(same("snake.json")).toBe(true);
  });
});
