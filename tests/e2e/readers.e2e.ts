import { readFileSync } from "node:fs";
import { test as base, expect, type Page } from "@playwright/test";
import { openZip } from "../../src/io/bytes/zip.ts";
import { openDicom } from "../../src/io/dicom/file.ts";
import { ctDicom, turned } from "../support/ct-dicom.ts";
import { faultsAt, SCREENS } from "./judge.ts";
import { changedFrom, openPage, picture, settled, steadyLook } from "./page.ts";
import { DEFAULT_START, test } from "./started-page.ts";

// Readers who draw in the page: made, named, hidden, blinded, saved and kept.

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const readers = (page: Page) => page.getByRole("button", { name: /: readers$/ });
const row = (page: Page, name: string) =>
  page.getByRole("region", { name: "Figures" }).getByRole("row", { name: new RegExp(name) });

/** A ring about the region's middle, moved to the right; radius and way in CSS pixels. */
async function circle(page: Page, radius: number, right = 0): Promise<void> {
  const { x, y, width } = (await picture(page, "Region").boundingBox()) as { x: number; y: number; width: number };
  const at = (k: number) =>
    [x + width / 2 + right + radius * Math.cos(k / 3), y + width / 2 + radius * Math.sin(k / 3)] as const;
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let k = 1; k <= 19; k++) await page.mouse.move(...at(k));
  await page.mouse.up();
}

async function addReader(page: Page, number: number, name: string): Promise<void> {
  await button(page, "Add reader").click();
  const field = page.getByRole("textbox", { name: `Name of reader ${number}` });
  await field.fill(name);
  await field.press("Enter");
}

base("three people's marks made in the page", { tag: "@ci" }, async ({ page }) => {
  const [width, height] = [160, 160];
  const values = Float32Array.from({ length: width * height }, (_, i) =>
    Math.hypot((i % width) - 80, Math.floor(i / width) - 80) < 8 ? 30 : -800 + (i % 37),
  );
  const ct = { width, height, values, spacingMm: [0.7, 0.7] as const, position: [0, 0, 0] as const };
  const buffer = Buffer.from(ctDicom({ ...ct, ...turned([0, 0, 0]), thicknessMm: 1 }));
  await openPage(page);
  await page.getByLabel("Files to open").setInputFiles({ name: "ct.dcm", mimeType: "application/dicom", buffer });
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText("ct.dcm");
  await settled(page);

  // "You" with the lasso, Anna with the brush, Ben with a ring of the brush that is filled
  await button(page, "Draw your outline").click();
  await circle(page, 40);
  await readers(page).click();
  await addReader(page, 2, "Anna");
  await page.keyboard.press("Escape");
  await button(page, "Brush").click();
  await page.getByRole("slider", { name: "Size" }).fill("10");
  await page.keyboard.press("]");
  await expect(page.getByRole("slider", { name: "Size" })).toHaveValue("11");
  await circle(page, 10);
  await readers(page).click();
  await addReader(page, 3, "anna");
  await expect(page.locator(".said")).toContainText("There is a reader called Anna already");
  await page.getByRole("textbox", { name: "Name of reader 3" }).fill("Ben");
  await page.keyboard.press("Enter");
  await button(page, "Close readers").click();
  await circle(page, 50);
  const area = async (name: string) => Number(await row(page, name).getByRole("cell").first().textContent());
  const ring = await area("Ben");
  await button(page, "Fill holes").click();
  expect(await area("Ben")).toBeGreaterThan(ring);
  await page.keyboard.press("Control+z");
  expect(await area("Ben")).toBe(ring);
  await page.keyboard.press("Control+y");
  const [yours, annas, bens] = [await area("You"), await area("Anna"), await area("Ben")];

  // hidden: in no figure; taken away: back with Undo
  await readers(page).click();
  await page.getByRole("checkbox", { name: "Show Anna" }).uncheck();
  await expect(row(page, "Anna")).toHaveCount(0);
  await page.getByRole("checkbox", { name: "Show Anna" }).check();
  await button(page, "Remove Ben").click();
  await expect(row(page, "Ben")).toHaveCount(0);
  await button(page, "Undo").click();
  expect(await area("Ben")).toBe(bens);

  // blinded: nobody else, until done
  await page.getByRole("switch", { name: "Blinded" }).click();
  await page.getByRole("radio", { name: "Draw as Anna" }).check();
  await page.keyboard.press("Escape");
  for (const name of ["Figures", "Latent space", "Samples"])
    await expect(page.getByRole("region", { name, exact: true })).toContainText("Hidden while blinded");
  await expect(button(page, "Export")).toBeDisabled();
  await page.getByRole("tab", { name: "Compare" }).click();
  await expect(page.getByRole("main")).toContainText("say “I am done”");
  await button(page, "To Explore").click();
  await button(page, "I am done").click();
  expect(await area("Ben")).toBe(bens);
  await expect(button(page, "Brush")).toHaveCount(0);
  await expect(button(page, "Draw your outline")).toBeDisabled();

  // three segments with their names
  await button(page, "Export").click();
  await page.getByRole("checkbox", { name: "DICOM SEG" }).check();
  const download = page.waitForEvent("download");
  await button(page, "Download").click();
  const zip = openZip(new Uint8Array(readFileSync(await (await download).path())), "graderspace.zip");
  const bytes = async (name: string) => (await zip.find((entry) => entry.name === name)?.read()) ?? new Uint8Array();
  const { dataset } = await openDicom(await bytes("samples.seg.dcm"), "samples.seg.dcm");
  const segments = dataset.items(0x00620002).map((item) => [item.text(0x00620008), item.text(0x00620005)]);
  expect(segments.filter(([how]) => how === "MANUAL").map(([, label]) => label)).toEqual(["You", "Anna", "Ben"]);
  expect((await bytes("reader-2-Anna.png")).length).toBeGreaterThan(0);

  // a reload: three people, their marks, and who is done
  await page.reload();
  await settled(page);
  await readers(page).click();
  await expect(page.getByRole("switch", { name: "Blinded" })).toBeChecked();
  await page.getByRole("radio", { name: "Draw as Anna" }).check();
  expect([await area("You"), await area("Anna"), await area("Ben")]).toEqual([yours, annas, bens]);
});

test.describe("among the readers", () => {
  test.use({ start: DEFAULT_START });

  test("axe finds no serious violation, and nothing is cut off, at every size", { tag: "@ci" }, async ({ page }) => {
    await button(page, "Draw your outline").click();
    await circle(page, 40);
    await button(page, "Brush").click();
    await readers(page).click();
    await addReader(page, 2, "A reader with a name as long as it can be");
    expect(await faultsAt(page, SCREENS)).toEqual([]);
    await page.getByRole("switch", { name: "Blinded" }).click();
    await page.keyboard.press("Escape");
    expect(await faultsAt(page, SCREENS.slice(0, 1))).toEqual([]);
    expect(await faultsAt(page, SCREENS.slice(-1))).toEqual([]);
  });
});

base("where You alone drew, 'Graders' shows and hides that outline", { tag: "@ci" }, async ({ page }) => {
  const [width, height] = [160, 160];
  const values = Float32Array.from({ length: width * height }, (_, i) => -800 + (i % 37));
  const ct = { width, height, values, spacingMm: [0.7, 0.7] as const, position: [0, 0, 0] as const };
  const buffer = Buffer.from(ctDicom({ ...ct, ...turned([0, 0, 0]), thicknessMm: 1 }));
  await openPage(page);
  await page.getByLabel("Files to open").setInputFiles({ name: "ct.dcm", mimeType: "application/dicom", buffer });
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText("ct.dcm");
  await settled(page);
  const graders = page.getByRole("checkbox", { name: "Graders", exact: true });
  await expect(graders).toBeDisabled();
  await button(page, "Draw your outline").click();
  await circle(page, 40);
  await expect(graders).toBeEnabled();
  await graders.uncheck();
  await expect(row(page, "You")).toBeVisible(); // hidden in the picture alone
  const drawing = await steadyLook(picture(page, "Region")); // whoever draws sees the outline
  await page.keyboard.press("Escape");
  const hidden = await changedFrom(picture(page, "Region"), drawing);
  await graders.check();
  await changedFrom(picture(page, "Region"), hidden);
});
