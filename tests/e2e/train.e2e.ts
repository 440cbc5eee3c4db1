import { expect, type Page } from "@playwright/test";
import { faultsAt, SCREENS } from "./judge.ts";
import { settled } from "./page.ts";
import { DEFAULT_START, test } from "./started-page.ts";

// Watch it learn: the paper's network trained in the page, on the smallest settings.

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const stepOf = async (page: Page) => Number(await page.locator("[data-step]").getAttribute("data-step"));

test.use({ start: DEFAULT_START });

test("trains, pauses, breaks and begins anew, by keyboard too", async ({ page }) => {
  await page.getByRole("tab", { name: "Learn", exact: true }).click();
  await page.getByRole("radiogroup", { name: "What is learnt" }).getByText("Watch it learn").click();
  await expect(page.locator(".train-backend")).toContainText("wasm");
  await page.getByRole("radiogroup", { name: "Width" }).getByText("4", { exact: true }).click();
  const batch = page.getByRole("slider", { name: "Batch" });
  await batch.focus();
  await page.keyboard.press("Home");
  await expect(batch).toHaveAttribute("aria-valuetext", "1");
  await expect(page.getByRole("table").getByRole("row")).toHaveCount(6);

  // one step at a time, and playing
  await button(page, "One step").click();
  await expect.poll(() => stepOf(page)).toBe(1);
  await button(page, "Play").click();
  await expect.poll(() => stepOf(page)).toBeGreaterThan(26);
  await button(page, "Pause").press("Enter");
  await expect(page.locator("main.train")).toHaveAttribute("aria-busy", "false");
  const stood = await stepOf(page);
  const chart = (name: RegExp) => page.getByRole("img", { name });
  await expect(chart(/^Cross entropy, .*batches [\d.]+ at step \d+; held out [\d.]+ at step/)).toBeVisible();
  await expect(chart(/^KL of each axis, .*z1 [\d.]+ at step/)).toBeVisible();
  await expect(page.getByRole("img", { name: /^Case 2, sample/ })).toHaveCount(16);
  expect(await stepOf(page)).toBe(stood);

  // the axis of the cross entropy holds the first look at the held-out cases, which is the highest
  const drawn = chart(/^Cross entropy/);
  const highest = await drawn
    .locator("circle")
    .evaluateAll((dots) => Math.min(...dots.map((dot) => Number(dot.getAttribute("cy")))));
  const top = await drawn.locator(".grid-line").last().getAttribute("y1");
  expect(highest).toBeGreaterThan(Number(top));

  // undo: back to the last look at the held-out cases
  await page.getByRole("button", { name: /^Back to \d+$/ }).click();
  await expect.poll(() => stepOf(page)).toBeLessThan(stood);
  const returned = await stepOf(page);
  await expect(page.locator("main.train")).toHaveAttribute("aria-busy", "false");

  // another place: it stands still; back: as it was
  await page.getByRole("tab", { name: "Explore", exact: true }).click();
  await page.getByRole("tab", { name: "Learn", exact: true }).click();
  await page.getByRole("radiogroup", { name: "What is learnt" }).getByText("Watch it learn").click();
  expect(await stepOf(page)).toBe(returned);

  // broken: from step 0, with the sentence why, and the run before beside it
  await button(page, "β too large").click();
  await expect(page.getByText("posterior collapse")).toBeVisible();
  await expect(page.getByRole("slider", { name: "β" })).toHaveAttribute("aria-valuetext", "200");
  expect(await stepOf(page)).toBe(0);
  await expect(chart(/^GED² .*before: β 1/)).toBeVisible();

  // what was learnt leaves as a model
  await button(page, "One step").click();
  await expect.poll(() => stepOf(page)).toBe(1);
  const download = page.waitForEvent("download");
  await button(page, "Save model").click();
  expect((await download).suggestedFilename()).toBe("simulated-step-1.zip");
  expect(await faultsAt(page, SCREENS)).toEqual([]);

  // and opens in the explorer
  await page.setViewportSize(SCREENS[0] as (typeof SCREENS)[number]);
  await button(page, "Open in Explore").click();
  await expect(page.getByRole("tab", { name: "Explore", exact: true })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByLabel("Model", { exact: true })).toHaveValue("simulated-step-1");
  await settled(page);
  await expect(page.getByRole("alert")).toHaveCount(0);
});
