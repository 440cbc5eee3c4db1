import { expect } from "@playwright/test";
import { encode } from "fast-png";
import { layer, openMore, outline, picture, settled, slider } from "./page.ts";
import { test } from "./started-page.ts";
import { openTiny } from "./systems.ts";

// Tests share a started page. What one of them did must not reach the next.

test("whatever was done to a started page, putting it back leaves nothing of it", { tag: "@ci" }, async ({
  page,
  start,
  startedPages,
}) => {
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  // state, view and undo history
  await slider(page, "mode 1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await openMore(page);
  await layer(page, "Entropy").check();
  await outline(page, "Majority").check();
  await button("Zoom onto the lesion").click();
  await button("Draw samples").click();
  await page.getByRole("spinbutton", { name: "Seed" }).fill("5");
  await settled(page);
  await button("You: readers").click();
  await button("Add reader").click();
  await page.getByRole("switch", { name: "Blinded" }).click();
  await page.getByRole("switch", { name: "Blinded" }).click();
  await button("Close readers").click();
  // a case and a model of one's own, with their notices
  const data = Uint8Array.from({ length: 160 * 160 }, (_, i) => i % 251);
  const own = Buffer.from(encode({ width: 160, height: 160, data, depth: 8, channels: 1 }));
  await page.getByLabel("Files to open").setInputFiles([{ name: "own.png", mimeType: "image/png", buffer: own }]);
  await settled(page);
  await openTiny(page, "m-heads");
  await page
    .getByLabel("Files to open")
    .setInputFiles([{ name: "broken.dcm", mimeType: "application/dicom", buffer: Buffer.from("no picture") }]);
  await expect(page.getByRole("alert").filter({ hasText: "broken.dcm" })).toBeVisible();
  // results in storage, and another view left open
  await page.getByRole("tab", { name: "Evaluate" }).click();
  await expect(page.getByRole("combobox", { name: "Pack of cases" })).not.toHaveValue("");
  await page.getByRole("spinbutton", { name: "Samples" }).fill("2");
  await page.getByRole("spinbutton", { name: "Cases" }).fill("2");
  await button("Start").click();
  await expect(page.getByText("2 of 2 results")).toBeVisible();
  // size, scrolling, focus, storage and listeners
  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => {
    scrollTo(0, 500);
    localStorage.setItem("left", "behind");
  });
  await button("Keys and help").click();

  expect(await startedPages.left(start)).toEqual([]);

  // what no picture shows: nothing can be taken back, and the page computes as before
  await page.keyboard.press("Control+z");
  await expect(layer(page, "Variance")).toBeChecked();
  await expect(button("Undo")).toBeDisabled();
  await expect(page.getByRole("combobox", { name: "Model", exact: true }).locator("option")).not.toContainText([
    "tiny",
  ]);
  await slider(page, "mode 1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await settled(page);
  await expect(picture(page, "Region")).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a page that could not be put back is told by what is left on it", { tag: "@ci" }, async ({
  page,
  start,
  startedPages,
}) => {
  await page.evaluate(() => document.body.append("left behind"));
  expect(await startedPages.left(start)).toEqual([expect.stringMatching(/^html was .* and is .*left behind/)]);
  await startedPages.close(start);
});
