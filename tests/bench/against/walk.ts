import type { Page } from "playwright-core";
import { peakMemoryOf } from "./peak-memory.ts";

/**
 * What a person waits for, by its name: milliseconds, each from the click to the last of it on the screen; and the most
 * memory that the page held meanwhile, in MB.
 */
export type Waits = Record<string, number>;

/** The paper's other systems, which the explorer is switched to one after the other. */
const SYSTEMS = ["lidc-dropout-unet", "lidc-unet-ensemble", "lidc-image2image-vae"];
const PATIENCE = { timeout: 300_000 };

/** One visit to a built page with an empty cache: start, model switches, Compare 4 × 16, the map of the whole slice, Evaluate 6 × 6. */
export async function walk(page: Page, address: string): Promise<Waits> {
  const waits: Waits = {};
  const memory = await peakMemoryOf(page);
  const timed = async (name: string, work: () => Promise<unknown>) => {
    await memory?.reset();
    const begun = performance.now();
    await work();
    waits[name] = performance.now() - begun;
    if (memory) waits[`${name}: most MB`] = await memory.most();
  };
  await timed("start", async () => {
    await page.goto(address);
    await busy(page, false);
  });
  await page.waitForTimeout(3000); // posteriors, plane and modes come after the samples
  for (const system of SYSTEMS) {
    await timed(`switch to ${system}`, async () => {
      await page.getByLabel("Model", { exact: true }).selectOption(system);
      await busy(page, true);
      await busy(page, false);
    });
    await timed(`16 samples of ${system}`, async () => {
      await page.keyboard.press("n"); // the next seed; an ensemble has none, and answers at once
      await page.waitForTimeout(50);
      await busy(page, false);
    });
  }
  await page.getByLabel("Model", { exact: true }).selectOption("lidc-prob-unet");
  await busy(page, true);
  await busy(page, false);
  await page.waitForTimeout(2000);
  await timed("Compare 4 × 16", async () => {
    await enter(page, "Compare");
    await page.waitForFunction(allColumnsTell, undefined, PATIENCE);
  });
  await enter(page, "Explore");
  const slice = page.getByRole("region", { name: "Slice", exact: true });
  const map = slice.getByRole("button", { name: "Map the whole slice", exact: true });
  if (!(await map.isVisible())) await slice.getByRole("button", { name: /More/ }).click();
  await timed("map of the whole slice", async () => {
    await map.click();
    await slice.getByText(/only seen regions with a nodule/).waitFor(PATIENCE);
  });
  await enter(page, "Evaluate");
  const systems = page.getByRole("group", { name: "Systems" }).getByRole("checkbox");
  await systems.first().waitFor();
  for (const box of await systems.all()) await box.setChecked(true, { force: true });
  await timed("Evaluate 6 × 6", async () => {
    await page.getByRole("button", { name: "Start", exact: true }).click();
    await page.getByText("36 of 36 results").waitFor(PATIENCE);
  });
  return waits;
}

/** Whether each of four columns has its GED². */
function allColumnsTell(): boolean {
  const columns = [...document.querySelectorAll(".column")];
  const told = columns.map((one) => one.querySelector(".column-measures dd")?.textContent ?? "");
  return told.length === 4 && told.every((text) => /^\d\.\d{3}$/.test(text));
}

/** Places are tabs; before there was a navigation (until 0.1) views had buttons, and one that led back. */
async function enter(page: Page, place: "Explore" | "Compare" | "Evaluate"): Promise<void> {
  const button = place === "Explore" ? /Back to explorer/ : place;
  const tab = page.getByRole("tab", { name: place, exact: true });
  // the tab that is there comes first in the document
  await tab
    .or(page.getByRole("button", { name: button, exact: true }))
    .first()
    .click();
}

async function busy(page: Page, wanted: boolean): Promise<void> {
  const is = (text: string) => document.querySelector("main")?.getAttribute("aria-busy") === text;
  await page.waitForFunction(is, String(wanted), PATIENCE);
}
