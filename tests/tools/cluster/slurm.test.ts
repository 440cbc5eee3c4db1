import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";
import { hasSlurm, type Slurm, startSlurm } from "../../support/one-node-slurm.ts";
import { until } from "../../support/until.ts";

const root = resolve(import.meta.dirname, "../../..");
const folder = temporaryFolder();
const at = (name: string) => join(folder.path, name);
const WORDS = ["--model", "tests/golden/tiny-general", "--count", "3", "--untimed"];

/** The command line; shard 3 dies of SIGKILL at its first try, once it has measured a case. Each start is noted. */
const COMMAND_LINE = `
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
const words = process.argv.slice(2);
const shard = words[words.indexOf("--shard") + 1];
const tries = Number(process.env.SLURM_RESTART_COUNT ?? 0);
if (words.includes("--shard")) appendFileSync(${JSON.stringify(at("starts"))}, shard + " " + tries + "\\n");
const child = spawn(process.execPath, ["--import", "tsx", "src/cli.ts", ...words], { stdio: ["ignore", "inherit", "pipe"] });
child.stderr.on("data", (said) => {
  process.stderr.write(said);
  if (shard !== "3/4" || tries > 0 || !/evaluate: \\d+ of/.test(String(said))) return;
  child.kill("SIGKILL");
  process.kill(process.pid, "SIGKILL");
});
child.on("exit", (code) => process.exit(code ?? 1));
`;

describe.skipIf(!hasSlurm())("a real Slurm of one node", { tags: ["ci"] }, () => {
  const file = at("cases.npz");
  let slurm: Slurm;
  beforeAll(async () => {
    writeCases(file, 40);
    writeFileSync(at("command-line.mjs"), COMMAND_LINE);
    slurm = await startSlurm(folder.path);
  });
  afterAll(async () => {
    await slurm?.end();
    folder.end();
  });

  it("runs four shards, the killed one again and no other, and merges them to the bytes of one run", async () => {
    const words = [file, ...WORDS];
    const submit = ["--parsable", `--chdir=${root}`, `--output=${at("log")}`, "--export=ALL,GRADERSPACE"];
    process.env.GRADERSPACE = `${process.execPath} ${at("command-line.mjs")}`;
    const script = (name: string) => join(root, "tools/cluster", name);
    const parts = at("parts");
    const array = ["--array=1-4", script("shards.sbatch"), parts, "evaluate", ...words];
    const job = slurm.run("sbatch", ...submit, ...array).trim();
    const after = [`--dependency=afterok:${job}`, script("merge.sbatch"), parts, at("merged.json"), "--untimed"];
    slurm.run("sbatch", ...submit, ...after, "--dump", at("merged.npz"));
    await until(() => slurm.run("squeue", "-h").trim() === "");
    const log = readFileSync(at("log"), "utf8");
    expect(existsSync(at("merged.json")), log).toBe(true);

    const starts = readFileSync(at("starts"), "utf8").trim().split("\n").sort();
    expect(starts).toEqual(["1/4 0", "2/4 0", "3/4 0", "3/4 1", "4/4 0"]);
    expect(readdirSync(parts).sort()).toEqual(["1.part", "2.part", "3.part", "4.part"]); // no half file of the killed one
    await evaluate([...words, "--out", at("whole.json"), "--dump", at("whole.npz")]);
    for (const kind of ["json", "npz"]) {
      expect(readFileSync(at(`merged.${kind}`)).equals(readFileSync(at(`whole.${kind}`))), kind).toBe(true);
    }
  });
});
