import { resolve } from "node:path";
import { chromium } from "playwright-core";
import { preview } from "vite";
import { CHROMIUM_ARGS } from "../../../playwright.config.ts";
import { findChromium } from "../../../scripts/chromium.mjs";
import { median } from "../rounds.ts";
import { benchStart } from "../start/main.ts";
import { builtAt } from "./earlier-tree.ts";
import { type Waits, walk } from "./walk.ts";

const ROOT = resolve(import.meta.dirname, "../../..");

/**
 * What a person waits for on two built pages, that of `commit` and that of this tree (`dist`), in turns of one run on one
 * machine: median (least–most) of each, and their ratio, as a table; and their start, three times as often.
 */
export async function benchAgainst(commit: string, model: string, rounds: number): Promise<string> {
  const { path, problem } = findChromium() as { path?: string; problem?: string };
  if (problem) throw new Error(problem);
  const before = builtAt(commit, ROOT);
  const args = CHROMIUM_ARGS;
  const browser = await chromium.launch({ ...(path ? { executablePath: path } : { channel: "chromium" }), args });
  const found: Record<"before" | "after", Waits[]> = { before: [], after: [] };
  let start = "";
  try {
    start = await benchStart({ [commit]: before.dist, "this tree": resolve(ROOT, "dist") }, model, 3 * rounds);
    for (let round = 0; round < rounds; round++) {
      for (const tree of round % 2 ? (["after", "before"] as const) : (["before", "after"] as const)) {
        const outDir = tree === "before" ? before.dist : resolve(ROOT, "dist");
        const host = { port: 0, host: "localhost", headers: {} };
        const server = await preview({ configFile: false, build: { outDir }, logLevel: "error", preview: host });
        const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: "block" });
        try {
          const address = `${server.resolvedUrls?.local[0]}?backend=wasm`;
          found[tree].push(await walk(await context.newPage(), address));
        } finally {
          await context.close();
          await server.close();
        }
        console.error(`round ${round + 1} of ${rounds}: ${tree}`);
      }
    }
  } finally {
    await browser.close();
    before.remove();
  }
  return `${tableOf(found.before, found.after, commit)}\n\n${start}`;
}

/** The start alone, `visits` times of each kind: of this tree, and in turns with it of `commit` where one is named. */
export async function benchStartAgainst(commit: string | null, model: string, visits: number): Promise<string> {
  const here = { "this tree": resolve(ROOT, "dist") };
  if (commit === null) return benchStart(here, model, visits);
  const before = builtAt(commit, ROOT);
  try {
    return await benchStart({ [commit]: before.dist, ...here }, model, visits);
  } finally {
    before.remove();
  }
}

function tableOf(before: readonly Waits[], after: readonly Waits[], commit: string): string {
  const lines = Object.keys(after[0] ?? {}).map((name) => {
    const [old, now] = [before, after].map((visits) => visits.map((waits) => waits[name] ?? Number.NaN));
    const ratio = median(now as number[]) / median(old as number[]);
    return `| ${name} | ${spread(old as number[])} | ${spread(now as number[])} | ${ratio.toFixed(2)} |`;
  });
  const head = [
    `| ms, and MB, of ${before.length} visits | ${commit} | this tree | ratio |`,
    "| --- | --- | --- | --- |",
  ];
  return [...head, ...lines].join("\n");
}

function spread(values: readonly number[]): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map(Math.round);
  return `${middle} (${least}–${most})`;
}
