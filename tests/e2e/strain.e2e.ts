import { expect, type Page, test } from "@playwright/test";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballCases } from "../support/ball-pack.ts";
import { ctDicom } from "../support/ct-dicom.ts";
import { complaints, openPage, settled, slider } from "./page.ts";
import { openTiny } from "./systems.ts";

/** The page where browser, line and person ask much of it. */

const bar = (page: Page) => page.getByRole("progressbar", { name: "Evaluation" });
const named = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** Opens a pack and a quick model, and stands before the start of their evaluation. */
async function wouldEvaluate(page: Page): Promise<void> {
  const buffer = Buffer.from(writeZip(writePack("Balls", "", ballCases(6))));
  await page.getByLabel("Files to open").setInputFiles({ name: "balls.zip", mimeType: "application/zip", buffer });
  await expect(page.locator(".said")).toContainText("balls.zip is a pack of");
  await settled(page);
  await openTiny(page, "prob-unet");
  await page.getByRole("tab", { name: "Evaluate" }).click();
  await page.getByRole("spinbutton", { name: "Samples" }).fill("4");
  await expect(named(page, "Start")).toBeEnabled();
}

const overall = (page: Page) => page.getByRole("table", { name: /Overall figures/ }).textContent();

test("an evaluation ends in a tab that is not in sight: no frame is drawn there", { tag: "@ci" }, async ({ page }) => {
  await openPage(page);
  await wouldEvaluate(page);
  await page.evaluate(() => {
    globalThis.requestAnimationFrame = () => 0;
    Object.defineProperty(document, "visibilityState", { value: "hidden" });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await named(page, "Start").click();
  await expect(page.getByText("6 of 6 results")).toBeVisible();
});

test("two tabs that evaluate one pack end with the same figures, and neither disturbs the other", {
  tag: "@ci",
}, async ({ page }) => {
  const other = await page.context().newPage();
  const heard = [complaints(page), complaints(other)].flat();
  for (const tab of [page, other]) {
    await tab.bringToFront();
    await openPage(tab);
    await wouldEvaluate(tab);
  }
  // Both begin before either has kept a row that the other would go on from.
  for (const tab of [page, other]) await named(tab, "Start").click();
  for (const tab of [page, other]) await expect(tab.getByText("6 of 6 results")).toBeVisible();
  // the intervals come a moment after the last result
  for (const tab of [page, other]) await expect.poll(() => overall(tab)).toMatch(/\d–\d/);
  expect(await overall(page)).toBe(await overall(other));
  expect(heard).toEqual([]);
  await expect(bar(page)).toHaveAttribute("value", "6");
});

test("a series of 500 slices opens at its middle, and its last slice is one key away", { tag: "@ci" }, async ({
  page,
}) => {
  await openPage(page);
  const files = Array.from({ length: 500 }, (_, k) => ({
    name: `IM${String(k).padStart(4, "0")}.dcm`,
    mimeType: "application/dicom",
    buffer: Buffer.from(sliceAt(k)),
  }));
  await page.getByLabel("Files to open").setInputFiles(files);
  await expect(page.getByText("250/500")).toBeVisible();
  await settled(page);
  await slider(page, "Slice of the stack").press("End");
  await expect(page.getByText("500/500")).toBeVisible();
  await settled(page);
  await slider(page, "Slice of the stack").press("Home");
  await expect(page.getByText("1/500", { exact: true })).toBeVisible();
  await settled(page);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("over a line of 3 Mbit/s the page says how many of how many bytes are there, and ends with samples", {
  tag: "@ci",
}, async ({ page }) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Network.enable");
  await cdp.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 40,
    downloadThroughput: 3e6 / 8,
    uploadThroughput: 3e6 / 8,
  });
  await page.goto("./?backend=wasm");
  await expect(page.getByText(/\(\d+\.\d of \d+\.\d MB\)/)).toBeVisible();
  await settled(page);
  expect(await page.getByRole("alert").count()).toBe(0);
});

/** Slice `k` of 500, 1 mm apart: 128 × 128 pixels of air with a ball in the middle of the series. */
function sliceAt(k: number): Uint8Array {
  const radius = Math.sqrt(Math.max(0, 100 - (k - 250) ** 2));
  const values = Int16Array.from({ length: 128 * 128 }, (_, i) =>
    Math.hypot((i % 128) - 64, Math.floor(i / 128) - 64) < radius ? 40 : -850 + ((i * 7 + k) % 13),
  );
  return ctDicom({
    width: 128,
    height: 128,
    values,
    spacingMm: [0.7, 0.7],
    position: [0, 0, k],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    thicknessMm: 1,
    sopInstanceUid: `1.2.3.4.5.${k + 1}`,
  });
}
