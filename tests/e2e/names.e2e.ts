import { test as base, expect } from "@playwright/test";
import { changedFrom, layer, openMore, openPage, outline, picture, settled, slider, steadyLook } from "./page.ts";
import { PAPER_START, test } from "./started-page.ts";

// The list of experience.md, from its first name to its last: each exists and does what it says.

test.describe(() => {
  test.use({ start: PAPER_START });
  test("sliders are named by the model's own axes, and by modes where these are chosen", async ({ page }) => {
    for (const name of ["z1", "z2", "z3", "z4", "z5", "z6"]) {
      await slider(page, name).focus();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Shift+ArrowRight");
      expect(Number(await slider(page, name).inputValue()), name).toBeCloseTo(1.1, 5);
    }
    await page.getByRole("radio", { name: "This case's modes", exact: true }).check();
    await expect(slider(page, "mode 1")).toBeVisible();
    const before = Number(await slider(page, "mode 1").inputValue());
    await slider(page, "mode 1").focus();
    await page.keyboard.press("ArrowLeft");
    expect(Number(await slider(page, "mode 1").inputValue())).toBeCloseTo(before - 0.1, 2);
  });
});

base(
  "a model or a backend of the address that the page does not have is said, and the page is as without it",
  {
    tag: "@ci",
  },
  async ({ page }) => {
    await openPage(page, "./?backend=abacus&model=nobody");
    await expect(page.getByRole("alert").filter({ hasText: "nobody" })).toContainText(
      "nobody: the address asks for a model that is not here; choose one from the menu.",
    );
    await expect(page.getByRole("alert").filter({ hasText: "abacus" })).toContainText("ask for webgpu, wasm or cpu.");
    await expect(page.getByRole("combobox", { name: "Model", exact: true })).toHaveValue("lidc-energy-gate");
  },
);

test("the buttons are there by their names, and each does its work", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const source = page.locator(".source");
  const chooser = page.waitForEvent("filechooser");
  await button("Open file").click();
  await chooser;
  await button("Export").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Download", exact: true })).toBeEnabled();
  expect((await dialog.getByRole("button").last().textContent())?.trim()).toBe("Download");
  await page.keyboard.press("Escape");
  await button("Share").click();
  await expect(dialog).toBeVisible();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("#case=");
  await page.keyboard.press("Escape");
  await button("Draw samples").click();
  await expect(source).toContainText("sample 1 of seed 0");
  await button("Prior mean").click();
  await expect(source).toContainText("prior mean");
  for (const grader of [1, 2, 3, 4]) {
    await button(`As grader ${grader}`).click();
    await expect(source).toContainText(`posterior of grader ${grader}`);
  }
  const badge = page.getByRole("button", { name: /^Backend: wasm/ });
  await badge.click();
  const diagnostics = JSON.parse(await dialog.getByRole("textbox", { name: "Diagnostics" }).inputValue());
  expect(diagnostics).toMatchObject({
    app: { version: expect.any(String), commit: expect.any(String) },
    backend: "wasm",
    detail: expect.stringMatching(/SIMD, \d+ thread/),
    rejected: expect.any(Array),
    versions: { "tfjs-core": expect.any(String), "tfjs-backend-wasm": expect.any(String) },
    limits: { threads: expect.any(Number) },
    timings: { start: expect.any(Number), load: expect.any(Number), encode: expect.any(Number) },
    browser: expect.stringContaining("Chrome"),
  });
});

test("pictures, layers, outlines, figures and messages are there by role and name", async ({ page }) => {
  await settled(page);
  for (const name of ["CT slice", "Region", "Latent plane"] as const) {
    const { width, height } = (await picture(page, name).boundingBox()) ?? { width: 0, height: 0 };
    expect(Math.min(width, height), name).toBeGreaterThan(200);
  }
  await openMore(page, "region");
  const layers = page.getByRole("radiogroup", { name: "Layers", exact: true });
  await expect(layers.getByRole("radio")).toHaveCount(6);
  const region = picture(page, "Region");
  for (const name of ["None", "Mean", "Entropy", "Disagreement", "Grader disagreement", "Variance"]) {
    const before = await steadyLook(region);
    await layer(page, name).check();
    await changedFrom(region, before);
  }
  const outlines = page.getByRole("group", { name: "Outlines", exact: true });
  await expect(outlines.getByRole("checkbox")).toHaveCount(6);
  await expect(outline(page, "Sample")).toBeChecked();
  for (const name of ["Sample", "All samples", "Quantiles", "Graders", "Majority", "STAPLE"]) {
    await expect(outline(page, name)).toBeEnabled();
  }
  await expect(page.getByRole("region", { name: "Figures", exact: true })).toContainText("GED²");
  await expect(page.getByRole("status")).toBeAttached();
});

base("the backend and the model of the address are taken at the start", async ({ page }) => {
  await openPage(page, "./?backend=wasm&model=lidc-prob-unet");
  await expect(page.getByRole("button", { name: /^Backend: wasm/ })).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Model", exact: true })).toHaveValue("lidc-prob-unet");
  await expect(page).toHaveURL(/model=lidc-prob-unet/);
});

test("every figure has its i, and every panel that explains has one; no hover title explains in their place", async ({
  page,
}) => {
  await openMore(page);
  const found = await page.evaluate(() => {
    const bare = [...document.querySelectorAll(".measure")].filter((one) => !one.querySelector(".info-button"));
    const panels = [".slice", ".region", ".latent", ".samples", ".figures", ".presence"].filter(
      (panel) => !document.querySelector(`main ${panel} .info-button`),
    );
    // A title may still name something in a few words, or say the rest of what is cut off.
    const titled = [...document.querySelectorAll("main [title]")].filter(
      (one) => !one.matches("button, .origin") && (one.getAttribute("title") ?? "").length > 50,
    );
    return { bare: bare.length, panels, titled: titled.map((one) => one.outerHTML.slice(0, 120)) };
  });
  expect(found).toEqual({ bare: 0, panels: [], titled: [] });
});
