import { test as base, expect, type Page } from "@playwright/test";
import { openLesion } from "./lesion-page.ts";
import { openPage, settled } from "./page.ts";
import { test } from "./started-page.ts";

// What a screen reader is told of each place, as files that are read when they change (trees.e2e.ts-snapshots).

const PLACES = ["Explore", "Lesion", "Compare", "Evaluate", "Learn"] as const;

const goTo = (page: Page, place: (typeof PLACES)[number]) =>
  page.locator(".places").getByRole("tab", { name: place, exact: true }).click();

for (const place of PLACES) {
  test(`what is read out in ${place} is what was reviewed`, { tag: "@ci" }, async ({ page }) => {
    await goTo(page, place);
    await settled(page);
    await expect(page.locator("body")).toMatchAriaSnapshot({ name: `${place.toLowerCase()}.aria.yml` });
  });
}

test("what is read out of an evaluation is what was reviewed", { tag: "@ci" }, async ({ page }) => {
  await goTo(page, "Evaluate");
  await page.getByRole("spinbutton", { name: "Samples" }).fill("8");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(page.getByText("6 of 6 results")).toBeVisible();
  await settled(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: "evaluate-results.aria.yml" });
});

test("what is read out of a lesion is what was reviewed", { tag: "@ci" }, async ({ page }) => {
  await openLesion(page);
  await expect(page.getByRole("main")).toMatchAriaSnapshot({ name: "lesion-results.aria.yml" });
});

base("what is read out in Explore in Korean is what was reviewed", { tag: "@ci" }, async ({ page }) => {
  await openPage(page, "./?backend=wasm&lang=ko");
  await expect(page.locator("body")).toMatchAriaSnapshot({ name: "explore-ko.aria.yml" });
});
