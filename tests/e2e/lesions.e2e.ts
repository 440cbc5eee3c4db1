import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballLesions } from "../support/ball-lesions.ts";
import { faultsAt, SCREENS } from "./judge.ts";
import { complaints, settled } from "./page.ts";
import { test } from "./started-page.ts";
import { openTiny } from "./systems.ts";

// The lesions of an opened pack through their slices: the graders' volumes, and a quick model's beside them.

const named = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const lesions = (page: Page) => page.getByRole("table", { name: "Figures of each lesion" }).getByRole("row");
const intervals = (page: Page) => page.getByRole("img", { name: /^Volumes of lesions/ });

/** Opens a quick model and a pack of balls, and goes to its lesions. */
async function openLesions(page: Page): Promise<void> {
  await openTiny(page, "prob-unet");
  const buffer = Buffer.from(writeZip(writePack("Balls", "", ballLesions())));
  await page.getByLabel("Files to open").setInputFiles({ name: "balls.zip", mimeType: "application/zip", buffer });
  await expect(page.locator(".said")).toContainText("balls.zip is a pack of");
  await page.getByRole("tab", { name: "Evaluate" }).click();
  await page.getByRole("radio", { name: "Lesions" }).check();
  await expect(page.getByText("Balls · 95 % intervals over 2 patients")).toBeVisible();
  await settled(page);
}

async function drawLesions(page: Page): Promise<void> {
  await page.getByRole("spinbutton", { name: "Samples" }).fill("5");
  await page.getByRole("spinbutton", { name: "Seed" }).fill("3");
  await named(page, "Start").click();
  await expect(page.getByText("90 % of the samples")).toBeVisible();
  await settled(page);
}

test("a pack's lesions: the graders' half at once, a model's when it is started, and both as CSV", async ({ page }) => {
  const heard = complaints(page);
  await openLesions(page);
  expect(page.url()).toContain("&view=lesions");
  await expect(lesions(page)).toHaveCount(4);
  await expect(page.getByRole("list", { name: "What is in no figure" })).toContainText("1 lesion has one slice alone");
  await expect(intervals(page)).toHaveAccessibleName(/3 lesions · graders alone\. Research, not for clinical use\.$/);

  await drawLesions(page);
  await expect(page.getByRole("region", { name: "Volumes" })).toContainText(
    "n = 5, seed 3, coupling presence-0.9-least-0.4. Research, not for clinical use.",
  );
  await expect(intervals(page)).toHaveAccessibleName(/^Volumes of lesions\. \d+ of 12 graders' volumes lie/);
  await expect(page.getByRole("columnheader", { name: "Samples differ" })).toBeVisible();
  const [csv] = await Promise.all([page.waitForEvent("download"), named(page, "Download CSV").click()]);
  expect(csv.suggestedFilename()).toBe("lesions.csv");
  const lines = (await readFile(await csv.path(), "utf8")).trim().split("\n");
  expect(lines[0]).toMatch(/^patient,series_uid,nodule,slices_in_table,distance_mm,reader,volume_mm3,/);
  expect(lines).toHaveLength(1 + 3 * (4 + 5));

  // another n: nothing of the samples stands for it
  await page.getByRole("spinbutton", { name: "Samples" }).fill("6");
  await expect(page.getByText("90 % of the samples")).toHaveCount(0);
  await expect(named(page, "Start")).toBeEnabled();
  expect(heard).toEqual([]);
});

test("the table sorts; a row and a bar open the lesion's case, with these samples; the way back leads to the lesions", {
  tag: "@ci",
}, async ({ page }) => {
  await openLesions(page);
  await drawLesions(page);
  const ratio = page.getByRole("columnheader", { name: "Ratio" });
  await ratio.getByRole("button").click();
  await expect(ratio).toHaveAttribute("aria-sort", "descending");
  const shown = await lesions(page).locator("td:nth-of-type(2)").allTextContents();
  expect(shown.map(Number)).toEqual(shown.map(Number).sort((a, b) => b - a));

  await page.getByRole("rowheader", { name: "Patient r, nodule 0" }).getByRole("button").click();
  await settled(page);
  const open = page.getByRole("combobox", { name: "Example or case" }).locator("option:checked");
  await expect(open).toHaveText("Scan 4, nodule 0, 0 mm");
  await expect(page.getByRole("spinbutton", { name: "Number of samples" }).first()).toHaveValue("5");
  await page.getByRole("tab", { name: "Lesion", exact: true }).click(); // through the pack's cases
  await settled(page);
  await expect(page.getByRole("img", { name: "Coronal", exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "Through the slices" })).toContainText("5 were looked at");
  await page.goBack();
  await page.goBack();
  await expect(page.getByRole("radio", { name: "Lesions" })).toBeChecked();
  await expect(page.getByText("90 % of the samples")).toBeVisible(); // kept
  const box = (await intervals(page).boundingBox())!;
  await page.mouse.click(box.x + box.width - 40, box.y + 60); // the largest
  await settled(page);
  await expect(open).toHaveText("Scan 4, nodule 0, 0 mm");
});

test("axe finds no serious violation, and nothing is cut off, on a desk and on a phone; a pack without says how", {
  tag: "@ci",
}, async ({ page }) => {
  await openLesions(page);
  await drawLesions(page);
  expect(await faultsAt(page, SCREENS)).toEqual([]);
  await page.getByRole("combobox", { name: "Pack of cases" }).selectOption({ label: "Built-in examples" });
  await expect(page.getByRole("main")).toContainText("npm run cases -- crops.npz --lesions");
  await expect(named(page, "Start")).toBeDisabled();
});
