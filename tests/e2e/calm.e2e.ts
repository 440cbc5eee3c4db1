import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { encode } from "fast-png";
import { faultsAt } from "./judge.ts";
import { layer, openMore, openPage, outline, picture, settled, slider } from "./page.ts";
import { test } from "./started-page.ts";

// The page's order: calm at first, everything else in two clicks, a tour, and an "i" beside each figure.

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const more = (page: Page, panel: string) =>
  page.locator(`.panel.${panel}`).getByRole("button", { name: "More", exact: true });
const tour = (page: Page) => page.getByRole("dialog", { name: "Guided tour" });
const greeting = (page: Page) => page.getByRole("region", { name: "What this is" });

/** Controls that are seen, apart from the sixteen samples. Before there was "More" it was 87; language and theme are two. */
const MOST_CONTROLS = 68;

function controls(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      [...document.querySelectorAll("button, input, select, textarea, a[href], [tabindex='0']")].filter(
        (one) => one.checkVisibility() && !one.closest(".thumbs, .skip-links"), // the links are seen when Tab comes to them
      ).length,
  );
}

test("the first view is calm: one sentence, a handle that asks, and few controls", async ({ page }) => {
  expect(await controls(page)).toBeLessThanOrEqual(MOST_CONTROLS);
  await expect(greeting(page)).toContainText("Four simulated graders drew this nodule four ways.");
  await expect(greeting(page)).toContainText("drag, and it draws as another reader would.");
  await expect(page.getByText("Drag me")).toBeVisible(); // with reduced motion, too
  await expect(page.getByRole("region", { name: "Samples" })).toContainText("16 samples");
  await expect(page.getByRole("region", { name: "Figures" })).toContainText("4 of 4 graders drew");
  for (const panel of ["slice", "region", "latent", "samples", "figures"])
    await expect(more(page, panel)).toHaveAttribute("aria-expanded", "false");
});

test("the handle asks until it is dragged once, and only at the prior mean: elsewhere it would lie over other marks", async ({
  page,
}) => {
  await page.getByRole("button", { name: "As grader 3", exact: true }).click();
  await expect(page.getByText("Drag me")).toHaveCount(0);
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await expect(page.getByText("Drag me")).toBeVisible();
  const { x, y, width, height } = (await picture(page, "Latent plane").boundingBox()) as DOMRect;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 30, y + height / 2 - 20, { steps: 4 });
  await page.mouse.up();
  await expect(page.getByText("Drag me")).toHaveCount(0);
  await expect(page.locator(".source")).toContainText("by hand");
});

test("nothing is lost: each control of before stands behind one More", async ({ page }) => {
  const figures = page.getByRole("region", { name: "Figures" });
  const behind: Readonly<Record<string, readonly Locator[]>> = {
    slice: [page.getByRole("radio", { name: "bone" }), button(page, "Map the whole slice")],
    region: [
      ...["Entropy", "Disagreement", "Grader disagreement"].map((name) => layer(page, name)),
      ...["Quantiles", "Majority", "STAPLE"].map((name) => outline(page, name)),
      ...["Opacity", "Threshold", "Blend sample and grader"].map((name) => slider(page, name)),
      page.getByRole("combobox", { name: "Blend with" }),
      page.getByRole("checkbox", { name: "Fill sample" }),
      page.getByRole("checkbox", { name: "What the network sees" }),
      ...["Add to your outline", "Take away from your outline", "Copy sample", "Clear your outline"].map((name) =>
        button(page, name),
      ),
    ],
    latent: [
      page.getByRole("spinbutton", { name: "Seed" }),
      button(page, "New seed"),
      page.getByRole("combobox", { name: "Slide from" }),
      slider(page, "Way between the graders"),
      page.getByRole("combobox", { name: "Slide to" }),
      page.getByRole("radio", { name: "Model's axes" }),
      page.getByRole("radio", { name: "This case's modes" }),
      slider(page, "Local fields"),
      page.getByRole("checkbox", { name: "Freeze" }),
    ],
    samples: [
      page.getByRole("spinbutton", { name: "Number of samples" }),
      page.getByRole("switch", { name: "Representative samples" }),
      page.getByRole("radio", { name: "by area" }),
    ],
    figures: [
      ...["HM-IoU", "Diversity", "Nestedness"].map((name) => figures.locator(".measure", { hasText: name })),
      page.getByRole("table", { name: "KL in nats per axis" }),
    ],
  };
  for (const [panel, found] of Object.entries(behind)) {
    for (const one of found) await expect(one).toBeHidden();
    await more(page, panel).click();
    for (const one of found) await expect(one).toBeVisible();
  }
});

base("what was opened stays open over a reload, until everything is forgotten", async ({ page }) => {
  await openPage(page);
  await openMore(page, "region", "figures");
  await button(page, "Put this sentence away").click();
  await page.reload();
  await settled(page);
  await expect(more(page, "region")).toHaveAttribute("aria-expanded", "true");
  await expect(more(page, "figures")).toHaveAttribute("aria-expanded", "true");
  await expect(more(page, "latent")).toHaveAttribute("aria-expanded", "false");
  await expect(greeting(page)).toHaveCount(0);
  await button(page, "Kept here").click();
  await button(page, "Forget everything").click();
  await page.reload();
  await settled(page);
  await expect(more(page, "region")).toHaveAttribute("aria-expanded", "false");
  await expect(greeting(page)).toBeVisible();
});

base("a link that uses something folded away opens it by itself", async ({ page }) => {
  await openPage(page, "./?backend=wasm#layer=entropy&t=0.6");
  await expect(layer(page, "Entropy")).toBeChecked();
  await expect(slider(page, "Threshold")).toHaveValue("0.6");
  await expect(more(page, "region")).toHaveAttribute("aria-expanded", "true");
  await expect(more(page, "latent")).toHaveAttribute("aria-expanded", "false");
});

test("an i by keyboard: what it is, n, biased, its floor; copy; Escape closes it and the focus is back", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const info = button(page, "About GED²");
  await info.focus();
  await page.keyboard.press("Enter");
  const card = page.getByRole("dialog", { name: "About GED²" });
  await expect(card).toBeFocused();
  for (const words of [
    "2·E d(S,Y)",
    "16 samples, 4 graders",
    "Yes, upwards",
    "what 16 samples drawn as the graders were",
    "On this machine",
  ])
    await expect(card).toContainText(words);
  await card.getByRole("button", { name: "Copy" }).press("Enter");
  const value = await page.locator(".measure .value").first().textContent();
  await expect
    .poll(() => page.evaluate(() => navigator.clipboard.readText()))
    .toBe(`GED², ${value}, n = 16 samples, 4 graders`);
  await page.keyboard.press("Escape");
  await expect(card).toHaveCount(0);
  await expect(info).toBeFocused();
  await page.keyboard.press("Enter");
  await card.getByRole("button", { name: "In the concepts" }).click();
  const concepts = page.getByRole("dialog", { name: "Concepts" });
  await expect(concepts.getByRole("region", { name: "GED²" })).toBeInViewport();
  await expect(concepts.getByRole("region", { name: "GED²" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(concepts).toBeHidden();
  await expect(info).toBeFocused();
});

test("every i opens, and closes where something else is pressed", async ({ page }) => {
  await openMore(page);
  const all = page.locator("main .info-button");
  const count = await all.count();
  expect(count).toBeGreaterThanOrEqual(12);
  for (let i = 0; i < count; i++) {
    const one = all.nth(i);
    await one.click();
    const card = page.getByRole("dialog", { name: (await one.getAttribute("aria-label")) as string, exact: true });
    await expect(card).toBeInViewport({ ratio: 0.99 });
    await page.mouse.click(2, 2);
    await expect(card).toHaveCount(0);
  }
});

test("the tour by keyboard to its end, with graders, and back to where it began", async ({ page }) => {
  const model = page.getByRole("combobox", { name: "Model", exact: true });
  await button(page, "As grader 2").click();
  await settled(page);
  await button(page, "Take the tour (2 minutes)").click();
  await expect(tour(page)).toContainText("4 of 4 graders drew");
  await page.keyboard.press("ArrowRight");
  await expect(tour(page)).toContainText(/Changed: the model, from Energy-distance .* to Probabilistic U-Net/);
  await expect(model).toHaveValue("lidc-prob-unet");
  await page.keyboard.press("ArrowLeft");
  await expect(tour(page)).toContainText("1 of 10");
  for (let step = 2; step <= 10; step++) {
    await page.keyboard.press("ArrowRight");
    await expect(tour(page)).toContainText(`${step} of 10`);
    if (step === 7) await expect(tour(page)).toContainText(/Here grader 1 has \d+\.\d nats/);
    if (step === 9) await expect(button(page, "Draw your outline")).toHaveAttribute("aria-pressed", "true");
  }
  await expect(button(page, "Draw your outline")).toHaveAttribute("aria-pressed", "false");
  await expect(button(page, "Train it")).toBeVisible();
  await button(page, "Back to where I was").click();
  await expect(tour(page)).toHaveCount(0);
  await expect(model).toHaveValue("lidc-energy-gate");
  await expect(page.locator(".source")).toContainText("posterior of grader 2");
});

test("undo takes back what a step of the tour changed, at once", async ({ page }) => {
  await button(page, "Take the tour (2 minutes)").click();
  await expect(layer(page, "None")).toBeChecked();
  await page.keyboard.press("Control+z");
  await expect(layer(page, "Variance")).toBeChecked();
  await expect(outline(page, "Sample")).toBeChecked();
});

test("the tour without graders tells of them all the same, offers an example, and goes back to the own slice", async ({
  page,
}) => {
  const data = Uint8Array.from({ length: 160 * 160 }, (_, i) =>
    Math.hypot((i % 160) - 80, Math.floor(i / 160) - 80) < 9 ? 200 : 20 + ((i % 160) >> 4),
  );
  const own = Buffer.from(encode({ width: 160, height: 160, data, depth: 8, channels: 1 }));
  await page.getByLabel("Files to open").setInputFiles([{ name: "own.png", mimeType: "image/png", buffer: own }]);
  const open = page.getByRole("combobox", { name: "Example or case" }).locator("option:checked");
  await expect(open).toHaveText("own.png");
  await expect(greeting(page)).toContainText("Nobody has marked this slice.");
  await button(page, "Take the tour (2 minutes)").click();
  await expect(tour(page)).toContainText("Nobody has marked this slice.");
  for (let step = 2; step <= 10; step++) {
    await page.keyboard.press("ArrowRight");
    await expect(tour(page)).toContainText(`${step} of 10`);
    await expect(tour(page)).not.toContainText(/undefined|NaN|0 of 0/);
    if (step === 6) await expect(tour(page)).toContainText("Here is no outline yet");
  }
  for (let step = 9; step >= 6; step--) await page.keyboard.press("ArrowLeft");
  await button(page, "Open an example").click();
  await expect(open).not.toHaveText("own.png");
  await expect(tour(page)).toContainText("Shown a grader's outline");
  await expect(page.locator(".source")).toContainText("posterior of grader 1");
  for (let step = 7; step <= 10; step++) await tour(page).getByRole("button", { name: "Next" }).click();
  await button(page, "Back to where I was").click();
  await expect(open).toHaveText("own.png");
});

test("on a phone the tour's card does not cover what it speaks of", { tag: "@ci" }, async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await button(page, "Take the tour (2 minutes)").click();
  const told = [
    ".region-stage",
    ".region-stage",
    ".latent",
    ".region-stage",
    ".samples",
    ".latent",
    ".figures",
    ".figures",
  ];
  for (const [i, panel] of told.entries()) {
    await expect(tour(page)).toContainText(`${i + 1} of 10`);
    const seen = async () => {
      const card = (await tour(page).boundingBox()) as DOMRect;
      const { y, height } = (await page.locator(panel).boundingBox()) as DOMRect;
      const [top, bottom] = [
        Math.max(y, card.y < 100 ? card.y + card.height : 0),
        Math.min(y + height, card.y < 100 ? 794 : card.y),
      ];
      return (bottom - top) / Math.min(height, 390);
    };
    await expect.poll(seen).toBeGreaterThan(0.85);
    await page.keyboard.press("ArrowRight");
  }
});

test("axe finds no serious violation, and nothing is cut off, with all of it open", { tag: "@ci" }, async ({
  page,
}) => {
  await openMore(page);
  expect(
    await faultsAt(page, [
      { width: 1280, height: 800 },
      { width: 1024, height: 768 },
      { width: 390, height: 844 },
    ]),
  ).toEqual([]);
  await button(page, "About The table of graders").click();
  expect(await faultsAt(page, [{ width: 390, height: 844 }])).toEqual([]);
});
