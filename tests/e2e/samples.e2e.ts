import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { encode } from "fast-png";
import { faultsAt, SCREENS } from "./judge.ts";
import { changedFrom, complaints, openMore, picture, settled, slider, steadyLook } from "./page.ts";
import { test } from "./started-page.ts";

const SIDE = 160;
const PIXELS = SIDE * SIDE;

function png(name: string, valueAt: (x: number, y: number) => number) {
  const data = Uint8Array.from({ length: PIXELS }, (_, i) => valueAt(i % SIDE, Math.floor(i / SIDE)));
  const buffer = Buffer.from(encode({ width: SIDE, height: SIDE, data, channels: 1, depth: 8 }));
  return { name, mimeType: "image/png", buffer };
}

const ellipse = (name: string, a: number, b: number, x0 = 80) =>
  png(name, (x, y) => (((x - x0) / a) ** 2 + ((y - 80) / b) ** 2 <= 1 ? 255 : 0));
const nothing = (name: string) => png(name, () => 0);

/** A bright disc on a ramp, as four graders drew it, the last of whom drew nothing. */
const slice = png("scan.png", (x, y) => (Math.hypot(x - 80, y - 80) < 9 ? 220 : x >> 1));
const graders = [
  ellipse("grader-1.png", 7, 7),
  ellipse("grader-2.png", 9, 9),
  ellipse("grader-3.png", 11, 10),
  nothing("grader-4.png"),
];
/** Sixteen samples: every fourth marks nothing. */
const samples = (prefix: string) =>
  Array.from({ length: 16 }, (_, k) => {
    const name = `${prefix}${String(k + 1).padStart(3, "0")}.png`;
    return k % 4 === 3 ? nothing(name) : ellipse(name, 6 + (k % 5), 7 + (k % 3), 79 + (k % 4));
  });

const drop = (page: Page, files: ReturnType<typeof png>[]) => page.getByLabel("Files to open").setInputFiles(files);
const map = (page: Page) => page.getByRole("img", { name: "Map of masks", exact: true });
const hand = (page: Page) => page.getByRole("group", { name: /^Masks on the map/ });
const shown = (page: Page) => page.locator(".panel.latent .source");

test("a slice, four graders and a method's sixteen samples dropped at once: figures, map of masks, modes, Compare", async ({
  page,
}) => {
  const heard = complaints(page);
  await drop(page, [slice, ...graders, ...samples("samples_flow-")]);
  await expect(page.getByRole("combobox", { name: "Model", exact: true }).locator("option:checked")).toHaveText(
    "flow (16 samples)",
  );
  await settled(page);

  const figures = page.getByRole("region", { name: "Figures" });
  await expect(figures).toContainText("16 samples · 3 of 4 graders drew");
  await expect(figures).toContainText(/GED² \(n = 16, biased\)/);
  await expect(page.getByText("16 samples, area 0–", { exact: false }).first()).toBeVisible();
  await expect(page.getByText("no z to drag", { exact: false })).toBeVisible();
  await expect(page.getByText("No map of the whole slice", { exact: false })).toBeAttached();

  // The four empty samples lie at one point with the grader who drew nothing.
  await expect(map(page)).toHaveAccessibleDescription(
    /^16 samples and 4 graders by 1 − IoU; stress 0\.\d\d\. 4 empty samples and Grader 4 are one point\.$/,
  );
  const region = picture(page, "Region");
  const first = await steadyLook(region);
  await hand(page).focus();
  for (const key of ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"]) {
    await page.keyboard.press(key);
    if (!(await shown(page).textContent())?.endsWith("sample 1")) break;
  }
  const second = await changedFrom(region, first);
  const before = await shown(page).textContent();

  // Modes move the outline that is shown, and a sample brings its own back.
  await slider(page, "mode 1").focus();
  for (let i = 0; i < 15; i++) await page.keyboard.press("ArrowRight");
  await expect(shown(page)).toContainText("mode 1 at 1.5 σ");
  await changedFrom(region, second);
  await page.getByRole("button", { name: "The sample", exact: true }).click();
  await expect(shown(page)).toHaveText(before as string);
  expect(await steadyLook(region)).toBe(second);

  await page.getByRole("button", { name: "Export", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: "Save as pack", exact: true }).click();
  const pack = await (await download).path();

  await page.getByRole("tab", { name: "Compare" }).click();
  for (const n of [4, 3]) await page.getByRole("button", { name: `Remove system ${n}` }).click();
  await settled(page);
  const columns = page.locator(".column");
  await expect(columns).toHaveCount(2);
  for (const n of [0, 1]) {
    await expect(columns.nth(n)).toContainText("GED² (biased, n = 16)");
    await expect(columns.nth(n).locator(".column-measures dd").first()).toHaveText(/^\d\.\d{3}$/);
  }
  await expect(page.getByRole("img", { name: /^GED² against the number of samples: / })).toHaveAccessibleName(/flow/);

  // The pack opens again, and its samples have the figures that they had.
  await page.getByRole("tab", { name: "Explore" }).click();
  const ged2 = (await figures.locator(".measure dd.value").first().textContent()) as string;
  const [name, buffer] = ["pack.zip", readFileSync(pack)];
  await page.getByLabel("Files to open").setInputFiles({ name, mimeType: "application/zip", buffer });
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText("Slice 1");
  await page.getByRole("combobox", { name: "Model", exact: true }).selectOption("flow (2)");
  await settled(page);
  await expect(figures).toContainText("16 samples · 3 of 4 graders drew");
  await expect(figures.locator(".measure dd.value").first()).toHaveText(ged2);
  expect(heard).toEqual([]);
});

test("samples without a name are asked about, and the map shows by a click what a mask marks more and less", async ({
  page,
}) => {
  await drop(page, [slice, ...graders]);
  await expect(page.getByRole("region", { name: "Figures" })).toContainText("3 of 4 graders drew");
  await settled(page);
  await drop(page, samples("s"));
  const question = page.getByRole("dialog", { name: "Graders, samples or a slice?" });
  await expect(question).toContainText("16 files look like what somebody drew");
  await question.getByRole("textbox", { name: "Method" }).fill("diffusion");
  await question.getByRole("button", { name: "Samples of a method (16)" }).click();
  await expect(question).toHaveCount(0);
  await settled(page);
  await expect(page.getByRole("combobox", { name: "Model", exact: true }).locator("option:checked")).toHaveText(
    "diffusion (16 samples)",
  );
  // The point of all who drew nothing is the one furthest to a side: arrows go there, its words say so.
  const box = await hand(page).boundingBox();
  if (!box) throw new Error("the map has no box");
  const said = page.locator(".mask-difference");
  await expect(said).toContainText("Point at a mask");
  let met = "";
  for (let y = 6; y < box.height && met === ""; y += 8) {
    for (let x = 6; x < box.width && met === ""; x += 8) {
      await page.mouse.move(box.x + x, box.y + y);
      if ((await said.getByText("empty samples").count()) === 0) continue;
      met = (await said.textContent()) ?? "";
      await page.mouse.down();
      await page.mouse.up();
    }
  }
  expect(met).toMatch(/^4 empty samples and Grader 4: IoU 0\.00 with the one shown, \+0 and −\d+ px$/);
  await expect(shown(page)).toContainText("sample 4");
  await expect(said).toContainText("IoU 1.00 with the one shown");
});

test("a system with z has the map in the place of its plane", { tag: "@ci" }, async ({ page }) => {
  await openMore(page, "latent");
  await page.getByRole("radio", { name: "Map of masks" }).check({ force: true });
  await expect(map(page)).toHaveAccessibleDescription(/^16 samples and 4 graders by 1 − IoU/);
  await expect(page.getByRole("img", { name: "Latent plane", exact: true })).toHaveCount(0);
  const before = await steadyLook(picture(page, "Region"));
  await hand(page).focus();
  await page.keyboard.press("ArrowRight");
  await changedFrom(picture(page, "Region"), before);
  await expect(page.getByText(/^sample \d+/).first()).toBeVisible();
});

test("axe finds no serious violation, and nothing is cut off, with given samples", { tag: "@ci" }, async ({ page }) => {
  await drop(page, [slice, ...graders, ...samples("samples_flow-")]);
  await settled(page);
  expect(await faultsAt(page, SCREENS)).toEqual([]);
});
