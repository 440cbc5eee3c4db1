import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { decode } from "fast-png";
import { openZip } from "../../src/io/bytes/zip.ts";
import { faultsAt, SCREENS } from "./judge.ts";
import { openLesion } from "./lesion-page.ts";
import { changedFrom, looks, settled, steadyLook } from "./page.ts";
import { DEFAULT_START, test } from "./started-page.ts";

// The lesion through its slices, from an opened series to the decision.

const tab = (page: Page, name: string) => page.getByRole("tab", { name, exact: true });
const image = (page: Page, name: string) => page.getByRole("img", { name, exact: true });
const rows = (page: Page, name: RegExp) => page.getByRole("table", { name }).getByRole("row");

test.use({ start: DEFAULT_START });

test("a series: cuts, sizes and decisions of its lesion", async ({ page }) => {
  await openLesion(page);
  for (const name of ["Axial", "Coronal", "Sagittal", "Area along the slices"]) {
    await expect(image(page, name)).toBeVisible();
  }
  // what of the patient lies at the edges: the file says LPS, and slices that ascend
  for (const [name, edges] of [
    ["Axial", "R–L, A–P."],
    ["Coronal", "R–L, S–I."],
    ["Sagittal", "A–P, S–I."],
  ] as const)
    await expect(page.getByText(new RegExp(`^${name} cut .* ${edges.replaceAll(".", "\\.")}$`))).toBeAttached();
  await expect(page.getByRole("region", { name: "Decisions" })).toContainText("not for clinical use");
  await expect(rows(page, /Decisions/)).toHaveCount(5);
  await expect(rows(page, /Volume and axes/).filter({ hasText: "Sample" })).toHaveCount(7); // and their majority

  // the wheel, the slider and the area chart turn the same slices
  const slice = page.getByRole("slider", { name: "Slice", exact: true });
  const at = Number(await slice.inputValue());
  const axial = await steadyLook(image(page, "Axial"));
  await slice.focus();
  await page.keyboard.press("ArrowRight");
  await expect(slice).toHaveValue(String(at + 1));
  const turned = await changedFrom(image(page, "Axial"), axial);
  await page.getByRole("group", { name: /^Axial cut/ }).hover();
  await page.mouse.wheel(0, 100);
  await changedFrom(image(page, "Axial"), turned);

  // a sample is outlined in all three, and marked in the table
  const coronal = await steadyLook(image(page, "Coronal"));
  const chosen = page.getByRole("button", { name: "Sample 2", exact: true });
  await chosen.click();
  await expect(chosen).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("checkbox", { name: "Variance" }).uncheck();
  await changedFrom(image(page, "Coronal"), coronal);

  // one reader at the z on the sliders, in all three cuts, by a key
  const cuts = ["Axial", "Coronal", "Sagittal"].map((name) => image(page, name));
  const before = await Promise.all(cuts.map(looks));
  const atZ = rows(page, /Volume and axes/).filter({ hasText: "At z" });
  const size = await atZ.textContent();
  await page.getByRole("slider", { name: "z1", exact: true }).press("End");
  await expect(atZ).not.toHaveText(size ?? "");
  for (const [k, cut] of cuts.entries()) await changedFrom(cut, before[k] ?? "");

  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export lesion" }).click();
  expect((await download).suggestedFilename()).toBe("lesion.zip");
  const zip = openZip(new Uint8Array(readFileSync(await (await download).path())), "lesion.zip");
  const bytes = async (name: string) => (await zip.find((entry) => entry.name === name)?.read()) ?? new Uint8Array();
  const charts = new TextDecoder().decode(await bytes("charts.svg"));
  expect(charts).toContain("Area along the slices");
  expect(charts).not.toContain("class="); // what the style sheet says is written out
  for (const name of ["charts.png", "cuts.png"]) expect(decode(await bytes(name)).width, name).toBeGreaterThan(300);
  await expect(page.locator(".said")).toContainText("Saved lesion.zip.");
});

test("thresholds: a guideline's, one's own, one more and one less", { tag: "@ci" }, async ({ page }) => {
  await openLesion(page);
  const thresholds = () => page.getByRole("spinbutton", { name: /^Threshold in/ });
  await expect(thresholds()).toHaveCount(4);
  await page.getByRole("combobox", { name: "Thresholds" }).selectOption("lung-rads-2022");
  await expect(thresholds()).toHaveCount(3);
  await thresholds().first().fill("5000");
  await expect(page.getByRole("combobox", { name: "Thresholds" })).toHaveValue("own");
  // under five metres lies whoever drew something
  await expect(rows(page, /Decisions/).nth(1)).toContainText(/100 %|–/);
  await page.getByRole("button", { name: "+ mm³" }).click();
  await expect(thresholds()).toHaveCount(4);
  await page.getByRole("button", { name: "Remove 500 mm³" }).click();
  await expect(thresholds()).toHaveCount(3);
});

test("the places: back and forward, the address, and what stays", { tag: "@ci" }, async ({ page }) => {
  await openLesion(page);
  expect(page.url()).toContain("&view=lesion");
  const seed = page.getByRole("spinbutton", { name: "Seed" });
  await seed.fill("4");
  await settled(page);
  await page.goBack();
  await expect(tab(page, "Explore")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("spinbutton", { name: "Seed" })).toHaveValue("4"); // the place alone has changed
  await expect(page.locator(".alert")).toHaveCount(0);
  await page.goForward();
  await expect(tab(page, "Lesion")).toHaveAttribute("aria-selected", "true");
  await expect(image(page, "Coronal")).toBeVisible();
  await tab(page, "Lesion").focus();
  await page.keyboard.press("ArrowLeft");
  await expect(tab(page, "Explore")).toBeFocused();
  await expect(image(page, "Region")).toBeVisible();
});

test("a single slice says how to come to a lesion", { tag: "@ci" }, async ({ page }) => {
  await tab(page, "Lesion").click();
  await expect(page.getByRole("main")).toContainText("it is a single slice. Open a series");
  await page.getByRole("button", { name: "To Explore" }).click();
  await expect(image(page, "Region")).toBeVisible();
});

test("axe finds no serious violation, and nothing is cut off, on a desk and on a phone", { tag: "@ci" }, async ({
  page,
}) => {
  await openLesion(page);
  await expect(image(page, "Volumes").or(page.getByText("Volumes: once")).first()).toBeAttached();
  expect(await faultsAt(page, SCREENS)).toEqual([]);
  expect(await looks(image(page, "Sagittal"))).not.toBe(await looks(image(page, "Coronal")));
});
