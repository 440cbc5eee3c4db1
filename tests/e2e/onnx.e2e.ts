import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "@playwright/test";
import { changedFrom, complaints, picture, settled, slider, steadyLook } from "./page.ts";
import { test } from "./started-page.ts";

const FOLDER = resolve(import.meta.dirname, "../golden/onnx/foreign");

/** The tiny network takes any size; the page's regions are of 128 × 128. */
function filesFor(size: number) {
  const config = JSON.parse(readFileSync(resolve(FOLDER, "config.json"), "utf8"));
  config.onnx.shape = [size, size];
  config.preprocessing.size = size;
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: "application/octet-stream", buffer });
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
