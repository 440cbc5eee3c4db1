import { expect } from "@playwright/test";
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
