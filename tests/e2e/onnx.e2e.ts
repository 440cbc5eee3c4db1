import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect } from "@playwright/test";
import { sha256Hex } from "../../src/core/config/weights-hash.ts";
import { looping } from "../model/onnx/hostile/graphs.ts";
import { python } from "../support/tools.ts";
import { changedFrom, complaints, picture, settled, slider, steadyLook } from "./page.ts";
import { test } from "./started-page.ts";

const FOLDER = resolve(import.meta.dirname, "../golden/onnx/foreign");

/** The tiny network takes any size; the page's regions are of 128 × 128. */
const file = (name: string, buffer: Buffer) => ({ name, mimeType: "application/octet-stream", buffer });

function filesFor(size: number) {
  const config = JSON.parse(readFileSync(resolve(FOLDER, "config.json"), "utf8"));
  config.onnx.shape = [size, size];
  config.preprocessing.size = size;
  return [
    file("config.json", Buffer.from(JSON.stringify(config))),
    file("network.onnx", readFileSync(resolve(FOLDER, "network.onnx"))),
  ];
}

test("a network in ONNX opens beside the others: samples, figures, sliders of its noise", async ({ page }) => {
  const heard = complaints(page);
  await page.getByLabel("Files to open").setInputFiles(filesFor(128));
  await expect(page.getByRole("combobox", { name: "Model", exact: true })).toHaveValue(/^foreign-onnx/);
  await settled(page);
  await expect(page.getByRole("list", { name: "Drawn samples" }).getByRole("listitem")).toHaveCount(16);
  await expect(page.getByRole("region", { name: "Figures" })).toContainText("GED²");
  const region = picture(page, "Region");
  const before = await steadyLook(region);
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^As grader/ })).toHaveCount(0);
  await slider(page, "z3").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await page.keyboard.press("Shift+ArrowRight");
  await changedFrom(region, before);
  expect(heard).toEqual([]);
});

test(
  "the paper's model, exported as ONNX, draws in the page what the page's own draws from the same noise",
  {
    tag: "@ci",
  },
  async ({ page }, info) => {
    const found = process.env["GRADERSPACE_PYTHON"] ?? python(["torch", "onnx"]);
    test.skip(found === null, "no Python with torch and onnx here");
    const root = resolve(import.meta.dirname, "../..");
    const out = info.outputPath("exported");
    execFileSync(found as string, ["models/training/export_onnx.py", "models/lidc-prob-unet", "--out", out], {
      cwd: root,
    });
    const model = page.getByRole("combobox", { name: "Model", exact: true });
    const areas = async () => {
      await settled(page);
      const read = await page.getByRole("list", { name: "Drawn samples" }).ariaSnapshot();
      return [...read.matchAll(/Sample \d+, (?:(\d+) mm²)?/g)].map(([, area]) => Number(area ?? 0));
    };
    await model.selectOption("lidc-prob-unet");
    const ours = await areas();
    const names = ["config.json", "encode.onnx", "decode.onnx"];
    await page.getByLabel("Files to open").setInputFiles(names.map((name) => join(out, name)));
    await expect(model).not.toHaveValue("lidc-prob-unet");
    const theirs = await areas();
    expect(ours).toHaveLength(16);
    expect(Math.max(...ours)).toBeGreaterThan(20);
    const apart = ours.reduce((sum, area, i) => sum + Math.abs(area - (theirs[i] ?? 0)), 0) / 16;
    expect(apart).toBeLessThanOrEqual(2 * 0.661 ** 2); // two pixels of the first example
  },
);

test("a graph that is cut is refused in a sentence, and the page stays as it was", { tag: "@ci" }, async ({ page }) => {
  const region = picture(page, "Region");
  const before = await steadyLook(region);
  const [config, network] = filesFor(128);
  const cut = {
    ...(network as NonNullable<typeof network>),
    buffer: (network as { buffer: Buffer }).buffer.subarray(0, 900),
  };
  await page.getByLabel("Files to open").setInputFiles([config as NonNullable<typeof config>, cut]);
  await expect(page.getByRole("alert")).toContainText("network.onnx");
  expect(await steadyLook(region)).toEqual(before);
});

test("a graph without end is stopped after the seconds that its config allows, and another model draws", {
  tag: "@ci",
}, async ({ page }) => {
  const bytes = looping(2 ** 53, 128, 1);
  const config = {
    version: 1,
    name: "endless",
    title: "Endless",
    family: "onnx",
    choice: "z",
    threshold: 0.5,
    onnx: { file: "network.onnx", output: "logits", shape: [128, 128], noiseSize: 1, runSeconds: 3 },
    preprocessing: { size: 128, scaling: "min-max-8bit" },
    weights: [{ file: "network.onnx", sha256: sha256Hex(bytes), bytes: bytes.length }],
    licence: "none",
  };
  await page
    .getByLabel("Files to open")
    .setInputFiles([
      file("config.json", Buffer.from(JSON.stringify(config))),
      file("network.onnx", Buffer.from(bytes)),
    ]);
  await expect(page.getByRole("alert")).toContainText("computed for 3 s without an answer and was stopped");
  const model = page.getByRole("combobox", { name: "Model", exact: true });
  await model.selectOption({ index: 0 });
  await settled(page);
  await expect(page.getByRole("list", { name: "Drawn samples" }).getByRole("listitem")).toHaveCount(16);
});
