import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
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
const [dask, ray, snakemake] = process.env.CI
  ? [
      python(["dask.distributed"]),
      python(["ray"], "`pip install ray` for the Python that GRADERSPACE_PYTHON names"),
      tool("snakemake"),
    ]
  : [null, null, null];

beforeAll(async () => {
  writeCases(at("cases.npz"), 5);
  await evaluate([...words.slice(1), "--out", at("whole.json")]);
});
afterAll(() => folder.end());

const same = (name: string) => readFileSync(at(name)).equals(readFileSync(at("whole.json")));

/** The command line, whose shard 2 of 3 dies of SIGKILL at its first start; starts are noted in the file beside. */
function dyingOnce(name: string): string {
  const [script, starts] = [at(`${name}.sh`), at(`${name}.starts`)];
  const lines = [
    'case "$*" in *"--shard"*) ;; *) exec $REAL "$@" ;; esac',
    `shard=$(echo "$*" | sed 's/.*--shard \\([0-9]*\\).*/\\1/'); echo "$shard" >> ${starts}`,
    `[ "$shard" != 2 ] || [ "$(grep -c 2 ${starts})" != 1 ] || kill -9 $$`,
    'exec $REAL "$@"',
  ];
  writeFileSync(script, `REAL="${env.GRADERSPACE}"\n${lines.join("\n")}\n`);
  return `sh ${script}`;
}

describe.each([
  ["dask", dask],
  ["ray", ray],
])("tools/cluster/shards_%s.py", { tags: ["ci"] }, (name, interpreter) => {
  const run = (graderspace: string, ...more: string[]) =>
    spawnSync(interpreter as string, [`tools/cluster/shards_${name}.py`, ...more], {
      cwd: root,
      env: { ...env, GRADERSPACE: graderspace, RAY_USAGE_STATS_ENABLED: "0" },
      encoding: "utf8",
    });
  const parts = at(`${name}-parts`);

  it.skipIf(interpreter === null)(
    "gives the bytes of one run, runs the killed shard alone again, and takes the parts that are there",
    () => {
      const order = ["--shards", "3", "--parts", parts, "--out", at(`${name}.json`), "--", ...words];
      const { status, stderr } = run(dyingOnce(name), ...order);
      expect(status, stderr).toBe(0);
      expect(same(`${name}.json`)).toBe(true);
      expect(stderr.match(/shard \d ended with .*it is run again/g)).toEqual([
        expect.stringContaining("shard 2 ended"),
      ]);
      // An engine that misses a worker starts its shard anew by itself, so that one that was not killed may be there twice.
      const starts = readFileSync(at(`${name}.starts`), "utf8")
        .trim()
        .split("\n");
      expect([...new Set(starts)].sort()).toEqual(["1", "2", "3"]);
      expect(starts.filter((shard) => shard === "2").length).toBeGreaterThanOrEqual(2);
      expect(readdirSync(parts).sort()).toEqual(["1.part", "2.part", "3.part"]);
      copyFileSync(join(parts, "1.part"), at(`${name}-first.part`));
      expect(run(env.GRADERSPACE, ...order).status).toBe(0);
      expect(readFileSync(join(parts, "1.part")).equals(readFileSync(at(`${name}-first.part`)))).toBe(true); // its seconds, too
    },
  );

  it.skipIf(interpreter === null)("ends with the sentence of bad input, tried once", () => {
    const bad = ["evaluate", at("none.npz")];
    const { status, stderr } = run(
      env.GRADERSPACE,
      "--shards",
      "2",
      "--parts",
      at(`${name}-bad`),
      "--out",
      at("bad.json"),
      "--",
      ...bad,
    );
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
