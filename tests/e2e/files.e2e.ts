import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";
import { decode, encode } from "fast-png";
import { strFromU8, unzipSync } from "fflate";
import { changedFrom, layer, openMore, openPage, picture, settled, slider, steadyLook } from "./page.ts";
import { test } from "./started-page.ts";

async function openFiles(page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Open file", exact: true }).click();
  await (await chooser).setFiles(files);
}

async function drop(page: Page, name: string, bytes: Buffer): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([fileName, base64]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(atob(base64 as string), (c) => c.charCodeAt(0))], fileName as string));
      return data;
    },
    [name, bytes.toString("base64")],
  );
  await page.dispatchEvent("body", "dragenter", { dataTransfer: transfer });
  await page.dispatchEvent("body", "dragover", { dataTransfer: transfer });
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

const PYTHON = ["/usr/bin/python3", "python3"].find(
  (candidate) => spawnSync(candidate, ["-c", "import pydicom, numpy"]).status === 0,
);

/** A CT slice that pydicom wrote, of these axes; none: the file does not say how it lies. */
function pydicomSlice(folder: string, axes: readonly number[] | null): Buffer {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, "slice.dcm");
  const program = `
import sys, json, numpy, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
axes = json.loads(sys.argv[2])
meta = FileMetaDataset()
meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
meta.MediaStorageSOPInstanceUID = "1.2.3.4"
meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
d = pydicom.dataset.FileDataset(sys.argv[1], {}, file_meta=meta, preamble=b"\\0" * 128)
d.is_little_endian, d.is_implicit_VR = True, False
d.SOPClassUID, d.SOPInstanceUID, d.Modality = meta.MediaStorageSOPClassUID, "1.2.3.4", "CT"
d.Rows, d.Columns, d.PixelSpacing = 160, 160, [0.7, 0.7]
if axes:
    d.ImageOrientationPatient, d.ImagePositionPatient = axes, [0, 0, 0]
d.SamplesPerPixel, d.PhotometricInterpretation, d.PixelRepresentation = 1, "MONOCHROME2", 1
d.BitsAllocated, d.BitsStored, d.HighBit, d.RescaleSlope, d.RescaleIntercept = 16, 16, 15, 1, 0
d.PixelData = (numpy.arange(160 * 160, dtype="<i2") % 97 - 800).astype("<i2").tobytes()
d.save_as(sys.argv[1])
`;
  const { status, stderr } = spawnSync(PYTHON as string, ["-c", program, path, JSON.stringify(axes)]);
  if (status !== 0) throw new Error(String(stderr));
  return readFileSync(path);
}

test(
  "a DICOM slice shows what of the patient lies at its edges, and nothing where the file does not say",
  {
    tag: "@ci",
  },
  async ({ page }, info) => {
    test.skip(PYTHON === undefined, "pydicom is not installed; .ci/run installs it");
    const about = page.locator("#about-ct-slice");
    const letters = / [RLAPSI]+–[RLAPSI]+, [RLAPSI]+–[RLAPSI]+\./;
    for (const [axes, edges] of [
      [[1, 0, 0, 0, 1, 0], "R–L, A–P."], // axial, on the back
      [[1, 0, 0, 0, 0, -1], "R–L, S–I."], // coronal
      [[0, 1, 0, 0, 0, -1], "A–P, S–I."], // sagittal
      [null, null],
    ] as const) {
      const name = `${axes?.join("") ?? "without"}.dcm`;
      await openFiles(page, [{ name, mimeType: "application/dicom", buffer: pydicomSlice(info.outputDir, axes) }]);
      await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText(name);
      await settled(page);
      if (edges === null) await expect(about).not.toHaveText(letters);
      else await expect(about).toContainText(edges);
    }
  },
);

async function exportZip(page: Page): Promise<Record<string, Uint8Array>> {
  await page.getByRole("button", { name: "Export", exact: true }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: "Download", exact: true }).click();
  return unzipSync(new Uint8Array(readFileSync(await (await download).path())));
}

/** A 200×160 picture: a bright disc of radius 9 at (90, 80) on a dark ramp. */
function discPng(depth: 8 | 16): Buffer {
  const [width, height] = [200, 160];
  const data = depth === 16 ? new Uint16Array(width * height) : new Uint8Array(width * height);
  const scale = depth === 16 ? 257 : 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      data[y * width + x] = (Math.hypot(x - 90, y - 80) < 9 ? 200 : 20 + Math.floor(x / 10)) * scale;
    }
  }
  return Buffer.from(encode({ width, height, data, depth, channels: 1 }));
}

function discMask(radius: number): Buffer {
  const [width, height] = [200, 160];
  const data = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.hypot((i % width) - 90, Math.floor(i / width) - 80) < radius ? 255 : 0;
  }
  return Buffer.from(encode({ width, height, data, depth: 8, channels: 1 }));
}

test("export downloads a zip whose masks have the areas that the page shows", async ({ page }) => {
  const files = await exportZip(page);
  const rows = strFromU8(files["samples.csv"] as Uint8Array)
    .trim()
    .split("\n");
  expect(rows.length).toBe(17);
  const columns = (rows[0] as string).split(",");
  const cell = (row: string, name: string) => Number(row.split(",")[columns.indexOf(name)]);
  const strip = page.getByRole("region", { name: "Samples" });
  for (const [index, row] of rows.slice(1).entries()) {
    const mask = decode(files[`sample-${String(index + 1).padStart(3, "0")}.png`] as Uint8Array);
    expect([mask.width, mask.height]).toEqual([512, 512]);
    const area = [...mask.data].filter((value) => value === 255).length;
    expect(area).toBe(cell(row, "area_px"));
    // the thumbnail names the same area in mm²
    const named = area === 0 ? "empty" : `${Math.round(cell(row, "area_mm2"))} mm²`;
    const thumb = strip.getByRole("button", { name: new RegExp(`^Sample ${index + 1}\\b.*\\b${named}`) });
    await expect(thumb).toBeVisible();
  }
  expect(Object.keys(files)).toEqual(expect.arrayContaining(["maps.npz", "session.json", "samples.csv"]));
});

test("session.json restores the view", async ({ page }) => {
  await openMore(page, "region");
  await layer(page, "Entropy").check();
  await slider(page, "mode 1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await settled(page);
  const wanted = await steadyLook(picture(page, "Region"));
  const { "session.json": session } = await exportZip(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await layer(page, "None").check();
  await changedFrom(picture(page, "Region"), wanted);
  await openFiles(page, [
    { name: "session.json", mimeType: "application/json", buffer: Buffer.from(session as Uint8Array) },
  ]);
  await expect(layer(page, "Entropy")).toBeChecked();
  await settled(page);
  expect(await steadyLook(picture(page, "Region"))).toBe(wanted);
});

test("a share link restores the view in a new tab", async ({ page, context }) => {
  await openMore(page, "region");
  await layer(page, "Entropy").check();
  await slider(page, "mode 1").focus();
  await page.keyboard.press("Shift+ArrowRight");
  await settled(page);
  const wanted = await steadyLook(picture(page, "Region"));
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: "Share", exact: true }).click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("#");
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.newPage();
  await openPage(other, link);
  await expect(layer(other, "Entropy")).toBeVisible(); // what is folded away opens where the view uses it
  await expect(layer(other, "Entropy")).toBeChecked();
  expect(await slider(other, "mode 1").inputValue()).toBe(await slider(page, "mode 1").inputValue());
  expect(await steadyLook(picture(other, "Region"))).toBe(wanted);
});

test("a PNG and its graders' masks open together, and the page says which is which", async ({ page }) => {
  const before = await steadyLook(picture(page, "CT slice"));
  await openFiles(page, [
    { name: "grader-2.png", mimeType: "image/png", buffer: discMask(11) },
    { name: "slice.png", mimeType: "image/png", buffer: discPng(16) },
    { name: "grader-1.png", mimeType: "image/png", buffer: discMask(7) },
  ]);
  await changedFrom(picture(page, "CT slice"), before);
  await settled(page);
  await expect(page.getByRole("button", { name: "As grader 2", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "As grader 3", exact: true })).toHaveCount(0);
  await expect(
    page
      .locator("[role=status], [role=alert]")
      .filter({ hasText: /slice\.png/ })
      .first(),
  ).toBeVisible();
});

test("a broken file leaves the case on the screen and says what is wrong", async ({ page }) => {
  const before = await steadyLook(picture(page, "Region"));
  await drop(page, "broken.dcm", Buffer.from("this is no picture at all"));
  await expect(page.getByRole("alert").filter({ hasText: "broken.dcm" })).toBeVisible();
  expect(await steadyLook(picture(page, "Region"))).toBe(before);
  const cut = discPng(8).subarray(0, 120);
  await drop(page, "cut.png", cut);
  await expect(page.getByRole("alert").filter({ hasText: "cut.png" })).toBeVisible();
  expect(await steadyLook(picture(page, "Region"))).toBe(before);
});

test("a file's name never becomes markup", async ({ page }) => {
  await drop(page, "<img src=x onerror=alert(1)>.dcm", Buffer.from("nothing"));
  await expect(page.getByRole("alert").filter({ hasText: "<img src=x" })).toBeVisible();
  await expect(page.locator("img[src='x']")).toHaveCount(0);
});

test("the keyboard alone gets from open to export", { tag: "@ci" }, async ({ page }) => {
  const tabTo = async (name: string) => {
    for (let i = 0; i < 80; i++) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      });
      if (focused.trim() === name) return;
    }
    throw new Error(`Tab never reached ${name}`);
  };
  // listened for from the start: the browser is told to hand choosers over before the key is pressed
  const chooser = page.waitForEvent("filechooser");
  await tabTo("Open file");
  await page.keyboard.press("Enter");
  await (await chooser).setFiles([{ name: "disc.png", mimeType: "image/png", buffer: discPng(8) }]);
  await settled(page);
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText(
    "disc.png",
  );
  await tabTo("Export");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo("Download");
  const download = page.waitForEvent("download");
  await page.keyboard.press("Enter");
  expect((await download).suggestedFilename()).toMatch(/\.zip$/);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});
