import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { preview } from "vite";
import { CHROMIUM_ARGS } from "../../playwright.config.ts";
import { findChromium } from "../../scripts/chromium.mjs";
import { ballSeries } from "../support/ball-series.ts";
import { median } from "./rounds.ts";
import type { Row } from "./rows.ts";

const ROOT = resolve(import.meta.dirname, "../..");
/** What the built site is made of. */
const SOURCES = ["src", "models", "public", "scripts", "index.html", "vite.config.ts", "package-lock.json"];
const MOVES = 40;

/** What a person waits for, in milliseconds: null where it could not be measured, with the reason beside it. */
export interface PageFigures {
  readonly rows: readonly Row[];
  readonly page: Readonly<Record<"example_ms" | "slider_ms" | "lesion_slider_ms", number | null>>;
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * The built site in Chromium on wasm, each visit with an empty cache: from the request to the example with samples and
 * variance on the screen, from a move of the strongest slider to its repaint, and to that of all cuts of a lesion.
 */
export async function benchBuiltPage(visits: number): Promise<PageFigures> {
  try {
    buildIfStale();
    return await withSite(async (browser, address) => {
      const examples: number[] = [];
      let sliders: number[] = [];
      let lesion = { slices: 0, times: [] as number[] };
      for (let visit = 0; visit <= visits; visit++) {
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
        const page = await context.newPage();
        const milliseconds = await firstSight(page, `${address}?backend=wasm`);
        if (visit > 0) examples.push(milliseconds); // the first warms the server and the disk
        if (visit === visits) {
          await page.waitForTimeout(5000); // posteriors and the plane's little masks come after the example
          sliders = await sliderMoves(page, "[data-shown]");
          const slices = await openLesion(page);
          lesion = { slices, times: await sliderMoves(page, ".cut.sagittal") };
        }
        await context.close();
      }
      const row = { where: "chromium", backend: "wasm", system: "graderspace", size: 128 } as const;
      const [example, slider, cuts] = [examples, sliders, lesion.times].map(median) as [number, number, number];
      const note = "the built page";
      return {
        rows: [
          { ...row, what: "request to example", count: 16, milliseconds: example, rounds: visits, note },
          { ...row, what: "slider to repaint", count: 1, milliseconds: slider, rounds: sliders.length, note },
          {
            ...row,
            ...{ what: "slider to repaint", count: lesion.slices, milliseconds: cuts, rounds: lesion.times.length },
            note: `${note}: all cuts of a lesion`,
          },
        ],
        page: { example_ms: example, slider_ms: slider, lesion_slider_ms: cuts },
        reasons: {},
      };
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      rows: [],
      page: { example_ms: null, slider_ms: null, lesion_slider_ms: null },
      reasons: { "page.example_ms": reason, "page.slider_ms": reason, "page.lesion_slider_ms": reason },
    };
  }
}

/** Builds `dist` where it is missing or older than its sources. */
export function buildIfStale(): void {
  const built = join(ROOT, "dist/index.html");
  if (existsSync(built) && SOURCES.every((source) => newest(join(ROOT, source)) <= statSync(built).mtimeMs)) return;
  console.error("dist is missing or older than its sources: it is built first");
  const { status, stderr } = spawnSync("node", [join(ROOT, "scripts/build.mjs")], { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`the site could not be built (${stderr.trim().split("\n").at(-1) ?? ""})`);
}

/** When a file, or the youngest below a folder, was written. The built examples do not count: each build writes them. */
function newest(path: string): number {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path)
    .filter((name) => !(name === "examples" && path.endsWith("public")))
    .reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}

async function withSite<T>(run: (browser: Browser, address: string) => Promise<T>): Promise<T> {
  const { path, problem } = findChromium() as { path?: string; problem?: string };
  if (problem) throw new Error(problem);
  const server = await preview({ root: ROOT, logLevel: "error", preview: { port: 0, host: "localhost" } });
  try {
    const address = server.resolvedUrls?.local[0];
    if (!address) throw new Error("the preview server gives no address");
    const browser = await chromium.launch({
      ...(path ? { executablePath: path } : { channel: "chromium" }),
      args: CHROMIUM_ARGS,
    });
    try {
      return await run(browser, address);
    } finally {
      await browser.close();
    }
  } finally {
    await server.close();
  }
}

declare global {
  /** Milliseconds from the request to the paint that first shows everything. */
  var shownAt: number | undefined;
}

async function firstSight(page: Page, address: string): Promise<number> {
  await page.addInitScript("globalThis.__name = (named) => named"); // tsx marks functions with it, here and below
  await page.addInitScript(() => {
    const look = () => {
      if (document.querySelector("main")?.getAttribute("aria-busy") !== "false") return;
      observer.disconnect();
      // the frame after the one that is being drawn: what is marked as done is then on the screen
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          globalThis.shownAt = performance.now();
        };
        port2.postMessage(null);
      });
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-busy"] });
  });
  await page.goto(address, { waitUntil: "commit" });
  await page.waitForFunction(() => globalThis.shownAt !== undefined, undefined, { timeout: 120_000 });
  return page.evaluate(() => globalThis.shownAt as number);
}

/** Opens a ball of 24 slices and follows it: on how many slices the lesion is. */
async function openLesion(page: Page): Promise<number> {
  const buffer = Buffer.from(await ballSeries({ slices: 31, stepMm: 0.8 }).arrayBuffer());
  await page.getByLabel("Files to open").setInputFiles({ name: "ball.nrrd", mimeType: "", buffer });
  await page.waitForFunction(() => document.querySelector(".said")?.textContent?.includes("ball.nrrd"));
  await page.getByRole("tab", { name: "Lesion", exact: true }).click();
  const said = page.locator(".lesion-notes", { hasText: /^Slices/ });
  await said.waitFor({ timeout: 240_000 });
  const [first = 0, last = 0] = (await said.textContent())?.match(/\d+/g)?.map(Number) ?? [];
  await page.waitForTimeout(2000); // the first z sends and packs every slice
  return last - first + 1;
}

/** Each move: from the input event to the paint of what `shown` names with the new z. */
async function sliderMoves(page: Page, shown: string): Promise<number[]> {
  return page.evaluate(
    async ({ moves, shown: name }) => {
      const slider = document.querySelector<HTMLInputElement>('[data-axis][data-live="true"] input[type="range"]');
      const region = document.querySelector(name);
      const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
      if (!slider || !region || !setValue) throw new Error("the page has no live slider");
      const painted = () =>
        new Promise<void>((done) => {
          const observer = new MutationObserver(() => {
            observer.disconnect();
            requestAnimationFrame(() => {
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = () => done();
              port2.postMessage(null);
            });
          });
          observer.observe(region, { attributes: true, attributeFilter: ["data-shown"] });
        });
      const times: number[] = [];
      for (let k = 0; k < moves; k++) {
        const shown = painted();
        const begun = performance.now();
        setValue.call(slider, String(((k % 20) - 10) / 5 + 0.03));
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await shown;
        times.push(performance.now() - begun);
        await new Promise((next) => setTimeout(next, 40 + 7 * (k % 5))); // hands are not in step with frames
      }
      return times.slice(5);
    },
    { moves: MOVES, shown },
  );
}
