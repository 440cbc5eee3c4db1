import { expect, type Page, test } from "@playwright/test";
import { complaints, layer, openPage, outline, picture, slider } from "./page.ts";
import { findExplorer } from "./reset.ts";

/** Keeps files back until the function that it gives is called. */
async function held(page: Page, files: string): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(files, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/** Without them there is no engine. */
const WEIGHTS = "**/weights-*.safetensors";
/** Without it the page is what came with the HTML, painted. */
const CODE = "**/assets/page-*.js";
const ENCODING = "**/start-encoding-*.bin";

/** Threads sum in another order than the build, which has one: a page that is not isolated has none either. */
async function onOneThread(page: Page): Promise<void> {
  const isPage = (url: URL) => url.pathname.endsWith("/");
  await page.route(isPage, async (route) => {
    const response = await route.fetch();
    const isolates = (name: string) => /^cross-origin-(opener|embedder)-policy$/.test(name);
    const headers = Object.fromEntries(Object.entries(response.headers()).filter(([name]) => !isolates(name)));
    await route.fulfill({ response, headers });
  });
}

const main = (page: Page) => page.locator("main");

/** All pictures of the explorer by their pixels, and all its words and numbers. */
async function drawn(page: Page): Promise<{ readonly pictures: readonly string[]; readonly words: string | null }> {
  return main(page).evaluate((one) => ({
    pictures: [...one.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()),
    words: one.textContent,
  }));
}

test("what is shown before the engine is there is to the pixel what the engine makes, with the file and without it", async ({
  page,
  context,
}) => {
  await onOneThread(page);
  const run = await held(page, CODE);
  const release = await held(page, WEIGHTS);
  await page.goto("./?backend=wasm");
  await expect(main(page)).toHaveAttribute("aria-busy", "false");
  const withHtml = await drawn(page);
  run();
  await expect(main(page)).toHaveAttribute("data-engine", "sliders");
  await expect(page.getByRole("button", { name: "Backend: starting" })).toBeVisible();
  await expect(picture(page, "Region")).toBeVisible();
  await expect(slider(page, "mode 1")).toBeVisible();
  await expect(page.getByRole("region", { name: "Figures" })).toContainText(/GED/);
  const before = await drawn(page);
  expect(before).toEqual(withHtml);
  expect(new Set(before.pictures).size).toBeGreaterThan(20); // slice, region, plane, sixteen samples, ends of sliders
  release();
  await expect(main(page)).toHaveAttribute("data-engine", "ready");
  await findExplorer(page); // and until no work is left
  expect(await drawn(page)).toEqual(before);

  const other = await context.newPage();
  await onOneThread(other);
  await other.route("**/start-*.bin", (route) => route.abort());
  await openPage(other);
  await findExplorer(other);
  expect(await drawn(other)).toEqual(before);
});

const pixels = (page: Page) => picture(page, "Region").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());

const shown = (page: Page) => page.locator("[data-shown]").first().getAttribute("data-shown");

test("sliders move before there is an engine, and show what the engine shows", async ({ page, context }) => {
  await onOneThread(page);
  const release = await held(page, WEIGHTS);
  await page.goto("./?backend=wasm");
  await expect(main(page)).toHaveAttribute("data-engine", "sliders");
  const before = await shown(page);
  await slider(page, "mode 1").fill("2");
  await expect.poll(() => shown(page)).not.toBe(before);
  await expect(main(page)).toHaveAttribute("aria-busy", "false");
  const moved = await pixels(page);
  release();
  await expect(main(page)).toHaveAttribute("data-engine", "ready");
  await findExplorer(page);
  expect(await pixels(page)).toBe(moved);

  const other = await context.newPage();
  await onOneThread(other);
  await other.route("**/start-*.bin", (route) => route.abort());
  await openPage(other);
  await layer(other, "Mean").check({ force: true }); // clicks are nobody's to keep there
  await layer(other, "Variance").check({ force: true });
  await slider(other, "mode 1").fill("2");
  await expect.poll(() => pixels(other)).toBe(moved);
});

test("a slider that is moved before its maps are there waits for the engine, and says so", async ({ page }) => {
  await page.route(ENCODING, (route) => route.abort());
  const release = await held(page, WEIGHTS);
  await page.goto("./?backend=wasm");
  await expect(main(page)).toHaveAttribute("aria-busy", "false");
  await expect(outline(page, "Sample")).toBeChecked();
  const before = await shown(page);
  await slider(page, "mode 1").fill("2");
  await expect(main(page)).toHaveAttribute("aria-busy", "true");
  await expect(page.getByRole("progressbar")).toBeVisible(); // the model's bytes
  expect(await shown(page)).toBe(before);
  release();
  await expect(main(page)).toHaveAttribute("aria-busy", "false");
  expect(await shown(page)).not.toBe(before);
});

test("a file of the start that stalls without failing holds nothing up: the engine comes by itself", async ({
  page,
}) => {
  await held(page, ENCODING);
  await page.goto("./?backend=wasm");
  await expect(main(page)).toHaveAttribute("data-engine", "ready");
  const other = await page.context().newPage();
  await held(other, "**/start-*.bin");
  await openPage(other);
});

test("what a hand does to the page that came with the HTML is done once its code is there", async ({ page }) => {
  const run = await held(page, CODE);
  await page.goto("./?backend=wasm");
  await expect(main(page)).toHaveAttribute("aria-busy", "false");
  const before = await shown(page);
  await slider(page, "mode 1").fill("2");
  await layer(page, "Mean").click({ force: true, noWaitAfter: true });
  await expect(layer(page, "Variance")).toBeChecked(); // nothing is ticked of which nobody knows
  run();
  await expect(layer(page, "Mean")).toBeChecked();
  await expect(slider(page, "mode 1")).toHaveValue("2");
  await expect.poll(() => shown(page)).not.toBe(before);
});

for (const [width, height] of [
  [1280, 800],
  [390, 844],
] as const)
  test(`nothing moves when the code of the page that came with the HTML comes, at ${width} × ${height} and at its own address`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height });
    const heard = complaints(page);
    const run = await held(page, CODE);
    await page.goto("./?backend=wasm");
    const hash = await page.locator("#root").getAttribute("data-hash");
    await page.goto(`./?backend=wasm&again#${hash}`);
    await expect(main(page)).toHaveAttribute("aria-busy", "false");
    const places = () =>
      main(page).evaluate((one) =>
        [...one.querySelectorAll(".panel, .case-note, .painting, .thumb, .axis, .histogram, .choice-strip")]
          .map((part) => [part.className, part.getBoundingClientRect()] as const)
          .map(([name, { x, y, width, height }]) => `${name} ${[x, y, width, height].map(Math.round)}`),
      );
    const chosen = page.getByRole("combobox", { name: "Example or case" }).locator("option:checked");
    await expect(chosen).toHaveText("Part-solid nodule");
    const before = await places();
    expect(before.length).toBeGreaterThan(30);
    run();
    await expect(main(page)).not.toHaveAttribute("data-engine", "coming");
    expect(await places()).toEqual(before);
    expect(heard).toEqual([]);
  });

test("of the page that came with the HTML nothing shows where another language, view or archive is asked for", async ({
  page,
}) => {
  const run = await held(page, CODE);
  for (const address of ["./?backend=wasm&lang=ko", "./?backend=wasm#layer=mean", "./?model=lidc-prob-unet"]) {
    await page.goto("about:blank");
    await page.goto(address);
    await expect(page.locator("#root")).not.toHaveAttribute("data-waits");
    await expect(page.locator("#root")).toBeEmpty();
  }
  await page.route(/\/\?backend=wasm$/, async (route) => {
    const response = await route.fetch();
    const meta = '<meta name="graderspace-archives" content="[]">'; // of archives that the build did not know
    await route.fulfill({ response, body: (await response.text()).replace("<head>", `<head>${meta}`) });
  });
  await page.goto("about:blank");
  await page.goto("./?backend=wasm");
  await expect(page.locator("#root")).not.toHaveAttribute("data-waits");
  await expect(page.locator("#root")).toBeEmpty();
  run();
});

test("nothing of the start shows where the address names another model", async ({ page }) => {
  const release = await held(page, WEIGHTS);
  await page.goto("./?backend=wasm&model=lidc-prob-unet");
  await expect(picture(page, "CT slice")).toBeVisible();
  await expect(page.getByText(/Fetching/)).toBeVisible();
  await expect(main(page)).toHaveAttribute("aria-busy", "true");
  await expect(page.locator(".samples canvas")).toHaveCount(0);
  release();
  await expect(main(page)).toHaveAttribute("data-engine", "ready");
});

test("the start asks for each file once, and for what nobody sees after what is seen", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await openPage(page);
  const heavy = asked.filter((path) => /\.(bin|safetensors|wasm|npy)$|\.worker-/.test(path));
  expect(heavy.filter((path) => /start-(?!encoding)/.test(path))).toHaveLength(1);
  expect(heavy.filter((path) => /start-encoding-/.test(path))).toHaveLength(1);
  expect(heavy.filter((path) => /weights-/.test(path))).toHaveLength(1);
  const workers = heavy.filter((path) => /\.worker-/.test(path));
  expect([...heavy.filter((path) => !workers.includes(path))].sort()).toEqual(
    [...new Set(heavy.filter((path) => !workers.includes(path)))].sort(),
  );
  expect(asked.indexOf(heavy.find((path) => /start-/.test(path)) as string)).toBeLessThan(
    asked.indexOf(heavy.find((path) => /weights-/.test(path)) as string),
  );
});
