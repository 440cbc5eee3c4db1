import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { encode } from "fast-png";
import { missing, sharedFile } from "../support/shared.ts";
import { layer, openPage, outline, picture, settled, slider } from "./page.ts";

/** Case after case in one tab: what is of one never stands under the name of another. */

const without = missing("cases/reports/ct_stack", "cases opened one after the other are not tried on these files");

/** Files of reports/, folders with all that is in them. */
function filesOf(...names: string[]): string[] {
  return names.flatMap((name) => {
    const path = sharedFile(`cases/reports/${name}`) as string;
    return statSync(path).isDirectory()
      ? readdirSync(path)
          .sort()
          .map((file) => join(path, file))
      : [path];
  });
}

async function open(
  page: Page,
  ...files: Parameters<ReturnType<Page["getByLabel"]>["setInputFiles"]>[0][]
): Promise<void> {
  const before = await title(page);
  await page.getByLabel("Files to open").setInputFiles(files.flat() as string[]);
  await expect.poll(async () => (await title(page)) !== before || (await said(page)).length > 0).toBe(true);
  await settled(page);
}

const title = async (page: Page) =>
  (await page.getByRole("combobox", { name: "Example or case" }).locator("option:checked").getAttribute("value")) ?? "";
const said = (page: Page) =>
  page
    .getByRole("status")
    .allInnerTexts()
    .then((all) => all.join(" "));
/** "1 of 4 graders drew", "no graders". */
const who = (page: Page) => page.getByRole("region", { name: "Figures" }).locator("header");
const probe = (page: Page) => page.locator(".slice-view .probe");

test.describe(() => {
  test.skip(without, "the cases are not here");

  test("a series with one grader, with four, and alone", async ({ page }) => {
    await openPage(page);
    for (const [marks, graders] of [
      [["B05_cropped.nii.gz"], /of 1 graders drew/],
      [["E09_masks"], /4 of 4 graders drew/],
      [[], /no graders/],
    ] as const) {
      await open(page, filesOf("ct_stack", ...marks));
      await expect(who(page)).toContainText(graders);
    }
  });

  test("a slice, then the series that it is the middle of, at its first slice", { tag: "@ci" }, async ({ page }) => {
    await openPage(page);
    await open(
      page,
      filesOf("ct_stack").filter((path) => path.endsWith("IM005.dcm")),
    );
    const alone = await picture(page, "CT slice").screenshot();
    await open(page, filesOf("ct_stack"));
    await slider(page, "Slice of the stack").press("Home");
    await expect(page.getByText("1/9")).toBeVisible();
    await settled(page);
    // radius 5 in place of 9: the same picture would be the other case's
    expect((await picture(page, "CT slice").screenshot()).equals(alone)).toBe(false);
    await expect(who(page)).toContainText("no graders");
  });

  test("a series with masks on its first slice, then another picture: its own spacing, no graders", {
    tag: "@ci",
  }, async ({ page }) => {
    await openPage(page);
    await open(page, filesOf("ct_stack"));
    await slider(page, "Slice of the stack").press("Home");
    await expect(page.getByText("1/9")).toBeVisible();
    await open(page, filesOf("E09_masks"));
    await expect(who(page)).toContainText("4 of 4 graders drew");
    await open(page, filesOf("A12_nonsquare.dcm"));
    await expect(who(page)).toContainText("no graders");
    await expect(probe(page)).toContainText("rows 1.400 mm, columns 0.700 mm apart");
  });
});

/** 200 × 200 pixels, of which a bright disc of `radius` rows, twice as wide, lies at (100, 100). */
const ellipse = (radius: number) =>
  Uint8Array.from({ length: 40_000 }, (_, i) =>
    Math.hypot(((i % 200) - 100) / 2, Math.floor(i / 200) - 100) < radius ? 255 : 0,
  );

test("what is round in the patient is round on the screen, where pixels are not square", { tag: "@ci" }, async ({
  page,
}) => {
  await openPage(page);
  const header =
    'NRRD0004\ntype: uint8\ndimension: 2\nsizes: 200 200\nencoding: raw\nspacings: 0.7 1.4\nunits: "mm" "mm"\n\n';
  const noisy = ellipse(15).map((value, i) => (value === 0 ? i % 60 : value - (i % 30))); // no mask
  await open(page, { name: "round.nrrd", mimeType: "", buffer: Buffer.concat([Buffer.from(header), noisy]) } as never);
  await expect(page.getByText("drawn in true proportion")).toBeVisible();
  await layer(page, "None").check();
  await outline(page, "Sample").uncheck();
  await settled(page);
  for (const name of ["Region", "CT slice"] as const) {
    const [width, height] = await brightExtent(page, name);
    expect(height).toBeGreaterThan(20);
    expect(Math.abs(width / height - 1)).toBeLessThan(0.1);
  }
});

/** Width and height, in the canvas's pixels, of what is bright about the middle of a picture. */
async function brightExtent(page: Page, name: "Region" | "CT slice"): Promise<[number, number]> {
  return picture(page, name).evaluate((canvas: HTMLCanvasElement): [number, number] => {
    const context = canvas.getContext("2d") as CanvasRenderingContext2D;
    const bright = (x: number, y: number) => Math.min(...context.getImageData(x, y, 1, 1).data.subarray(0, 3)) > 140;
    const [middleX, middleY] = [Math.round(canvas.width / 2), Math.round(canvas.height / 2)];
    const run = (dx: number, dy: number) => {
      let length = 0;
      while (bright(middleX + dx * length, middleY + dy * length)) length++;
      return length;
    };
    return [run(1, 0) + run(-1, 0), run(0, 1) + run(0, -1)];
  });
}

test("a mask opened alone is asked about; the slice stays until the answer, and then has a grader", async ({
  page,
}) => {
  await openPage(page);
  const png = (name: string, data: Uint8Array) => ({
    name,
    mimeType: "image/png",
    buffer: Buffer.from(encode({ width: 200, height: 200, data, channels: 1, depth: 8 })),
  });
  await open(
    page,
    png(
      "scan.png",
      Uint8Array.from({ length: 40_000 }, (_, i) => i % 200),
    ) as never,
  );
  await page.getByLabel("Files to open").setInputFiles(png("mask.png", ellipse(9)));
  const question = page.getByRole("dialog", { name: "Graders, samples or a slice?" });
  await expect(question).toContainText("mask.png looks like what somebody drew");
  await question.getByRole("button", { name: "Graders on this slice" }).click();
  await expect(question).toHaveCount(0);
  await expect(who(page)).toContainText("1 of 1 graders drew");
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText(
    "scan.png",
  );
});
