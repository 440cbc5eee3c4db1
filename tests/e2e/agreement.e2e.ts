import { readFile } from "node:fs/promises";
import { expect, type Page } from "@playwright/test";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballCases } from "../support/ball-pack.ts";
import { faultsAt, SCREENS } from "./judge.ts";
import { complaints, settled } from "./page.ts";
import { test } from "./started-page.ts";

// The readers of an opened pack among themselves: no model takes part.

const named = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const caseRows = (page: Page) => page.getByRole("table", { name: "Agreement on each case" }).getByRole("row");
const figures = (page: Page, name: RegExp) => page.getByRole("table", { name });

async function openAgreement(page: Page): Promise<void> {
  const buffer = Buffer.from(writeZip(writePack("Balls", "", ballCases(6))));
  await page.getByLabel("Files to open").setInputFiles({ name: "balls.zip", mimeType: "application/zip", buffer });
  await expect(page.locator(".said")).toContainText("balls.zip is a pack of");
  await page.getByRole("tab", { name: "Evaluate" }).click();
  await page.getByRole("radio", { name: "Agreement" }).check();
  await expect(page.getByText("Balls: 6 cases · 4 readers · 95 % intervals over 3 patients")).toBeVisible();
  await settled(page);
}

async function columnOf(page: Page, column: number): Promise<number[]> {
  const cells = caseRows(page).locator(`td:nth-of-type(${column})`);
  return cells.evaluateAll((found) => found.map((cell) => Number(cell.textContent)));
}

test("a pack's readers: figures of all cases, and what has no meaning with its reason", async ({ page }) => {
  const heard = complaints(page);
  await openAgreement(page);
  expect(page.url()).toContain("&view=agreement");
  await expect(page.getByRole("region", { name: "Readers among themselves" })).toContainText(
    "3 of 4: 50 % · 4 of 4: 50 %",
  );
  await expect(figures(page, /two readers who both drew/).getByRole("row")).toHaveCount(5);
  const area = figures(page, /Intraclass correlation/).getByRole("row", { name: /^Area/ });
  await expect(area.getByRole("cell").nth(1)).toContainText("–");
  await expect(page.getByRole("list", { name: /no meaning/ })).toContainText("are not known to be the same people");
  await expect(page.getByRole("combobox", { name: "Readers compared" }).locator("option")).toHaveCount(1);

  // taken for the same four people, they have what needs that
  await page.getByRole("checkbox", { name: "Same people in every case" }).check();
  await expect(area.getByRole("cell").nth(1)).toContainText(/0\.\d{3}/);
  const pairs = page.getByRole("combobox", { name: "Readers compared" });
  await pairs.selectOption({ label: "Grader 1 to Grader 2" });
  await expect(page.getByRole("img", { name: /^Ratios of areas\. 6 points, bias 0\.\d\d, limits/ })).toBeVisible();

  await expect(page.getByRole("rowheader", { name: "6 mm" })).toBeVisible();
  await page.getByRole("combobox", { name: "Thresholds" }).selectOption("lung-rads-2022");
  await expect(page.getByRole("rowheader", { name: "15 mm" })).toBeVisible();
  expect(heard).toEqual([]);
});

test("the table sorts, by keys too; a row opens its case; the way back leads to the readers", { tag: "@ci" }, async ({
  page,
}) => {
  await openAgreement(page);
  await expect(caseRows(page)).toHaveCount(7);
  const apart = await columnOf(page, 2);
  expect(apart).toEqual([...apart].sort((a, b) => b - a)); // most disagreement first
  const dice = page.getByRole("columnheader", { name: "Dice" });
  await dice.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect(dice).toHaveAttribute("aria-sort", "ascending");
  const rising = await columnOf(page, 3);
  expect(rising).toEqual([...rising].sort((a, b) => a - b));

  await page.getByRole("rowheader", { name: "Ball number 3" }).getByRole("button").focus();
  await page.keyboard.press("Enter");
  await settled(page);
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText(
    "Ball number 3",
  );
  await expect(page.getByRole("region", { name: "Slice", exact: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("radio", { name: "Agreement" })).toBeChecked();
  await expect(caseRows(page)).toHaveCount(7);
});

test("the report is one file that asks for nothing; the table leaves as CSV", { tag: "@ci" }, async ({ page }) => {
  await openAgreement(page);
  const [report] = await Promise.all([page.waitForEvent("download"), named(page, "Report").click()]);
  expect(report.suggestedFilename()).toBe("agreement.html");
  const html = await readFile(await report.path(), "utf8");
  expect(html).toContain("For research, not for clinical use.");
  expect(html).toContain("balls.zip: 6 slices");
  expect(html.match(/<svg /g)).toHaveLength(2);
  expect(html).not.toMatch(/(src|href)=|<script|url\(/);
  const [csv] = await Promise.all([page.waitForEvent("download"), named(page, "Download CSV").click()]);
  expect(csv.suggestedFilename()).toBe("agreement.csv");
  const lines = (await readFile(await csv.path(), "utf8")).trim().split("\n");
  expect(lines[0]).toBe("case,row,looked,drew,one_minus_iou,dice,hd95_mm,area_ratio");
  expect(lines).toHaveLength(7);
});

test("axe finds no serious violation, and nothing is cut off, on a desk and on a phone", { tag: "@ci" }, async ({
  page,
}) => {
  await openAgreement(page);
  expect(await faultsAt(page, SCREENS)).toEqual([]);
});
