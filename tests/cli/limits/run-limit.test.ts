import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openModel } from "../../../src/cli/backend.ts";
import { sha256Hex } from "../../../src/core/config/weights-hash.ts";
import { looping } from "../../model/onnx/hostile/graphs.ts";
import { temporaryFolder, writeCases } from "../../support/cases.ts";
import { modelFiles } from "../../support/golden.ts";

const folder = temporaryFolder();
afterAll(() => folder.end());

/** A folder with the graph that adds its noise to the image so many times. */
function model(name: string, times: number): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  const bytes = looping(times, 64, 1);
  const config = {
    ...{ version: 1, name, title: name, family: "onnx", choice: "z", threshold: 0.5, licence: "none" },
    onnx: { file: "network.onnx", output: "logits", shape: [64, 64], noiseSize: 1, runSeconds: 3 },
    preprocessing: { size: 64, scaling: "min-max-8bit" },
    weights: [{ file: "network.onnx", sha256: sha256Hex(bytes), bytes: bytes.length }],
  };
  writeFileSync(join(path, "network.onnx"), bytes);
  writeFileSync(join(path, "config.json"), JSON.stringify(config));
  return path;
}

it("a graph without end stops the program with a sentence after the seconds that it has; a short one does not", () => {
  const cases = join(folder.path, "cases.npz");
  writeCases(cases, 1);
  const run = (path: string) => {
    const words = ["evaluate", cases, "--count", "2", "--model", path];
    const cwd = resolve(import.meta.dirname, "../../..");
    return spawnSync(process.execPath, ["--import", "tsx", "src/cli.ts", ...words], { cwd, encoding: "utf8" });
  };
  const endless = run(model("endless", 2 ** 53));
  expect(endless.signal ?? endless.status).toBe("SIGTERM");
  expect(endless.stderr).toMatch(/^Endless: it computed for 3 s without an answer and was stopped; export a smaller/im);
  const short = run(model("short", 3));
  expect([short.status, JSON.parse(short.stdout).cases]).toEqual([0, 1]);
});

it("leaves the samples as they are, and tells of each", async () => {
  const opened = await openModel(modelFiles("tests/golden/onnx/foreign"));
  const crop = { size: 32, values: new Float32Array(1024).fill(0.5), origin: [0, 0] as const, constant: false };
  const shares: number[] = [];
  const draws = [1, -1].map((z) => ({ z: new Float32Array(8).fill(z) }));
  const task = { onProgress: (share: number) => void shares.push(share) };
  const { samples } = await opened.draw(await opened.prepare(crop), { kind: "z", draws }, { samples: true }, task);
  expect([samples?.count, ...shares]).toEqual([2, 0.5, 1]);
  opened.dispose();
});
