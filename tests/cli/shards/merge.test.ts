import { readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agreement } from "../../../src/cli/agreement/agreement.ts";
import { compare } from "../../../src/cli/compare.ts";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { nodules } from "../../../src/cli/lesion/nodules.ts";
import { merge } from "../../../src/cli/shards/merge.ts";
import { writeZip } from "../../../src/io/bytes/zip-write.ts";
import { writePack } from "../../../src/io/pack/pack-write.ts";
import { ballCases } from "../../support/ball-pack.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";

const folder = temporaryFolder();
afterAll(() => folder.end());
const at = (name: string) => join(folder.path, name);
const file = at("cases.npz");
const table = at("cases.csv");
const MODEL = ["--model", "tests/golden/tiny-general"];

beforeAll(() => {
  writeCases(file, 8); // the fourth grader never draws
  writeFileSync(table, tableOf(8));
});

/** Lesions of two slices each; the fit is on those from the fourth on. */
function tableOf(rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    return `${row < 6 ? "val" : "train"},p${row >> 2},s${row >> 1},0,${row},1`;
  });
  return `split,patient,series_uid,nodule,z,pixel_spacing_mm\n${lines.join("\n")}\n`;
}

type Command = (words: readonly string[]) => Promise<object>;

let runs = 0;

async function shards(command: Command, words: readonly string[], of: number, name?: string): Promise<string[]> {
  const run = name ?? `run-${++runs}`;
  const paths = Array.from({ length: of }, (_, k) => at(`${run}-${k + 1}-of-${of}`));
  for (const [k, path] of paths.entries()) await command([...words, "--shard", `${k + 1}/${of}`, "--out", path]);
  return paths;
}

/** What a command prints and writes, to the byte; `seconds` and milliseconds are left out by the command itself. */
async function bytesOf(command: Command, words: readonly string[], outputs: Readonly<Record<string, string>>) {
  const options = Object.entries(outputs).flatMap(([option, path]) => [`--${option}`, path]);
  const printed = JSON.stringify(await command([...words, "--untimed", ...options]));
  return { printed, files: Object.values(outputs).map((path) => readFileSync(path).toString("base64")) };
}

describe("merge joins shards to the bytes of one run", () => {
  it("of evaluate, with the samples that stand for many and the dump", async () => {
    const words = [file, ...MODEL, "--count", "3", "--representative", "6", "--seed", "-4"];
    const whole = await bytesOf(evaluate, words, {
      ...{ out: at("a.json"), dump: at("a.npz"), csv: at("a.csv") },
    });
    const parts = await shards(evaluate, words, 3);
    const joined = await bytesOf(merge, parts.toReversed(), {
      ...{ out: at("b.json"), dump: at("b.npz"), csv: at("b.csv") },
    });
    expect(joined).toEqual(whole);
    expect(JSON.parse(whole.printed)).toMatchObject({ cases: 8, representative: { of: 6 } });
    expect(whole.printed).not.toContain("seconds");
  });

  it("of evaluate over a pack, with a gate and a shift in the dump, and of a limit", async () => {
    const pack = at("balls.zip");
    writeFileSync(pack, writeZip(writePack("Balls", "", ballCases(4))));
    const words = [pack, "--model", "tests/golden/tiny-gated", "--count", "2", "--limit", "3"];
    const whole = await bytesOf(evaluate, words, { dump: at("a.npz") });
    const joined = await bytesOf(merge, await shards(evaluate, words, 2), { dump: at("b.npz") });
    expect(joined).toEqual(whole);
  });

  it("of compare, its table too", async () => {
    const models = "tests/golden/tiny-general,tests/golden/tiny-prob-unet";
    const words = [file, "--models", models, "--counts", "3,1"];
    const whole = await bytesOf(compare, words, { out: at("a.csv") });
    const parts = await shards(compare, words, 4);
    expect(await bytesOf(merge, parts, { out: at("b.csv") })).toEqual(whole);
    const timed = (await merge(parts)) as { rows: { milliseconds: number }[] };
    expect(timed.rows[0]?.milliseconds).toBeGreaterThan(0); // the mean over all cases of what each machine took
  });

  it.each([[[]], [["--limit", "2"]], [["--split", "val"]]])(
    "of nodules with %j, the fit's lesions too",
    async (more) => {
      const cases = at("ten.npz");
      writeCases(cases, 10, 3);
      writeFileSync(at("ten.csv"), tableOf(10));
      const words = [cases, "--table", at("ten.csv"), ...MODEL, "--count", "4", "--fit", "2", ...more];
      const whole = await bytesOf(nodules, words, { out: at("a.csv") });
      const joined = await bytesOf(merge, await shards(nodules, words, 3), { out: at("b.csv") });
      expect(joined).toEqual(whole);
      const printed = JSON.parse(whole.printed);
      expect(printed.four_readers).toBe(more.includes("2") ? 2 : more.includes("val") ? 3 : 5);
      expect(JSON.stringify(printed.lognormal_law ?? null) !== "null").toBe(more.includes("val"));
    },
  );

  it.each([
    ["slices", []],
    ["lesions and a model's samples", ["--table", "TABLE", ...MODEL, "--count", "2"]],
  ])("of agreement over %s, its report and pairs too", async (_, more) => {
    const words = [file, "--same-readers", ...more.map((word) => (word === "TABLE" ? table : word))];
    const whole = await bytesOf(agreement, words, { out: at("a.html"), pairs: at("a.csv") });
    const joined = await bytesOf(merge, await shards(agreement, words, 3), { out: at("b.html"), pairs: at("b.csv") });
    expect(joined).toEqual(whole);
    expect(JSON.parse(whole.printed)["model"] === undefined).toBe(more.length === 0);
  });

  it("with more shards than cases", async () => {
    const words = [file, ...MODEL, "--count", "2", "--limit", "2"];
    const whole = await bytesOf(evaluate, words, {});
    expect(await bytesOf(merge, await shards(evaluate, words, 5), {})).toEqual(whole);
  });

  it("and prints the seconds of all shards together", async () => {
    const parts = await shards(evaluate, [file, ...MODEL, "--count", "2"], 2);
    const { seconds } = (await merge(parts)) as { seconds: number };
    const heads = parts.map((path) => JSON.parse(readFileSync(path, "utf8").split("\n")[0] as string));
    expect(seconds).toBeCloseTo(heads[0].seconds + heads[1].seconds, 4);
  });
});

describe("a shard", () => {
  const words = [file, ...MODEL, "--count", "2", "--limit", "4"];
  const part = at("once");
  const run = (...more: string[]) => evaluate([...words, "--shard", "1/2", "--out", part, ...more]);
  const OLD = new Date(2001, 1, 1);

  it("is not run again where its part is there and whole", async () => {
    expect(await run()).toMatchObject({ shard: "1/2", part, measured: 2, kept: false });
    utimesSync(part, OLD, OLD);
    expect(await run()).toMatchObject({ shard: "1/2", measured: 2, kept: true });
    expect(statSync(part).mtime).toEqual(OLD);
  });

  it("is run again where its part is not whole", async () => {
    const before = readFileSync(part);
    writeFileSync(part, before.subarray(0, before.length - 9));
    expect(await run()).toMatchObject({ kept: false });
    expect(JSON.parse(readFileSync(part, "utf8").trim().split("\n").at(-1) as string)).toHaveProperty("end");
  });

  it("does not write over another run's part, or another shard's", async () => {
    await expect(run("--seed", "7")).rejects.toThrow(
      "once: a part of another run is there: it has no --seed, the other has; give another --out, or remove that file.",
    );
    const other = evaluate([...words, "--shard", "2/2", "--out", part]);
    await expect(other).rejects.toThrow("a part of another run is there: it is shard 1 of 2");
  });

  it("needs a name for its part, and leaves what is made of all cases to merge", async () => {
    await expect(evaluate([...words, "--shard", "1/2"])).rejects.toThrow("--out is missing");
    await expect(run("--dump", at("d.npz"))).rejects.toThrow("--dump does not go with --shard; give --dump to merge.");
  });
});

describe("merge", () => {
  const words = [file, ...MODEL, "--count", "2", "--limit", "4"];
  let parts: string[] = [];
  beforeAll(async () => {
    parts = await shards(evaluate, words, 4, "whole");
  });

  it("names the shards that are missing", async () => {
    const [first, second, third] = parts as [string, string, string];
    await expect(merge([first, second, third])).rejects.toThrow(
      "Shard 4 of 4 is missing; run --shard 4/4, and merge again.",
    );
    await expect(merge([second])).rejects.toThrow(
      "Shards 1, 3 and 4 of 4 are missing; run --shard 1/4 and the others, and merge again.",
    );
  });

  it("says with --status which are there, and joins nothing", async () => {
    expect(await merge(["--status", parts[3] as string, parts[1] as string])).toEqual({
      command: "evaluate",
      shards: 4,
      done: [2, 4],
      missing: [1, 3],
    });
  });

  it("names a shard that is there twice, and both its files", async () => {
    await expect(merge([...parts, parts[2] as string])).rejects.toThrow(
      /^Shard 3 of 4 is there twice, in .+whole-3-of-4 and .+whole-3-of-4; give each shard once\.$/,
    );
  });

  it("refuses parts that do not belong together, and says in what they differ", async () => {
    const [first] = parts as [string];
    const other = async (name: string, more: readonly string[], command: Command = evaluate) => {
      const path = at(name);
      await command([...more, "--shard", "2/4", "--out", path]);
      return merge([first, path]);
    };
    await expect(other("seed", [...words, "--seed", "3"])).rejects.toThrow(
      /seed: it belongs to another run than .+whole-1-of-4: it has --seed, the other has not/,
    );
    const changed = at("changed.npz");
    writeCases(changed, 9);
    await expect(other("file", [changed, ...words.slice(1)])).rejects.toThrow("the file of cases is not the same");
    const tiny = [file, "--model", "tests/golden/tiny-linear", ...words.slice(3)];
    await expect(other("model", tiny)).rejects.toThrow("it has model tiny-linear, the other has not");
    await expect(other("command", [file], agreement)).rejects.toThrow("it is one of agreement, not of evaluate");
    await evaluate([...words, "--shard", "2/3", "--out", at("of-three")]);
    await expect(merge([first, at("of-three")])).rejects.toThrow("it is one of 3 shards, not of 4");
  });

  it("takes a file of cases that has another name on the next machine", async () => {
    const elsewhere = at("elsewhere.npz");
    writeFileSync(elsewhere, readFileSync(file));
    const path = at("moved");
    await evaluate([elsewhere, ...words.slice(1), "--shard", "4/4", "--out", path]);
    expect(await merge([...parts.slice(0, 3), path, "--untimed"])).toEqual(await evaluate([...words, "--untimed"]));
  });

  it("writes what its command writes, and says what that is", async () => {
    await expect(merge([...parts, "--pairs", at("p.csv")])).rejects.toThrow(
      "Evaluate writes no --pairs; give --out or --dump or --csv.",
    );
    await expect(merge([])).rejects.toThrow("PART is missing");
  });
});
