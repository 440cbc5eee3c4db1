import { expect, type Page } from "@playwright/test";
import { encode } from "fast-png";
import { ctDicom, turned } from "../support/ct-dicom.ts";
import { changedFrom, layer, outline, picture, settled, slider, steadyLook } from "./page.ts";
import { PAPER_START, test } from "./started-page.ts";

test.use({ start: PAPER_START });

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const value = async (page: Page, name: string) => Number(await slider(page, name).inputValue());

test("a locked axis stays where it is, whatever else sets z", async ({ page }) => {
  await slider(page, "z3").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await button(page, "Lock z3").click();
  await expect(slider(page, "z3")).toBeDisabled();
  await button(page, "As grader 1").click();
  await expect(page.locator(".source")).toContainText("1 locked");
  expect(await value(page, "z3")).toBeCloseTo(1, 5);
  await button(page, "Prior mean").click();
  expect(await value(page, "z3")).toBeCloseTo(1, 5);
  await button(page, "Unlock z3").click();
  await button(page, "Prior mean").click();
  expect(await value(page, "z3")).toBe(0);
});

test("two samples are held side by side, a third pushes out the first, and each can be released", async ({ page }) => {
  const held = page.locator(".pinned-one");
  const pin = async (n: number) => {
    await page.getByRole("button", { name: new RegExp(`^Sample ${n}\\b`) }).hover();
    await button(page, `Pin sample ${n}`).click();
  };
  await pin(2);
  await pin(10);
  await expect(held).toHaveCount(2);
  await pin(3);
  await expect(held).toHaveCount(2);
  await expect(button(page, "Release sample 2")).toHaveCount(0);
  await button(page, "Release sample 10").click();
  await expect(held).toHaveCount(1);
});

test("z slides from one grader's posterior to another's", async ({ page }) => {
  const all = async () => Promise.all(["z2", "z3", "z4", "z6"].map((name) => value(page, name)));
  await button(page, "As grader 1").click();
  await expect.poll(all).not.toEqual([0, 0, 0, 0]);
  const from = await all();
  await button(page, "As grader 3").click();
  await expect.poll(all).not.toEqual(from);
  const to = await all();
  await page.getByRole("combobox", { name: "Slide from" }).selectOption({ label: "Grader 1" });
  await page.getByRole("combobox", { name: "Slide to" }).selectOption({ label: "Grader 3" });
  await page.getByRole("slider", { name: "Way between the graders" }).fill("0.5");
  await expect(page.locator(".source")).toContainText("50 % from grader 1 to grader 3");
  for (const [k, middle] of (await all()).entries()) {
    expect(middle).toBeCloseTo(((from[k] as number) + (to[k] as number)) / 2, 1);
  }
  // the panel keeps its ends for the case: the next test begins with the first ones
  await page.getByRole("combobox", { name: "Slide from" }).selectOption({ index: 0 });
  await page.getByRole("combobox", { name: "Slide to" }).selectOption({ index: 1 });
});

test("your outline is drawn, widened, cut and taken back, and you get your place and figures", async ({ page }) => {
  const row = page.getByRole("region", { name: "Figures" }).getByRole("row", { name: /You/ });
  const area = async () => Number(await row.getByRole("cell").first().textContent());
  const circle = async (dx: number, radius: number) => {
    const { x, y, width } = (await picture(page, "Region").boundingBox()) as { x: number; y: number; width: number };
    const at = (k: number) =>
      [x + width / 2 + dx + radius * Math.cos(k / 6), y + width / 2 + radius * Math.sin(k / 6)] as const;
    await page.mouse.move(...at(0));
    await page.mouse.down();
    for (let k = 1; k <= 37; k++) await page.mouse.move(...at(k));
    await page.mouse.up();
  };
  await button(page, "Draw your outline").click();
  await circle(0, 40);
  const drawn = await area();
  await expect(button(page, "Add to your outline")).toHaveAttribute("aria-pressed", "true");
  await circle(40, 30);
  const wider = await area();
  expect(wider).toBeGreaterThan(drawn);
  await button(page, "Take away from your outline").click();
  await circle(0, 20);
  expect(await area()).toBeLessThan(wider);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+z");
  expect(await area()).toBe(wider);
  await button(page, "As you").click();
  await expect(page.locator(".source")).toContainText("posterior of you");
  await expect(row.getByRole("cell").last()).toHaveText(/\d/);
  await button(page, "Clear your outline").click();
  await expect(row).toHaveCount(0);
});

test("the tour leaves the page as it found it", async ({ page }) => {
  await layer(page, "Entropy").check();
  await button(page, "As grader 2").click();
  const before = await steadyLook(picture(page, "Region"));
  await button(page, "Take the tour (2 minutes)").click();
  const tour = page.getByRole("dialog", { name: /tour/i });
  await changedFrom(picture(page, "Region"), before);
  await tour.getByRole("button", { name: "Next", exact: true }).click();
  await tour.getByRole("button", { name: "Skip the tour" }).click();
  await expect(layer(page, "Entropy")).toBeChecked();
  await expect(outline(page, "Graders")).toBeChecked();
  await expect(page.locator(".source")).toContainText("posterior of grader 2");
});

test("a slider that moves nothing where z is now says so, with its number", async ({ page }) => {
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await expect(page.locator('.axes[data-measured="true"]')).toBeVisible();
  const still = page.locator('[data-axis][data-live="false"]');
  await expect(still.first()).toBeVisible(); // of the paper's six axes, four move no outline by themselves
  for (const row of await still.all()) {
    await expect(row).toContainText(/no effect here · 0\.0\d/);
    await expect(row.getByRole("slider")).toHaveAttribute("aria-valuetext", /no effect here: 0\.0\d/);
  }
  await expect(page.getByText(/\bdead\b/)).toHaveCount(0);
});

test("the page warns of a spacing, a modality and a region that the model was not made for", async ({ page }) => {
  const open = async (name: string, mimeType: string, buffer: Buffer) => {
    const chooser = page.waitForEvent("filechooser");
    await button(page, "Open file").click();
    await (await chooser).setFiles([{ name, mimeType, buffer }]);
    await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText(name);
    await settled(page);
  };
  const slice = page.getByRole("region", { name: "Slice", exact: true });
  const [width, height] = [160, 160];
  const dicom = ctDicom({
    width,
    height,
    values: Array.from({ length: width * height }, (_, i) => (i % 300) - 800),
    spacingMm: [1.5, 1.5],
    position: [0, 0, 0],
    ...turned([0, 0, 0]),
    thicknessMm: 1,
  });
  const modality = Buffer.from(dicom).indexOf("CS\u0002\u0000CT");
  const magnetic = Buffer.from(dicom);
  magnetic.write("MR", modality + 4);
  await open("knee.dcm", "application/dicom", magnetic);
  await expect(slice).toContainText("Pixels of 1.50 mm");
  await expect(slice).toContainText("This is MR, not CT");
  const flat = encode({ width, height, data: new Uint8Array(width * height).fill(90), depth: 8, channels: 1 });
  await open("flat.png", "image/png", Buffer.from(flat));
  await expect(slice).toContainText("no contrast");
});
