import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { evaluate } from "../../../src/cli/evaluate.ts";
import { train } from "../../../src/cli/train/train.ts";
import { temporaryFolder } from "../../support/cases.ts";

const folder = temporaryFolder();
const path = (name: string) => join(folder.path, name);
const settings = (steps: number, more = {}) => {
  const file = path(`settings-${steps}.json`);
  writeFileSync(file, JSON.stringify({ width: 4, axes: 2, batch: 2, steps, ...more }));
  return file;
};
const run = (steps: number, out: string, ...words: string[]) =>
  train(["--config", settings(steps), "--out", path(out), ...words]) as Promise<Record<string, unknown>>;
const bytes = (name: string) => readFileSync(path(name));
afterAll(() => folder.end());

describe("train", () => {
  let printed: Record<string, unknown>;
  beforeAll(async () => {
    printed = await run(4, "whole");
  });

  it("writes a model, its held-out cases, its log and what it can resume from", () => {
    expect(readdirSync(path("whole")).sort()).toEqual([
      "checkpoint.npz",
      "config.json",
      "held-out.npz",
      "log.csv",
      "settings.json",
      "weights.safetensors",
    ]);
    expect(printed).toMatchObject({ steps: 4, model: path("whole") });
    expect(bytes("whole/log.csv").toString().split("\n")[0]).toBe(
      "step,train_cross_entropy,cross_entropy,kl,ged2,diversity",
    );
  });

  it("makes a model that evaluate finds as good as the training did", async () => {
    const found = (await evaluate([path("whole/held-out.npz"), "--model", path("whole")])) as { ged2: number };
    // other draws of z: at four steps all samples are still alike
    expect(found.ged2).toBeCloseTo(printed["ged2"] as number, 1);
  });

  it("resumes as if it had never stopped", async () => {
    await run(2, "halves");
    // the learning rate's fall hangs on the number of steps, so the two are not the same run: only that it goes on
    expect(await run(4, "halves", "--resume")).toMatchObject({ steps: 4 });
    expect(
      bytes("halves/log.csv")
        .toString()
        .trim()
        .split("\n")
        .map((line) => line.split(",")[0]),
    ).toEqual(["step", "0", "2", "4"]);
    await run(4, "again");
    expect(bytes("again/weights.safetensors").equals(bytes("whole/weights.safetensors"))).toBe(true);
  });

  it("refuses to resume with other settings, and a config that is none", async () => {
    await expect(train(["--config", settings(5, { beta: 2 }), "--out", path("whole"), "--resume"])).rejects.toThrow(
      "made with other settings",
    );
    writeFileSync(path("broken.json"), "{");
    await expect(train(["--config", path("broken.json"), "--out", path("x")])).rejects.toThrow("it is not JSON");
  });
});
