import { expect } from "@playwright/test";
import { faultsAt, SCREENS } from "./judge.ts";
import { picture, slider } from "./page.ts";
import { DEFAULT_START, PAPER_START, test } from "./started-page.ts";

test("axe finds no serious violation, and nothing is cut off, on a desk, a tablet and a phone", async ({ page }) => {
  const between = [
    { width: 1200, height: 800 },
    { width: 1024, height: 768 },
    { width: 768, height: 1024 },
  ];
  expect(await faultsAt(page, [...SCREENS, ...between])).toEqual([]);
});

for (const [model, start] of [
  ["paper's", PAPER_START],
  ["default", DEFAULT_START],
] as const)
  test.describe(() => {
    test.use({ start });
    test(`nor in the drawing of the ${model} network`, async ({ page }) => {
      await page.getByRole("tab", { name: "Learn", exact: true }).click();
      await expect(page.locator(".how-waiting")).toHaveCount(0);
      expect(await faultsAt(page, SCREENS)).toEqual([]);
    });
  });

test("the pictures have a summary in words", async ({ page }) => {
  await expect(page.getByText(/16 samples, area \d+–\d+ mm²/).first()).toBeAttached();
});

test("'?' shows the shortcuts, and Escape hides them", async ({ page }) => {
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog");
  await expect(sheet).toContainText(/undo/i);
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
});

test("ctrl+Z takes back a slider move, ctrl+Y brings it again", async ({ page }) => {
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await slider(page, "mode 1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await picture(page, "Region").click({ position: { x: 3, y: 3 } });
  const moved = await slider(page, "mode 1").inputValue();
  await page.keyboard.press("Control+z");
  await expect(slider(page, "mode 1")).not.toHaveValue(moved);
  await page.keyboard.press("Control+y");
  await expect(slider(page, "mode 1")).toHaveValue(moved);
});

test("the guided tour has ten steps and can be skipped", async ({ page }) => {
  await page.getByRole("button", { name: /tour/i }).first().click();
  const tour = page.getByRole("dialog", { name: /tour/i });
  for (let step = 1; step <= 10; step++) {
    await expect(tour).toContainText(new RegExp(`${step} of 10`));
    if (step < 10) await tour.getByRole("button", { name: "Next", exact: true }).click();
  }
  await page.keyboard.press("Escape");
  await expect(tour).toBeHidden();
});
