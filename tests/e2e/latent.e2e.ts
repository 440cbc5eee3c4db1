import { readFile } from "node:fs/promises";
import { expect } from "@playwright/test";
import { unzipSync } from "fflate";
import { changedFrom, picture, settled, slider, steadyLook } from "./page.ts";
import { DEFAULT_START, PAPER_START, test } from "./started-page.ts";

test.use({ start: PAPER_START });

async function positionOf(page: import("@playwright/test").Page, name: string): Promise<number> {
  return Number(await slider(page, name).inputValue());
}

for (const [model, start] of [
  ["paper's", PAPER_START],
  ["default", DEFAULT_START],
] as const)
  test.describe(() => {
    test.use({ start });
    test(`each live slider of the ${model} model changes the region, and one that does not says that it has no effect here`, async ({
      page,
    }) => {
      const region = picture(page, "Region");
      await page.getByRole("button", { name: "Prior mean", exact: true }).click();
      const names = await page
        .getByRole("slider", { name: /^(z|mode )\d+$/ })
        .evaluateAll((sliders) => sliders.map((element) => element.getAttribute("aria-label") ?? ""));
      expect(names.length).toBeGreaterThan(0);
      await expect(page.locator('.axes[data-measured="true"]')).toBeVisible();
      let live = 0;
      for (const name of names) {
        const row = page.locator("[data-axis]").filter({ has: slider(page, name) });
        if (/no effect here/.test((await row.textContent()) ?? "")) continue;
        live++;
        const before = await steadyLook(region);
        await slider(page, name).focus();
        await page.keyboard.press("Shift+ArrowRight");
        await page.keyboard.press("Shift+ArrowRight");
        await page.keyboard.press("Shift+ArrowRight");
        await changedFrom(region, before);
        await page.getByRole("button", { name: "Prior mean", exact: true }).click();
      }
      expect(live).toBeGreaterThan(0);
    });
  });

test("an arrow key moves a slider by .1 σ, with shift by 1 σ", async ({ page }) => {
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await slider(page, "z1").focus();
  await page.keyboard.press("ArrowRight");
  expect(await positionOf(page, "z1")).toBeCloseTo(0.1, 5);
  await page.keyboard.press("Shift+ArrowRight");
  expect(await positionOf(page, "z1")).toBeCloseTo(1.1, 5);
  await page.keyboard.press("ArrowLeft");
  expect(await positionOf(page, "z1")).toBeCloseTo(1.0, 5);
});

test("prior mean puts every slider to 0, and a double click puts back one", async ({ page }) => {
  await slider(page, "z2").focus();
  await page.keyboard.press("Shift+ArrowRight");
  expect(await positionOf(page, "z2")).not.toBe(0);
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  for (const name of ["z1", "z2", "z3", "z4", "z5", "z6"]) expect(await positionOf(page, name)).toBe(0);
  await slider(page, "z1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await slider(page, "z1").dblclick();
  expect(await positionOf(page, "z1")).toBe(0);
});

test("'As grader 1' sets z to that grader's posterior and says so", async ({ page }) => {
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await page.getByRole("button", { name: "As grader 1", exact: true }).click();
  await expect(page.getByText(/posterior of grader 1/i).first()).toBeVisible();
  const z = await Promise.all(["z1", "z2", "z3", "z4", "z5", "z6"].map((name) => positionOf(page, name)));
  expect(z.some((value) => Math.abs(value) > 0.05)).toBe(true);
});

test("300 quick moves leave no leak and end on the last z", { tag: "@ci" }, async ({ page }) => {
  const region = picture(page, "Region");
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await slider(page, "z1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  const wanted = await steadyLook(region);
  const heap = async () =>
    page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
  const elements = () => page.evaluate(() => document.querySelectorAll("*").length);
  const [heapBefore, elementsBefore] = [await heap(), await elements()];
  for (let i = 0; i < 150; i++) {
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
  }
  await settled(page);
  expect(await positionOf(page, "z1")).toBeCloseTo(1, 5);
  expect(await steadyLook(region)).toBe(wanted);
  expect(await elements()).toBeLessThanOrEqual(elementsBefore + 20);
  expect((await heap()) - heapBefore).toBeLessThan(40_000_000);
});

test("sixteen samples stand for 128 draws, with their GED² beside that of the first sixteen", { tag: "@ci" }, async ({
  page,
}) => {
  const numbers = async () => {
    const names = await page
      .getByRole("button", { name: /^Pin sample/ })
      .evaluateAll((pins) => pins.map((pin) => pin.ariaLabel));
    return names.map((name) => Number(name?.replace("Pin sample ", "")));
  };
  const first = page.locator(".measure", { hasText: "GED² (n = 16, biased)" }).locator(".value");
  const before = await first.textContent();
  expect(await numbers()).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  await page.getByRole("switch", { name: "Representative samples" }).check();
  await settled(page);
  const chosen = await numbers();
  expect(chosen).toHaveLength(16);
  expect(Math.max(...chosen)).toBeGreaterThan(16);
  expect(await first.textContent()).toBe(before);
  await expect(page.locator(".measure", { hasText: "16 for 128:" })).toHaveCount(1);
  await page
    .getByRole("list", { name: "Drawn samples" })
    .getByRole("button", { name: /^Sample/ })
    .last()
    .click();
  await settled(page);
  await expect(page.locator(".source strong").first()).toHaveText(`sample ${chosen[15]} of seed 0`);
  await expect.poll(() => page.url()).toContain("&of=128");
  const linked = page.url();
  await page.getByRole("switch", { name: "Representative samples" }).uncheck();
  await settled(page);
  expect(await numbers()).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  await expect.poll(() => page.url()).not.toContain("&of=");
  await page.goto(linked);
  await expect(page.getByRole("switch", { name: "Representative samples" })).toBeChecked();
  await settled(page);
  expect(await numbers()).toEqual(chosen);
});

test("another order draws other samples and is named; link and session bring it back", async ({ page }) => {
  const select = page.getByRole("combobox", { name: "Order of the draws" });
  const strip = page.getByRole("list", { name: "Drawn samples" });
  await expect(select).toHaveValue("iid");
  await expect(page.getByRole("region", { name: "Figures" })).toContainText("16 samples ·");
  const before = await steadyLook(strip);
  await select.selectOption("Sobol");
  await settled(page);
  const sobol = await steadyLook(strip);
  expect(sobol).not.toBe(before);
  await expect(page.getByRole("region", { name: "Figures" })).toContainText("16 samples, Sobol order ·");
  await expect(page.getByRole("region", { name: "Samples" })).toContainText("16 samples, Sobol order, area");
  await expect.poll(() => page.url()).toContain("&order=sobol");
  const linked = page.url();

  await page.getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const [saved] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Download", exact: true }).click(),
  ]);
  const files = unzipSync(await readFile(await saved.path()));
  await page.keyboard.press("Escape");
  const session = Buffer.from(files["session.json"] as Uint8Array);
  expect(JSON.parse(session.toString()).choice).toMatchObject({ count: 16, order: "sobol" });
  await select.selectOption("i.i.d.");
  await settled(page);
  expect(await steadyLook(strip)).toBe(before);
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open file" }).click();
  await (await chooser).setFiles([{ name: "session.json", mimeType: "application/json", buffer: session }]);
  await expect(select).toHaveValue("sobol");
  await settled(page);
  expect(await steadyLook(strip)).toBe(sobol);

  await page.goto(linked);
  await settled(page);
  await expect(select).toHaveValue("sobol");
  expect(await steadyLook(strip)).toBe(sobol);
});

test("the same seed draws the same picture", async ({ page }) => {
  const seed = page.getByRole("spinbutton", { name: "Seed" });
  const draw = async (value: number) => {
    await seed.fill(String(value));
    await page.getByRole("button", { name: "Draw samples", exact: true }).click();
    await settled(page);
    // The strip alone: a corner of the buttons above it may be drawn one grey level apart.
    return steadyLook(page.getByRole("list", { name: "Drawn samples" }));
  };
  const first = await draw(11);
  const other = await draw(12);
  expect(other).not.toBe(first);
  expect(await draw(11)).toBe(first);
});
