import { expect, type Page, test } from "@playwright/test";
import { encode } from "fast-png";
import { complaints, openPage, picture, settled, slider } from "./page.ts";

const scan = {
  name: "scan.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    encode({ width: 200, height: 200, data: Uint8Array.from({ length: 40_000 }, (_, i) => i % 200), channels: 1 }),
  ),
};

async function drawOutline(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Draw your outline" }).click();
  const box = await picture(page, "Region").boundingBox();
  if (!box) throw new Error("no region on the screen");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x - 40, y - 40);
  await page.mouse.down();
  for (const [dx, dy] of [
    [40, -40],
    [40, 40],
    [-40, 40],
  ] as const)
    await page.mouse.move(x + dx, y + dy, { steps: 4 });
  await page.mouse.up();
  await settled(page);
}

test("a reload brings the file, the view and the outline back, and 'Forget' ends that", async ({ page }) => {
  await openPage(page);
  await page.getByLabel("Files to open").setInputFiles(scan);
  await expect(page.getByRole("combobox", { name: "Example or case" })).toContainText("scan.png");
  await settled(page);
  await drawOutline(page);
  await slider(page, "mode 1").press("Shift+ArrowRight");
  await expect.poll(() => page.url()).toMatch(/z=h/);
  const address = page.url();
  await page.reload();
  await settled(page);
  const chosen = page.getByRole("combobox", { name: "Example or case" }).locator("option:checked");
  await expect(chosen).toHaveText("scan.png");
  await expect(page.getByRole("row", { name: /^You/ })).toBeVisible();
  expect(page.url()).toBe(address);
  expect(await page.getByRole("alert").count()).toBe(0);

  await page.getByRole("button", { name: "Kept here" }).click();
  const sheet = page.getByRole("dialog", { name: "Forget everything on this machine" });
  await expect(sheet.getByRole("list", { name: "Open before" })).toContainText("scan.png");
  await sheet.getByRole("button", { name: "Forget everything" }).click();
  await expect(sheet).toHaveCount(0);
  page.on("dialog", (dialog) => void dialog.accept()); // leaving loses the outline, and the browser asks
  await page.reload();
  await settled(page);
  await expect(page.getByRole("alert")).toContainText("open the file whose values' sha256 begins with");
});

test("where the browser refuses storage the page works, and leaving with an outline asks first", {
  tag: "@ci",
}, async ({ page }) => {
  const heard = complaints(page);
  await page.addInitScript(() => {
    Object.defineProperty(window, "indexedDB", {
      get() {
        throw new DOMException("not here", "SecurityError");
      },
    });
  });
  await openPage(page);
  await drawOutline(page);
  const asked: string[] = [];
  page.on("dialog", (dialog) => {
    asked.push(dialog.type());
    void dialog.accept();
  });
  await page.reload();
  await settled(page);
  expect(asked).toEqual(["beforeunload"]);
  expect(heard).toEqual([]);
});
