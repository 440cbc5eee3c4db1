import { readFile } from "node:fs/promises";
import { test as base, type Download, expect, type Page } from "@playwright/test";
import { writeZip } from "../../src/io/bytes/zip-write.ts";
import { writePack } from "../../src/io/pack/pack-write.ts";
import { ballCases } from "../support/ball-pack.ts";
import { faultsAt, SCREENS } from "./judge.ts";
import { complaints, frames, openMore, openPage, settled } from "./page.ts";
import { test } from "./started-page.ts";
import { openTiny } from "./systems.ts";

const named = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const bar = (page: Page) => page.getByRole("progressbar", { name: "Evaluation" });
const caseRows = (page: Page) => page.getByRole("table", { name: "Figures of each case" }).getByRole("row");

async function openPack(page: Page, pack: Buffer): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await named(page, "Open file").click();
  await (await chooser).setFiles([{ name: "balls.zip", mimeType: "application/zip", buffer: pack }]);
  await expect(page.locator(".said")).toContainText("balls.zip is a pack of");
}

async function evaluate(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Evaluate" }).click();
  await expect(page.getByRole("combobox", { name: "Pack of cases" })).not.toHaveValue("");
}

async function doneOf(page: Page): Promise<number> {
  return Number(await bar(page).getAttribute("value"));
}

/** Presses a button of the run in the frame after more results than that are there: the run goes on meanwhile. */
async function pressAfter(page: Page, results: number, name: string): Promise<void> {
  await page.evaluate(
    async ([least, label]) => {
      const done = () => document.querySelector<HTMLProgressElement>('progress[aria-label="Evaluation"]')?.value ?? 0;
      while (done() <= Number(least)) await new Promise((next) => requestAnimationFrame(next));
      const buttons = [...document.querySelectorAll("button")];
      const button = buttons.find((one) => (one.getAttribute("aria-label") ?? one.textContent?.trim()) === label);
      if (!button) throw new Error(`there is no ${label}`);
      button.click();
    },
    [results, name],
  );
}

async function textOf(download: Download): Promise<string> {
  return readFile(await download.path(), "utf8");
}

test("the built-in examples are evaluated: table, curve, scatter, CSV, picture; a row opens its case", async ({
  page,
}) => {
  const heard = complaints(page);
  await evaluate(page);
  await expect(page.getByRole("main")).toContainText("HM-IoU");
  await page.getByRole("spinbutton", { name: "Samples" }).fill("8");
  await named(page, "Start").click();
  await expect(bar(page)).toHaveAttribute("max", "6");
  await expect(page.getByText("6 of 6 results")).toBeVisible();
  await expect(named(page, "Start")).toBeDisabled();

  const overall = page.getByRole("table", { name: /Overall figures/ });
  await expect(overall.getByRole("row").nth(2)).toContainText(/\d\.\d{3}–\d\.\d{3}/);
  await expect(page.getByText("n = 8, seed 0 · GED² biased · 95 % intervals over cases")).toBeVisible();
  await expect(page.getByRole("img", { name: /Reliability curve.*ECE 0\.\d{3}/ })).toBeVisible();
  await page.getByRole("radiogroup", { name: "Calibration of" }).getByText("presence").click();
  await expect(
    page.getByRole("img", { name: /Reliability curve.*samples that mark anything.*ECE 0\.\d{3}/ }),
  ).toBeVisible();
  await expect(page.getByRole("img", { name: /Spread of samples against graders.*6 cases, r = / })).toBeVisible();
  await expect(caseRows(page)).toHaveCount(7);

  const [csv] = await Promise.all([page.waitForEvent("download"), named(page, "Download CSV").click()]);
  expect(csv.suggestedFilename()).toBe("evaluation.csv");
  const lines = (await textOf(csv)).trim().split("\n");
  expect(lines).toHaveLength(7);
  expect(lines[0]).toBe(
    "model,title,case,row,seed,count,graders,drew,ged2,hm_iou,diversity,nestedness,dice,ece,presence,ged2_presence,sample_grader,grader_spread",
  );
  const [picture] = await Promise.all([page.waitForEvent("download"), named(page, "Download picture").click()]);
  const png = await readFile(await picture.path());
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect(png.length).toBeGreaterThan(20_000);

  const sorter = page.getByRole("button", { name: "GED²", exact: true });
  await sorter.click();
  await sorter.click();
  await expect(page.getByRole("columnheader").filter({ has: sorter })).toHaveAttribute("aria-sort", "descending");
  const shown = await caseRows(page)
    .locator("td:nth-of-type(3)")
    .evaluateAll((cells) => cells.map((cell) => Number(cell.textContent)));
  expect(shown).toEqual([...shown].sort((a, b) => b - a));

  await page.getByRole("rowheader", { name: "Ground-glass nodule" }).getByRole("button").click();
  await settled(page);
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText(
    "Ground-glass nodule",
  );
  await expect(page.getByRole("region", { name: "Slice", exact: true })).toBeVisible();
  expect(heard).toEqual([]);
});

base(
  "a pack's run is paused, gone on with, cancelled, and gone on with after a reload",
  { tag: "@ci" },
  async ({ page }) => {
    const pack = Buffer.from(writeZip(writePack("Balls", "", ballCases(8))));
    await openPage(page);
    await openPack(page, pack);
    await evaluate(page);
    await expect(page.getByRole("combobox", { name: "Pack of cases" })).toHaveValue("pack 1");
    await page.getByRole("spinbutton", { name: "Samples" }).fill("4");
    await page.getByRole("spinbutton", { name: "Seed" }).fill("3");
    await named(page, "Start").click();
    await pressAfter(page, 1, "Pause");
    await expect(page.getByText(/Paused at \d+ of 8 results/)).toBeVisible();
    const paused = await doneOf(page);
    await frames(page, 60);
    expect(await doneOf(page)).toBeLessThanOrEqual(paused + 1); // the case that was under way ends
    await named(page, "Resume").click();
    await pressAfter(page, paused, "Cancel");
    await expect(page.getByText(/results are kept from the run before/)).toBeVisible();

    await page.goto("about:blank"); // and back without the address that names the pack
    await openPage(page);
    await evaluate(page);
    await expect(page.getByText(/^A run over Balls was left at \d of 8 results\./)).toBeVisible();
    await named(page, "Open it and go on").click();
    await expect(page.getByRole("combobox", { name: "Pack of cases" })).toHaveValue(/^pack \d+$/);
    await expect(page.getByText(/of 8 results are kept from before/)).toBeVisible();
    await expect(page.getByText(/^A run over/)).toHaveCount(0);
    await expect(page.getByRole("spinbutton", { name: "Samples" })).toHaveValue("4"); // as was asked for
    await expect(page.getByRole("spinbutton", { name: "Seed" })).toHaveValue("3");
    await named(page, "Resume").click();
    await expect(page.getByText("8 of 8 results")).toBeVisible();
    await expect(caseRows(page)).toHaveCount(9);
    await expect(page.getByText("95 % intervals over 4 patients")).toBeVisible();
  },
);

test("two systems of different families stand side by side; a point of the scatter opens its case", {
  tag: "@ci",
}, async ({ page }) => {
  await openTiny(page, "m-heads");
  await evaluate(page);
  const boxes = page.getByRole("group", { name: "Systems" }).getByRole("checkbox");
  await expect(boxes).not.toHaveCount(1);
  await page.getByRole("checkbox", { name: /Probabilistic U-Net/ }).check();
  await page.getByRole("checkbox", { name: /tiny-m-heads/ }).check();
  await page.getByRole("spinbutton", { name: "Samples" }).fill("2");
  await page.getByRole("spinbutton", { name: "Cases" }).fill("2");
  await named(page, "Start").click();
  await expect(page.getByText("4 of 4 results")).toBeVisible();
  await expect(page.getByRole("img", { name: /Spread.*: 2 cases.*tiny-m-heads \(untrained\): 2 cases/ })).toBeVisible();
  await page.getByRole("radio", { name: "HM-IoU" }).check();
  await expect(page.getByRole("columnheader", { name: "tiny-m-heads (untrained)" })).toBeVisible();

  // the first system's second case: row floor(1·6/2) = 3
  const point = page.locator('svg[data-chart^="Spread"] path').nth(1);
  const { x, y, width, height } = (await point.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
  await page.mouse.click(x + width / 2, y + height / 2);
  await expect(page.getByRole("region", { name: "Slice", exact: true })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Example or case" }).locator("option:checked")).toHaveText(
    "Nodule touching the pleura",
  );
});

test("the head and the first column of the cases stay in sight, however far the table is scrolled", {
  tag: "@ci",
}, async ({ page }) => {
  await page.setViewportSize({ width: 700, height: 600 });
  await evaluate(page);
  await page.getByRole("spinbutton", { name: "Samples" }).fill("2");
  await named(page, "Start").click();
  await expect(page.getByText("6 of 6 results")).toBeVisible();
  const seen = await page.getByRole("region", { name: "Figures of each case, scrollable" }).evaluate((frame) => {
    frame.style.height = "90px"; // three lines: it scrolls both ways
    frame.scrollTo(9999, 9999);
    frame.scrollIntoView();
    const box = frame.getBoundingClientRect();
    const at = (x: number, y: number) => document.elementFromPoint(box.left + x, box.top + y)?.closest("th, td");
    const text = (cell: Element | null | undefined) => cell?.textContent ?? "";
    const scrolled = [frame.scrollLeft > 50, frame.scrollTop > 20];
    return { scrolled, corner: text(at(12, 8)), beside: at(box.width - 40, 8)?.tagName, below: at(12, 60)?.className };
  });
  expect(seen).toEqual({
    scrolled: [true, true],
    corner: expect.stringContaining("Case"),
    beside: "TH",
    below: "first",
  });
});

test("Escape and the button lead back to the explorer as it was", { tag: "@ci" }, async ({ page }) => {
  await openMore(page, "latent");
  const seed = page.getByRole("spinbutton", { name: /seed/i }).first();
  await seed.fill("7");
  await settled(page);
  for (const back of [() => page.keyboard.press("Escape"), () => named(page, "Back to explorer").click()]) {
    await evaluate(page);
    await expect(page.getByRole("img", { name: "Region", exact: true })).toBeHidden();
    await page.keyboard.press("n"); // next seed, in the explorer alone
    await back();
    await expect(page.getByRole("img", { name: "Region", exact: true })).toBeVisible();
    await expect(seed).toHaveValue("7");
  }
});

test("the page answers while a run goes on", { tag: "@ci" }, async ({ page }) => {
  await evaluate(page);
  await page.getByRole("spinbutton", { name: "Samples" }).fill("16");
  await named(page, "Start").click();
  await expect(bar(page)).toBeVisible();
  await page.evaluate(() => {
    const seen = window as unknown as { held: number; since: number };
    Object.assign(seen, { held: 0, since: performance.now() });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.held += duration;
    }).observe({ type: "longtask" });
  });
  await expect(page.getByText("6 of 6 results")).toBeVisible();
  const share = await page.evaluate(() => {
    const { held, since } = window as unknown as { held: number; since: number };
    return held / (performance.now() - since);
  });
  console.log(`share of the run in which the page could not answer: ${share.toFixed(2)}`);
  expect(share).toBeLessThan(0.5); // of a run on the page itself it would be nearly all
});

test("axe finds no serious violation, and nothing is cut off, before a run and after it", { tag: "@ci" }, async ({
  page,
}) => {
  await evaluate(page);
  expect(await faultsAt(page, SCREENS)).toEqual([]);
  await page.getByRole("spinbutton", { name: "Samples" }).fill("4");
  await page.getByRole("spinbutton", { name: "Cases" }).fill("3");
  await named(page, "Start").click();
  await expect(page.getByText("3 of 3 results")).toBeVisible();
  expect(await faultsAt(page, SCREENS)).toEqual([]);
});
