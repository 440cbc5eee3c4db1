import { resolve } from "node:path";
import { test } from "@playwright/test";
import { openPage, settled } from "./page.ts";

const folder = resolve(import.meta.dirname, "../../screenshots");
/** The README's picture, of a built-in example; the only one that is committed. */
const README_PICTURE = resolve(import.meta.dirname, "../../public/screenshot.png");

for (const [width, height] of [
  [1280, 800],
  [1920, 1080],
  [390, 844],
] as const) {
  test(`the explorer at ${width}×${height}`, async ({ page }) => {
    await page.setViewportSize({ width, height });
    await openPage(page);
    await page.waitForTimeout(3000); // the plane's little masks fill in
    await page.screenshot({ path: resolve(folder, `explorer-${width}x${height}.png`) });
    await page.screenshot({ path: resolve(folder, `explorer-${width}x${height}-full.png`), fullPage: true });
  });
}

test("the README's picture", async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 900 });
  await openPage(page);
  await page.getByRole("combobox", { name: "Example or case" }).selectOption({ label: "Part-solid nodule" });
  await settled(page);
  await page.waitForTimeout(6000);
  await page.screenshot({ path: README_PICTURE });
});
