import { expect, type Page } from "@playwright/test";
import { ballSeries } from "../support/ball-series.ts";
import { openMore, settled } from "./page.ts";
import { openTiny } from "./systems.ts";

/** Opens a ball through nine slices and a quick model, and goes to its lesion. */
export async function openLesion(page: Page): Promise<void> {
  const buffer = Buffer.from(await ballSeries().arrayBuffer());
  await page.getByLabel("Files to open").setInputFiles({ name: "ball.nrrd", mimeType: "", buffer });
  await expect(page.locator(".said")).toContainText("ball.nrrd");
  await openTiny(page, "prob-unet");
  await openMore(page, "samples");
  await page.getByRole("spinbutton", { name: "Number of samples" }).first().fill("6");
  await settled(page);
  await page.getByRole("tab", { name: "Lesion", exact: true }).click();
  await settled(page);
}
