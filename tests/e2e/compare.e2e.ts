import { readFileSync, writeFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { decode } from "fast-png";
import { strFromU8, unzipSync } from "fflate";
import { faultsAt, SCREENS } from "./judge.ts";
import { changedFrom, complaints, layer, PAPER, picture, settled, steadyLook } from "./page.ts";
import { DEFAULT_START, test } from "./started-page.ts";
import { tinyModel } from "./systems.ts";

/** The paper's model beside three of its rivals, once all four have answered. */
async function openCompare(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Compare" }).click();
  await expect(page.getByRole("main", { name: "Comparison of systems" })).toBeVisible();
  await expect(page.locator(".column")).toHaveCount(4);
  await settled(page);
}

// Four samples each: a sample of a dropout U-Net or of an ensemble is a pass of a whole network.
test.use({ start: { address: `${PAPER}#n=4`, prepare: openCompare } });

const column = (page: Page, n: number) => page.locator(".column").nth(n - 1);
const region = (page: Page, n: number) => page.getByRole("img", { name: `Region ${n}`, exact: true });

test("four systems stand side by side with samples, figures and curves, and nothing complains", { tag: "@ci" }, async ({
  page,
  start,
  startedPages,
}) => {
  const heard = complaints(page);
  for (let n = 1; n <= 4; n++) {
    await expect(column(page, n).locator(".column-measures dd").first()).toHaveText(/^\d\.\d{3}$/);
    await expect(column(page, n)).toContainText(/GED² \(biased, n = \d+\)/);
  }
  await expect(page.getByRole("list", { name: /^Samples of M-Heads/ }).getByRole("listitem")).toHaveCount(4);
  const curves = page.getByRole("img", { name: /^GED² against the number of samples: / });
  await expect(curves).toHaveAccessibleName(/U-Net Ensemble.* at n = 4.*graders themselves .* at n = 4/);
  await expect(page.getByText("n of the graders themselves")).toBeVisible();
  expect([...startedPages.heardAtStart(start), ...heard]).toEqual([]);
});

test("each system's samples are one stop of Tab, and arrow keys go on among them", { tag: "@ci" }, async ({ page }) => {
  const second = column(page, 2).locator(".thumb-button");
  const names = page.locator(".column .thumb-button");
  const told = await names.evaluateAll((all) => all.map((one) => one.ariaLabel));
  expect(new Set(told).size).toBe(told.length); // each tells its system
  const asked = await page.locator(".column .info-button").evaluateAll((all) => all.map((one) => one.ariaLabel));
  expect(asked).toContain("About GED² of Probabilistic U-Net (LIDC-IDRI)");
  expect(new Set(asked).size).toBe(asked.length);
  const stops = () => second.evaluateAll((all) => all.map((one) => (one as HTMLElement).tabIndex));
  expect(await stops()).toEqual([0, -1, -1, -1]);
  await second.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(second.nth(1)).toBeFocused();
  await page.keyboard.press("Tab");
  await expect(column(page, 2).locator(".thumb-button:focus")).toHaveCount(0);
});

test("table, curve and picture leave as one zip, the picture with the regions in it", async ({ page }, info) => {
  await page.getByRole("checkbox", { name: "CSV with ;" }).check();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe("compare.zip");
  const files = unzipSync(new Uint8Array(readFileSync(await download.path())));
  expect(Object.keys(files).sort()).toEqual([
    "compare-curve.csv",
    "compare-curve.png",
    "compare-curve.svg",
    "compare.csv",
    "compare.png",
    "compare.svg",
  ]);
  for (const [name, bytes] of Object.entries(files)) writeFileSync(info.outputPath(name), bytes);
  const [header, ...rows] = strFromU8(files["compare.csv"] as Uint8Array)
    .trim()
    .split("\n");
  expect(header).toMatch(/^model;title;/);
  expect(rows).toHaveLength(4);
  expect(rows[0]).toMatch(/;-?\d+,\d+;/);
  const svg = strFromU8(files["compare.svg"] as Uint8Array);
  expect(svg.match(/<image /g)).toHaveLength(4);
  // the regions are in the PNG too: more than dark ground and letters
  const { width, data, channels } = decode(files["compare.png"] as Uint8Array);
  const bright = Array.from(
    { length: 400 },
    (_, i) => data[((200 + (i >> 5)) * width + 100 + 8 * (i & 31)) * channels],
  );
  expect(new Set(bright).size).toBeGreaterThan(8);
  await page.getByRole("checkbox", { name: "CSV with ;" }).uncheck();
});

test("zoom, layer and seed are common to all columns", { tag: "@ci" }, async ({ page }) => {
  const [first, second] = [await steadyLook(region(page, 1)), await steadyLook(region(page, 2))];
  await page.getByRole("group", { name: /^Region under .*M-Heads/ }).focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press("+");
  const zoomed = [await changedFrom(region(page, 1), first), await changedFrom(region(page, 2), second)] as const;
  await layer(page, "Mean").click();
  await changedFrom(region(page, 1), zoomed[0]);
  await changedFrom(region(page, 2), zoomed[1]);
  await expect(page.getByText("P(lesion)").last()).toBeVisible();
  const strip = page.getByRole("list", { name: /^Samples of Dropout U-Net/ });
  const drawn = await steadyLook(strip);
  await page.getByRole("button", { name: "New seed" }).click();
  await settled(page);
  await changedFrom(strip, drawn);
});

test("a locked scale draws every system and case over the whole range of the measure, and stays with the view", {
  tag: "@ci",
}, async ({ page }) => {
  const bar = page.locator(".colour-bar:visible");
  const lock = page.getByRole("checkbox", { name: "Lock scale" });
  const fitted = await steadyLook(region(page, 1));
  await expect(bar).not.toContainText("0.25");
  await lock.check();
  await expect(bar).toContainText("0.25"); // the most that a variance of P can be
  const locked = await changedFrom(region(page, 1), fitted);
  // without the systems beside it, of which one may be wider spread, the picture stays
  for (let left = 3; left > 0; left--) await page.getByRole("button", { name: "Remove system 2" }).click();
  await settled(page);
  await expect(bar).toContainText("0.25");
  await expect.poll(() => page.url()).toContain("&scale=locked");
  await page.getByRole("tab", { name: "Explore", exact: true }).click();
  await expect(bar).toContainText("0.25");
  await page.getByRole("tab", { name: "Compare", exact: true }).click();
  await settled(page);
  await lock.uncheck();
  expect(await changedFrom(region(page, 1), locked)).not.toBe(locked);
});

test("a thumb marks its sample, a column can be removed, and another put in its place", { tag: "@ci" }, async ({
  page,
}) => {
  const before = await steadyLook(region(page, 1));
  await column(page, 1)
    .getByRole("button", { name: /^Sample 1 of / })
    .click();
  await changedFrom(region(page, 1), before);
  await page.getByRole("button", { name: "Remove system 4" }).click();
  await expect(page.locator(".column")).toHaveCount(3);
  await page.getByLabel("Add a system").selectOption({ index: 1 });
  await expect(page.locator(".column")).toHaveCount(4);
  await settled(page);
});

test("files dropped on the view become a column; one that cannot run says so in its own column", {
  tag: "@ci",
}, async ({ page }) => {
  for (const n of [4, 3, 2]) await page.getByRole("button", { name: `Remove system ${n}` }).click();
  await expect(page.locator(".column")).toHaveCount(1);
  const [config, weights] = tinyModel("m-heads") as [string, string];
  await page.getByLabel("Files to open").setInputFiles([config, weights]);
  await expect(page.locator(".column")).toHaveCount(2);
  await settled(page);
  // the weights of another system under this config: its hash tells
  const [, wrong] = tinyModel("dropout-unet") as [string, string];
  await page.getByLabel("Files to open").setInputFiles([config, wrong]);
  await expect(column(page, 3).getByRole("alert")).toContainText("weights.safetensors");
  await expect(column(page, 2).locator(".column-measures dd").first()).toHaveText(/^\d\.\d{3}$/);
  await settled(page);
});

test.describe(() => {
  test.use({ start: DEFAULT_START });

  test("Escape and the button give the explorer back as it was", { tag: "@ci" }, async ({ page }) => {
    await page.getByRole("button", { name: "Sample 5", exact: false }).first().click();
    await settled(page);
    const before = await steadyLook(picture(page, "Region"));
    await page.getByRole("tab", { name: "Compare" }).click();
    await expect(picture(page, "Region")).toBeHidden();
    await page.keyboard.press("Escape");
    expect(await steadyLook(picture(page, "Region"))).toBe(before);
    await page.getByRole("tab", { name: "Compare" }).click();
    await page.getByRole("button", { name: /Back to explorer/ }).click();
    expect(await steadyLook(picture(page, "Region"))).toBe(before);
  });
});

test("axe finds no serious violation, and nothing is cut off, on a desk and on a phone", { tag: "@ci" }, async ({
  page,
}) => {
  expect(await faultsAt(page, SCREENS)).toEqual([]);
});

test("six systems stand in two rows of three, with their curves below, and nothing is cut off", {
  tag: "@ci",
}, async ({ page }) => {
  const add = page.getByRole("combobox", { name: "Add a system" });
  for (const title of ["Energy-distance model with presence gate (LIDC-IDRI)", "Image2Image VAE (LIDC-IDRI)"])
    await add.selectOption({ label: title });
  await expect(page.locator(".column")).toHaveCount(6);
  await settled(page);
  for (let n = 1; n <= 6; n++)
    await expect(column(page, n).locator(".column-measures dd").first()).toHaveText(/^\d\.\d{3}$/);
  await page.setViewportSize({ width: 1280, height: 800 });
  const boxes = await page.locator(".compare-controls, .column, .ged-curves").evaluateAll((all) =>
    all.map((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return { top, bottom, inner: Math.max(...[...one.children].map((part) => part.getBoundingClientRect().bottom)) };
    }),
  );
  const tops = boxes.map(({ top }) => top);
  // each holds what is in it, the second row begins below the first, and the curves below both
  for (const { bottom, inner } of boxes) expect(inner).toBeLessThanOrEqual(bottom);
  expect(tops[1]).toBeGreaterThan(boxes[0]?.bottom ?? 0);
  expect(tops[4]).toBeGreaterThan(boxes[1]?.bottom ?? 0);
  expect(tops[7]).toBeGreaterThan(boxes[6]?.bottom ?? 0);
  expect(new Set(tops.slice(1, 4)).size).toBe(1);
  await expect(page.locator(".curve-legend li")).toHaveCount(7); // and the graders
  expect(await faultsAt(page, SCREENS)).toEqual([]);
});
