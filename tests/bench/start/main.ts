import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { build } from "vite";
import { CHROMIUM_ARGS } from "../../../playwright.config.ts";
import { findChromium } from "../../../scripts/chromium.mjs";
import { median } from "../rounds.ts";
import { barsOf, type Measured } from "./bars.ts";
import { hostBehind } from "./line.ts";
import { floorOf, mainThreadWork, newContext, visit } from "./visit.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** 3 Mbit/s, and the way to a host and back. */
const SLOW = { bytesPerSecond: 3e6 / 8, latency: 40 };
const EMPTY = "<!doctype html><html lang=en><title>Empty</title><style>html{background:#101418}</style><p>.";

/** Built sites by what they are called, in the order of the table. */
type Sites = Readonly<Record<string, string>>;
/**
 * The start of each site, cold, warm and over 3 Mbit/s, in turns with its two floors: an empty page, and a page that
 * loads tfjs on wasm and looks at one region with the default model. Each visit in a browser context of its own; medians
 * (least–most) as a table, with the main thread's work until the first picture from a trace, and what of it was promised.
 */
export async function benchStart(sites: Sites, model: string, visits: number): Promise<string> {
  const { path, problem } = findChromium() as { path?: string; problem?: string };
  if (problem) throw new Error(problem);
  const floors = mkdtempSync(join(tmpdir(), "graderspace-floors-"));
  try {
    await build({
      root: join(import.meta.dirname, "floor"),
      ...{ base: "./", configFile: false, logLevel: "error", publicDir: join(ROOT, "models", model) },
      build: { outDir: join(floors, "unet"), target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 4000 },
    });
    writeFileSync(join(floors, "index.html"), EMPTY);
    const launched = { ...(path ? { executablePath: path } : { channel: "chromium" }), args: CHROMIUM_ARGS };
    const browser = await chromium.launch(launched);
    try {
      const measured: Measured = {};
      const add = (where: string, what: string, value: number) => {
        measured[where] ??= {};
        (measured[where][what] ??= []).push(value);
      };
      for (let round = 0; round <= visits; round++)
        await turn(browser, sites, floors, round, visits, round > 0 ? add : () => {});
      return `${tableOf(measured, Object.keys(sites))}\n\n${barsOf(measured, Object.keys(sites))}`;
    } finally {
      await browser.close();
    }
  } finally {
    rmSync(floors, { recursive: true, force: true });
  }
}

/** One round: the floors, then each site, every other round the other way round. The first warms disk and browser. */
async function turn(
  browser: Browser,
  sites: Sites,
  floors: string,
  round: number,
  visits: number,
  add: (where: string, what: string, value: number) => void,
): Promise<void> {
  const floor = await hostBehind(floors, null);
  add("empty page", "painted", (await floorOf(browser, floor.address, null))[0]);
  add("one U-Net", "live", (await floorOf(browser, `${floor.address}unet/`, "one U-Net"))[1]);
  await floor.close();
  const slow = round <= Math.ceil(visits / 3);
  const names = Object.keys(sites);
  for (const name of round % 2 ? names : names.reverse()) {
    const host = await hostBehind(sites[name] as string, null);
    const cold = await visit(browser, host.address, host.sent);
    for (const what of ["painted", "picture", "live", "engine"] as const) add(name, what, cold[what]);
    const context = await newContext(browser);
    await visit(browser, host.address, host.sent, context);
    const warm = await visit(browser, host.address, host.sent, context);
    add(name, "warm picture", warm.picture);
    add(name, "warm live", warm.live);
    await context.close();
    if (slow) {
      const [work, longest] = await mainThreadWork(browser, host.address);
      add(name, "work", work);
      add(name, "longest task", longest);
    }
    await host.close();
    if (!slow) continue;
    const line = await hostBehind(sites[name] as string, SLOW);
    const far = await visit(browser, line.address, line.sent);
    add(name, "3 Mbit/s picture", far.picture);
    add(name, "3 Mbit/s live", far.live);
    add(name, "3 Mbit/s engine", far.engine);
    add(name, "3 Mbit/s kB", far.bytes / 1000);
    await line.close();
  }
  console.error(`start: round ${round} of ${visits}`);
}

function tableOf(measured: Measured, sites: readonly string[]): string {
  const columns = ["empty page", "one U-Net", ...sites];
  const rows = [...new Set(columns.flatMap((name) => Object.keys(measured[name] ?? {})))];
  const cell = (name: string, what: string) => {
    const values = measured[name]?.[what];
    return values ? spread(values) : "";
  };
  const [first, last] = [sites[0] as string, sites.at(-1) as string];
  const ratio = (what: string) => {
    const [old, now] = [measured[first]?.[what], measured[last]?.[what]];
    return sites.length > 1 && old && now ? (median(now) / median(old)).toFixed(2) : "";
  };
  const lines = rows.map(
    (what) => `| ${[what, ...columns.map((name) => cell(name, what)), ratio(what)].join(" | ")} |`,
  );
  return [
    `| start, ms | ${columns.join(" | ")} | ratio |`,
    `| ---${" | ---".repeat(columns.length + 1)} |`,
    ...lines,
  ].join("\n");
}

function spread(values: readonly number[]): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(Math.round);
  return `${middle} (${least}–${most}) of ${values.length}`;
}
