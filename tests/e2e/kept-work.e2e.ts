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

/** Writes work into the browser's database as version 0.1 did: no choices, no other readers, an outline of "You". */
async function keepAsBefore(page: Page, own: string): Promise<void> {
  await page.goto("./icon.svg"); // the same origin without the page
  await page.evaluate(
    async ([bytes, hash]) => {
      const opening = indexedDB.open("graderspace-work", 1);
      opening.onupgradeneeded = () => {
        for (const name of ["openings", "files", "works"]) opening.result.createObjectStore(name);
      };
      await new Promise((done) => {
        opening.onsuccess = done;
      });
      const db = opening.result;
      const tx = db.transaction(["openings", "files", "works"], "readwrite");
      const file = new File([Uint8Array.from(bytes)], "scan.png", { type: "image/png" });
      const [width, height] = [200, 200];
      // Rows 90 to 109, columns 88 to 111: three bytes of eight pixels in each row of 25.
      const bits = new Uint8Array((width / 8) * height);
      for (let y = 90; y < 110; y++) bits.fill(255, (y * width) / 8 + 11, (y * width) / 8 + 14);
      tx.objectStore("openings").put({ id: "old", title: "scan.png", bytes: file.size, opened: 1 }, "old");
      tx.objectStore("files").put([file], ["old", 0]);
      tx.objectStore("works").put({ hash, you: [{ frame: 0, width, height, bits }] }, ["old", "0"]);
      await new Promise((done) => {
        tx.oncomplete = done;
      });
      db.close();
    },
    [[...scan.buffer], `own=${own}&seed=7`] as const,
  );
}

test("what version 0.1 kept opens: the file, its view and the outline", { tag: "@ci" }, async ({ page, browser }) => {
  await openPage(page);
  await page.getByLabel("Files to open").setInputFiles(scan);
  await expect.poll(() => page.url()).toMatch(/own=[0-9a-f]{8}/);
  const own = /own=([0-9a-f]{8})/.exec(page.url())?.[1] ?? "";
  const context = await browser.newContext();
  const old = await context.newPage();
  await keepAsBefore(old, own);
  await openPage(old, `./?backend=wasm#own=${own}&seed=7`);
  await expect(old.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText("scan.png");
  await expect(old.getByRole("row", { name: /^You/ })).toBeVisible();
  await expect.poll(() => old.url()).toContain("seed=7");
  expect(await old.getByRole("alert").count()).toBe(0);
  await context.close();
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
