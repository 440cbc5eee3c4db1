import { resolve } from "node:path";
import { test } from "@playwright/test";
import { openPage } from "./page.ts";

const folder = resolve(import.meta.dirname, "../../screenshots");

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
