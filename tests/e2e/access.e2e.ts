import { expect } from "@playwright/test";
import { cutOff, seriousViolations } from "./judge.ts";
import { picture, settled, slider } from "./page.ts";
import { test } from "./started-page.ts";

const SIZES = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 1200, height: 800 },
  { width: 1024, height: 768 },
  { width: 820, height: 1180 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];

for (const size of SIZES) {
  test(`axe finds no serious violation, and nothing is cut off at ${size.width}×${size.height}`, async ({ page }) => {
    await page.setViewportSize(size);
    await settled(page);
    expect(await seriousViolations(page)).toEqual([]);
    expect(await cutOff(page)).toEqual([]);
  });
}

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

test("the guided tour has six steps and can be skipped", async ({ page }) => {
  await page.getByRole("button", { name: /tour/i }).first().click();
  const tour = page.getByRole("dialog", { name: /tour/i });
  for (let step = 1; step <= 6; step++) {
    await expect(tour).toContainText(new RegExp(`${step} of 6`));
    if (step < 6) await tour.getByRole("button", { name: "Next", exact: true }).click();
  }
  await page.keyboard.press("Escape");
  await expect(tour).toBeHidden();
});
