import { expect } from "@playwright/test";
import { settled } from "./page.ts";
import { test } from "./started-page.ts";

// What a screen reader is told of each place, as files that are read when they change (trees.e2e.ts-snapshots).

const PLACES = ["Explore", "Lesion", "Compare", "Evaluate", "Learn"] as const;

for (const place of PLACES) {
  test(`what is read out in ${place} is what was reviewed`, { tag: "@ci" }, async ({ page }) => {
    await page.locator(".places").getByRole("tab", { name: place, exact: true }).click();
    await settled(page);
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: `${place.toLowerCase()}.aria.yml` });
  });
}
