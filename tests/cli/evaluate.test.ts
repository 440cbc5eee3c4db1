import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compare } from "../../src/cli/compare.ts";
import { evaluate } from "../../src/cli/evaluate.ts";
import { epsilonFor } from "../../src/core/random/draws.ts";
import { openZip } from "../../src/io/bytes/zip.ts";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { openNpz } from "../../src/io/numpy/npz.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballCases } from "../support/ball-pack.ts";
import { temporaryFolder, writeCases } from "../support/cases.ts";

const MODEL = "tests/golden/tiny-general";
const folder = temporaryFolder();
const file = join(folder.path, "cases.npz");
beforeAll(() => writeCases(file, 4));
afterAll(() => folder.end());

interface Printed {
  cases: number;
  count: number;
  ged2: number;
  ged2_by_graders: Record<string, number>;
  kl_per_axis: number[];
  seconds: number;
}
const run = async (...words: string[]) =>
  (await evaluate([file, "--model", MODEL, "--count", "3", ...words])) as Printed;

describe("evaluate", () => {
  it("prints the figures of the contract, the same on every run", async () => {
    const { seconds, ...figures } = await run();
    expect(Object.keys(figures)).toEqual([
      "cases",
      "count",
      "ged2",
      "ged2_by_graders",
      "hm_iou",
      "diversity",
      "nestedness",
      "dice",
      "presence",
      "presence_brier",
      "ged2_presence",
      "ged2_floor",
      "ece",
      "kl_per_axis",
      "kl_fields",
    ]);
    expect(figures).toMatchObject({ cases: 4, count: 3 });
    expect(Object.keys(figures.ged2_by_graders)).toEqual(["3"]); // the fourth never draws
    expect(figures.kl_per_axis).toHaveLength(3);
    const { seconds: others, ...again } = await run();
    expect(again).toEqual(figures);
    expect(seconds + others).toBeGreaterThan(0);
  });

  it("prints the figures of representative samples beside those of the first ones, never in their place", async () => {
    const { seconds: _seconds, ...first } = await run();
    const { representative, ...figures } = (await run("--representative", "12")) as Printed & {
      representative: Printed;
    };
    expect(figures).toMatchObject(first);
    expect(representative).toMatchObject({ of: 12 });
    expect(representative.ged2).toBeLessThan(figures.ged2);
    await expect(run("--representative", "2")).rejects.toThrow("--representative");
  });

  it("draws by the row in the file, not by its place in the run", async () => {
    const dump = join(folder.path, "dump.npz");
    await run("--limit", "2", "--dump", dump, "--seed", "7");
    const arrays = openNpz(openZip(new Uint8Array(readFileSync(dump)), "dump.npz"), "dump.npz");
    expect([...(await arrays.get("rows")!.numbers(0, 2))]).toEqual([0, 2]); // floor(i·4/2)
    expect(arrays.get("samples")?.header.shape).toEqual([2, 3, 64, 8]);
    expect(arrays.get("epsilon")?.header.shape).toEqual([2, 3, 3]);
    expect(arrays.get("field_8")?.header.shape).toEqual([2, 3, 8, 8]);
    expect(arrays.get("field_4")?.header.shape).toEqual([2, 3, 16, 16]);
    const epsilon = await arrays.get("epsilon")!.numbers(0, 2);
    const wanted = epsilonFor(7, 2, 1, { latent: 3, fieldSpacings: [8, 4] }, 64, 64);
    expect(epsilon.slice(12, 15)).toEqual(wanted.z); // row 2 is the second; its sample 1 begins at 9 + 3
  });

  it.each(["antithetic", "sobol"] as const)(
    "draws in %s order where asked, says so, and dumps the normals as used",
    async (order) => {
      const dump = join(folder.path, `${order}.npz`);
      const words = ["--order", order, "--dump", dump, "--seed", "7", "--model", "tests/golden/tiny-gated"];
      expect(await run(...words)).toMatchObject({ count: 3, order });
      const arrays = openNpz(openZip(new Uint8Array(readFileSync(dump)), "dump"), "dump");
      const chance = { latent: 2, fieldSpacings: [8], gate: true, shift: 0.6 };
      const wanted = epsilonFor(7, 2, 1, chance, 64, 64, order);
      expect(wanted.z).not.toEqual(epsilonFor(7, 2, 1, chance, 64, 64).z);
      expect((await arrays.get("epsilon")!.numbers(2, 3)).slice(2, 4)).toEqual(wanted.z); // row 2, sample 1 of 3
      expect((await arrays.get("field_8")!.numbers(2, 3)).slice(64, 128)).toEqual(wanted.fields[0]);
      expect((await arrays.get("epsilon_u")!.numbers(2, 3))[1]).toBe(wanted.u);
      expect([...(await arrays.get("epsilon_shift")!.numbers(2, 3)).slice(2, 4)]).toEqual(wanted.shift);
      const { ged2 } = await run("--seed", "7", "--model", "tests/golden/tiny-gated");
      expect((await run(...words)).ged2).not.toBe(ged2);
    },
  );

  it("writes a table of the cases, by comma, or by semicolon with a decimal comma, whose means are what it prints", async () => {
    const [plain, other] = [join(folder.path, "plain.csv"), join(folder.path, "other.csv")];
    const printed = await run("--csv", plain);
    await run("--csv", other, "--style", "semicolon");
    const text = readFileSync(plain, "utf8");
    expect(readFileSync(other, "utf8")).toBe(text.replaceAll(",", ";").replaceAll(".", ","));
    const [header, ...lines] = text.trim().split("\n");
    expect(header).toBe(
      "model,row,seed,count,graders,drew,ged2,hm_iou,diversity,nestedness,dice,presence,sample_grader,grader_spread",
    );
    const cells = lines.map((line) => line.split(","));
    expect(cells.map((row) => row.slice(0, 6).join(" "))).toEqual(
      [0, 1, 2, 3].map((row) => `tiny-general ${row} 0 3 4 3`), // the fourth never draws
    );
    const mean = cells.reduce((sum, row) => sum + Number(row[6]), 0) / 4;
    expect(mean).toBeCloseTo(printed.ged2, 4);
    await expect(run("--csv", plain, "--style", "tabs")).rejects.toThrow(
      '--style is "tabs"; give one of comma, semicolon',
    );
  });

  it("refuses an order for a model that draws no z", async () => {
    const words = [file, "--order", "sobol", "--model", "tests/golden/tiny-dropout-unet"];
    await expect(evaluate(words)).rejects.toThrow("tiny-dropout-unet chooses its samples by seed; leave --order out");
  });

  it("writes what shuts a gate and what each sample is off by into the dump", async () => {
    const dump = join(folder.path, "gated.npz");
    await run("--limit", "2", "--dump", dump, "--seed", "7", "--model", "tests/golden/tiny-gated");
    const arrays = openNpz(openZip(new Uint8Array(readFileSync(dump)), "gated.npz"), "gated.npz");
    expect(arrays.get("epsilon_u")?.header.shape).toEqual([2, 3]);
    expect(arrays.get("epsilon_shift")?.header.shape).toEqual([2, 3, 2]);
    const wanted = epsilonFor(7, 2, 1, { latent: 2, fieldSpacings: [8], gate: true, shift: 0.6 }, 64, 64);
    expect((await arrays.get("epsilon_u")!.numbers(0, 2))[4]).toBe(wanted.u);
    expect([...(await arrays.get("epsilon_shift")!.numbers(0, 2)).slice(8, 10)]).toEqual(wanted.shift);
    await run("--limit", "1", "--dump", dump);
    const open = openNpz(openZip(new Uint8Array(readFileSync(dump)), "dump.npz"), "dump.npz");
    expect([open.get("epsilon_u"), open.get("epsilon_shift")]).toEqual([undefined, undefined]);
  });

  it.each(["tiny-dropout-unet", "tiny-m-heads", "tiny-image2image-vae"])("takes %s too", async (name) => {
    const words = [file, "--model", `tests/golden/${name}`, "--count", "2", "--limit", "1"];
    const printed = (await evaluate(words)) as Printed;
    expect(printed).toMatchObject({ cases: 1, count: 2 });
    expect(printed.kl_per_axis === null).toBe(name !== "tiny-image2image-vae"); // the only one with a posterior
  });

  it("says how many members an ensemble has", async () => {
    const run = evaluate([file, "--model", "tests/golden/tiny-unet-ensemble", "--count", "3"]);
    await expect(run).rejects.toThrow("2 members and cannot give 3 samples; ask for at most 2.");
  });

  it("refuses a split that the file does not name", async () => {
    await expect(run("--split", "val")).rejects.toThrow("cases.npz: it names no splits; leave --split out.");
  });

  it("refuses a model that is not there", async () => {
    const missing = evaluate([file, "--model", "no-such-model"]);
    await expect(missing).rejects.toMatchObject({ tag: "ModelNotFound" });
  });
});

describe("compare", () => {
  it("tables each system at each count, and the paired difference at the largest", async () => {
    const out = join(folder.path, "table.csv");
    const models = `${MODEL},tests/golden/tiny-prob-unet`;
    const printed = await compare([file, "--models", models, "--counts", "1,3", "--out", out]);
    const { rows, paired } = printed as { rows: Record<string, unknown>[]; paired: Record<string, { count: number }> };
    expect(rows.map(({ model, count }) => [model, count])).toEqual([
      ["tiny-general", 1],
      ["tiny-general", 3],
      ["tiny-prob-unet", 1],
      ["tiny-prob-unet", 3],
    ]);
    expect(Object.keys(paired)).toEqual(["tiny-general,tiny-prob-unet"]);
    expect(paired["tiny-general,tiny-prob-unet"]?.count).toBe(3);
    const [header, ...lines] = readFileSync(out, "utf8").trim().split("\n");
    expect(header).toBe("model,count,ged2,ged2_low,ged2_high,hm_iou,diversity,nestedness,dice,milliseconds");
    expect(lines).toHaveLength(4);
  });

  it("tables each case of each system and count, with a decimal comma where it is asked for", async () => {
    const [out, csv] = [join(folder.path, "means.csv"), join(folder.path, "each.csv")];
    const models = `${MODEL},tests/golden/tiny-prob-unet`;
    const words = [file, "--models", models, "--counts", "1,3", "--out", out, "--csv", csv, "--style", "semicolon"];
    const { rows } = (await compare(words)) as { rows: { ged2: number }[] };
    const [header, ...lines] = readFileSync(csv, "utf8").trim().split("\n");
    expect(header).toBe("model;row;count;ged2;hm_iou;diversity;nestedness;dice");
    expect(lines.map((line) => line.split(";").slice(0, 3).join(" ")).slice(0, 5)).toEqual([
      ...["tiny-general 0 1", "tiny-general 0 3", "tiny-prob-unet 0 1", "tiny-prob-unet 0 3", "tiny-general 1 1"],
    ]);
    const ged2 = lines
      .filter((line) => /^tiny-general;\d+;3;/.test(line))
      .map((line) => Number(line.split(";")[3]?.replace(",", ".")));
    expect(ged2.reduce((sum, value) => sum + value, 0) / 4).toBeCloseTo(rows[1]?.ged2 ?? Number.NaN, 4);
    expect(readFileSync(out, "utf8")).toMatch(/^model;count;ged2;.*\ntiny-general;1;\d,\d+;/);
  });

  it("takes every bundled model where none is named, the paper's five systems among them, and needs no file", async () => {
    const one = join(folder.path, "one.npz");
    writeCases(one, 1);
    const { rows } = (await compare([one, "--counts", "1"])) as { rows: { model: string }[] };
    const { models } = JSON.parse(readFileSync("models/index.json", "utf8")) as { models: string[] };
    expect(rows.map(({ model }) => model)).toEqual(models);
    const families = ["prob-unet", "dropout-unet", "unet-ensemble", "m-heads", "image2image-vae"];
    for (const family of families) expect(models).toContain(`lidc-${family}`);
  });

  it("refuses a model that is missing before it starts on the others", async () => {
    const run = compare([file, "--models", `${MODEL},nowhere`, "--out", join(folder.path, "none.csv")]);
    await expect(run).rejects.toMatchObject({ tag: "ModelNotFound" });
  });

  it("refuses two folders of one name", async () => {
    const run = compare([file, "--models", `${MODEL},${MODEL}`, "--out", join(folder.path, "none.csv")]);
    await expect(run).rejects.toThrow("two folders named tiny-general");
  });

  it("names the order of each system's draws where one is asked for: only those of z have it", async () => {
    const out = join(folder.path, "ordered.csv");
    const models = `${MODEL},tests/golden/tiny-m-heads`;
    const printed = await compare([file, "--models", models, "--counts", "2", "--order", "sobol", "--out", out]);
    const { rows } = printed as { rows: { ged2: number; order: string }[] };
    expect(rows.map(({ order }) => order)).toEqual(["sobol", "iid"]);
    expect(readFileSync(out, "utf8")).toMatch(/^model,count,order,ged2,[^\n]*\r?\ntiny-general,2,sobol,/);
    const ordered = await evaluate([file, "--model", MODEL, "--count", "2", "--order", "sobol"]);
    expect(rows[0]?.ged2).toBe((ordered as Printed).ged2);
    await expect(compare([file, "--models", models, "--order", "best"])).rejects.toThrow('--order is "best"');
  });

  it("gives a system the GED² that evaluate gives it", async () => {
    const out = join(folder.path, "table.csv");
    const printed = await compare([file, "--models", MODEL, "--counts", "3", "--out", out]);
    const { rows } = printed as { rows: { ged2: number }[] };
    expect(rows[0]?.ged2).toBe((await run()).ged2);
  });
});

describe("a case pack", () => {
  const pack = join(folder.path, "balls.zip");
  const words = [pack, "--model", MODEL, "--count", "2"];
  beforeAll(() => {
    const cases = ballCases(3).map((one, row) => (row === 1 ? { ...one, draw: 41 } : one));
    writeFileSync(pack, writeZip(writePack("Balls", "", cases)));
  });

  it("is evaluated case by case, each drawn by its own number, which the dump says by its normals", async () => {
    const dump = join(folder.path, "pack-dump.npz");
    expect(await evaluate([...words, "--dump", dump])).toMatchObject({ cases: 3, count: 2 });
    const npz = openNpz(openZip(new Uint8Array(readFileSync(dump)), "dump"), "dump");
    expect([...(await npz.get("rows")!.numbers(0, 3))]).toEqual([0, 1, 2]);
    const epsilon = await npz.get("epsilon")!.numbers(0, 3); // [3 cases, 2 samples, 3 axes]
    const { z } = epsilonFor(0, 41, 1, { latent: 3, fieldSpacings: [8, 4] }, 128, 128);
    expect(epsilon.slice(9, 12)).toEqual(z);
  });

  it("has no splits", async () => {
    await expect(evaluate([...words, "--split", "val"])).rejects.toThrow(
      "balls.zip: it is a case pack, which has no splits",
    );
  });
});
