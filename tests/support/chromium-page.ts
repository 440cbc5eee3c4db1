import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { build, preview } from "vite";
import { CHROMIUM_ARGS } from "../../playwright.config.ts";
import { findChromium } from "../../scripts/chromium.mjs";
import { selfContainedThreads } from "../../scripts/self-contained-threads.mjs";
import type { Harness } from "../bench/page/page.ts";

const ROOT = join(import.meta.dirname, "../bench/page");
/** Both make the page cross-origin isolated, as the project's own server does. */
const ISOLATION = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export interface OpenPage {
  readonly page: Page;
  close(): Promise<void>;
}

declare global {
  var graderspace: Harness;
}

/** The engine's harness page, minified and served as a site would be, in a Chromium; or the reason why there is none. */
export async function openChromiumPage(): Promise<OpenPage | { readonly problem: string }> {
  const { path, problem } = findChromium() as { path?: string; problem?: string };
  if (problem) return { problem };
  const outDir = mkdtempSync(join(tmpdir(), "graderspace-page-"));
  await build({
    root: ROOT,
    base: "./",
    configFile: false,
    logLevel: "error",
    worker: { format: "es", plugins: () => [selfContainedThreads()] },
    build: { outDir, emptyOutDir: true, target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 },
  });
  const server = await preview({
    root: ROOT,
    configFile: false,
    logLevel: "error",
    build: { outDir },
    preview: { port: 0, headers: ISOLATION },
  });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("the preview server gives no address");
  for (let attempt = 1; ; attempt++) {
    const browser = await chromium.launch({
      ...(path ? { executablePath: path } : { channel: "chromium" }),
      args: CHROMIUM_ARGS,
      timeout: 0,
    });
    const close = async () => {
      await browser.close();
      await server.close();
      rmSync(outDir, { recursive: true, force: true });
    };
    try {
      const page = await inTime(harnessIn(browser, address));
      return { page, close };
    } catch (error) {
      if (attempt === 3) {
        await close();
        throw error;
      }
      await browser.close();
    }
  }
}

async function harnessIn(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage();
  page.setDefaultTimeout(0); // the test that waits has a watchdog of its own
  await page.goto(address);
  await page.waitForFunction("globalThis.graderspace");
  return page;
}

/** A browser may come up and never show its first page (one start in some hundred); no test has begun then. */
async function inTime(opening: Promise<Page>): Promise<Page> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new Error("the harness page was not there within two minutes")), 120_000);
  });
  try {
    return await Promise.race([opening, late]);
  } finally {
    clearTimeout(timer);
  }
}
