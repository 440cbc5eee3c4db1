import { expect } from "@playwright/test";
import { architectureOf, DEFAULT_TRAINING } from "../../src/core/training/settings.ts";
import { exportModel } from "../../src/model/train/export-model.ts";
import { layoutOf, startingWeights } from "../../src/model/train/layout.ts";
import { violations } from "./judge.ts";
import { changedFrom, complaints, layer, openMore, picture, settled, slider, steadyLook } from "./page.ts";
import { test } from "./started-page.ts";
import { openTiny } from "./systems.ts";

test("an ensemble of several files opens, shows its members, and says what it has not", { tag: "@ci" }, async ({
  page,
}) => {
  const heard = complaints(page);
  await openTiny(page, "unet-ensemble");
  const panel = page.getByRole("region", { name: "Ensemble members" });
  await expect(panel.getByRole("listitem")).toHaveCount(2);
  await expect(panel).toContainText("No latent space");
  await expect(page.getByRole("list", { name: "Drawn samples" }).getByRole("listitem")).toHaveCount(2);
  await expect(page.getByRole("button", { name: /^As grader/ })).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Figures" })).toContainText("No KL");
  const region = picture(page, "Region");
  const before = await steadyLook(region);
  await slider(page, "Member").focus();
  await page.keyboard.press("ArrowRight");
  await expect(panel).toContainText("member 2");
  await changedFrom(region, before);
  expect(heard).toEqual([]);
});

test("a dropout U-Net draws by its seed, and M-Heads by its heads", { tag: "@ci" }, async ({ page }) => {
  await openTiny(page, "dropout-unet");
  await expect(page.getByRole("region", { name: "Dropout passes" })).toContainText("pass 1 of seed 0");
  const strip = page.getByRole("region", { name: "Samples" });
  const before = await steadyLook(strip);
  await page.getByRole("button", { name: "New seed" }).click();
  await changedFrom(strip, before);
  await openTiny(page, "m-heads");
  await expect(page.getByRole("region", { name: "Heads" }).getByRole("listitem")).toHaveCount(4);
  await openMore(page, "region");
  await layer(page, "Entropy").click();
  await settled(page);
});

test("a model with a gate has a slider for whether anything is drawn, which empties the outline", {
  tag: "@ci",
}, async ({ page }) => {
  await page.getByRole("combobox", { name: "Model", exact: true }).selectOption("lidc-prob-unet");
  await expect(slider(page, "Presence")).toHaveCount(0); // the paper's model has none
  await openTiny(page, "gated");
  const presence = slider(page, "Presence");
  await expect(presence).toHaveValue("0");
  const region = picture(page, "Region");
  await presence.focus();
  await page.keyboard.press("End"); // a reader who draws wherever anybody would
  await expect(page).toHaveURL(/u=4/);
  await settled(page);
  const asDrawn = await steadyLook(region);
  await page.keyboard.press("Home");
  await expect(presence).toHaveValue("-4");
  await changedFrom(region, asDrawn);
  await expect(page).toHaveURL(/u=-4/);
  await page.getByRole("button", { name: "As drawn" }).click();
  await expect(presence).toHaveValue("0");
  await settled(page);
});

test("a z of twenty axes has sixteen sliders at first, and all of them when they are asked for", {
  tag: "@ci",
}, async ({ page }) => {
  const settings = { ...DEFAULT_TRAINING, axes: 20, width: 2 };
  const layout = layoutOf(architectureOf(settings));
  const weights = startingWeights(layout, 1);
  const none = { kl: new Float32Array(20), effect: new Float32Array(20), ged2: 1 };
  const made = exportModel("wide", settings, { step: 0, weights, mean: weights, square: weights }, none);
  const config = { ...made.config, preprocessing: { ...made.config.preprocessing, size: 128 } };
  await page.getByLabel("Files to open").setInputFiles([
    { name: "config.json", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(config)) },
    { name: "weights.safetensors", mimeType: "application/octet-stream", buffer: Buffer.from(made.weights) },
  ]);
  await expect(page.getByRole("combobox", { name: "Model", exact: true })).toHaveValue("wide");
  await settled(page);
  const sliders = page.getByRole("region", { name: "Latent space" }).getByRole("slider", { name: /^z\d+/ });
  await expect(sliders).toHaveCount(16);
  await page.getByRole("button", { name: "More sliders: 4", exact: true }).click();
  await expect(sliders).toHaveCount(20);
  await slider(page, "z20").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await expect(slider(page, "z20")).toHaveValue("1");
  await settled(page);
  await page.getByRole("button", { name: "Fewer sliders", exact: true }).click();
  await expect(sliders).toHaveCount(16);
});

test("an Image2Image VAE has sliders, graders' places and KL, and says why the plane is bare", { tag: "@ci" }, async ({
  page,
}) => {
  await openTiny(page, "image2image-vae");
  const latent = page.getByRole("region", { name: "Latent space" });
  await expect(latent).toContainText("No little masks");
  await slider(page, "z1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await expect(latent).toContainText("by hand");
  await settled(page);
  await page.getByRole("button", { name: "As grader 1", exact: true }).click();
  await expect(latent).toContainText("posterior of grader 1");
  await settled(page);
});

test("axe finds no serious violation with members in the place of z", { tag: "@ci" }, async ({ page }) => {
  await openTiny(page, "m-heads");
  expect(await violations(page)).toEqual([]);
});
