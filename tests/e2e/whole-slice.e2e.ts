import { expect, type Page } from "@playwright/test";
import { encode } from "fast-png";
import { changedFrom, openMore, picture, settled, slider, steadyLook } from "./page.ts";
import { test } from "./started-page.ts";

const panel = (page: Page) => page.getByRole("region", { name: "Slice", exact: true });
const start = (page: Page) => panel(page).getByRole("button", { name: "Map the whole slice", exact: true });
const sentence = (page: Page) => panel(page).getByText(/only seen regions with a nodule/);

/** A 200×160 picture, four regions large: a bright disc of radius 9 at (90, 80) on a dark ramp. */
function discPng(): Buffer {
  const [width, height] = [200, 160];
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const x = i % width;
    return Math.hypot(x - 90, Math.floor(i / width) - 80) < 9 ? 200 : 20 + Math.floor(x / 10);
  });
  return Buffer.from(encode({ width, height, data, depth: 8, channels: 1 }));
}

async function openDisc(page: Page): Promise<void> {
  await openMore(page, "slice");
  const before = await steadyLook(picture(page, "CT slice"));
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open file", exact: true }).click();
  await (await chooser).setFiles([{ name: "disc.png", mimeType: "image/png", buffer: discPng() }]);
  await changedFrom(picture(page, "CT slice"), before);
  await settled(page);
}

test("a map of the whole slice can be cancelled, and the page answers meanwhile", { tag: "@ci" }, async ({ page }) => {
  await openMore(page, "slice");
  const before = await steadyLook(picture(page, "CT slice"));
  await start(page).click();
  await expect(panel(page).getByRole("progressbar")).toBeVisible();
  await slider(page, "mode 1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await settled(page);
  await panel(page).getByRole("button", { name: "Cancel", exact: true }).click();
  await expect(start(page)).toBeVisible();
  await expect(sentence(page)).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);
  expect(await steadyLook(picture(page, "CT slice"))).toBe(before);
});

test("the map lies over the slice with its sentence, as mean or variance, until it is removed", { tag: "@ci" }, async ({
  page,
}) => {
  await openDisc(page);
  // the default model has its gate closed on a disc: nothing would lie there to be seen
  await page.getByRole("combobox", { name: "Model", exact: true }).selectOption("lidc-prob-unet");
  await settled(page);
  const slice = picture(page, "CT slice");
  const bare = await steadyLook(slice);
  await start(page).click();
  await expect(sentence(page)).toBeVisible();
  await panel(page).getByRole("radio", { name: "Mean", exact: true }).check();
  const mean = await changedFrom(slice, bare);
  await panel(page).getByRole("radio", { name: "Variance", exact: true }).check();
  await changedFrom(slice, mean);
  await panel(page).getByRole("button", { name: "Remove the whole-slice map", exact: true }).click();
  await expect(sentence(page)).toHaveCount(0);
  expect(await steadyLook(slice)).toBe(bare);
});

test("another case takes the map away", { tag: "@ci" }, async ({ page }) => {
  await openDisc(page);
  await start(page).click();
  await expect(sentence(page)).toBeVisible();
  await page.getByRole("combobox", { name: "Example or case" }).selectOption({ index: 1 });
  await settled(page);
  await expect(sentence(page)).toHaveCount(0);
  await expect(start(page)).toBeVisible();
});
