import type { Browser, BrowserContext, Page } from "playwright-core";

/** Milliseconds from the request, but for the bytes; NaN where the page has no such moment. */
export interface Visit {
  /** The first paint of anything. */
  readonly painted: number;
  /** The picture with samples and variance is on the screen. */
  readonly picture: number;
  /** A moved slider would be answered. */
  readonly live: number;
  /** The whole engine is at work. */
  readonly engine: number;
  /** Bytes that came over the line until the picture. */
  readonly bytes: number;
}

declare global {
  var startMarks: { picture?: number; live?: number; engine?: number } | undefined;
  /** Counts the line's bytes at this moment. */
  var startPicture: (() => void) | undefined;
}

/** tsx marks functions with it, also those that run in the page. */
const NAMED = "globalThis.__name = (named) => named";

/** Marks the paints that show the picture, live sliders and the engine; pages of before show the last two at once, or all. */
async function watch(page: Page): Promise<void> {
  await page.addInitScript(NAMED);
  await page.addInitScript(() => {
    const marks: { picture?: number; live?: number; engine?: number } = {};
    globalThis.startMarks = marks;
    const painted = (name: "picture" | "live" | "engine") => {
      marks[name] = Number.NaN; // asked for once
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          marks[name] = performance.now();
          performance.mark(name);
          if (name === "picture") globalThis.startPicture?.();
        };
        port2.postMessage(null);
      });
    };
    const look = () => {
      const main = document.querySelector("main");
      if (main?.getAttribute("aria-busy") !== "false") return;
      if (marks.picture === undefined) painted("picture");
      const engine = main.getAttribute("data-engine");
      if (marks.live === undefined && engine !== "coming") painted("live");
      if (marks.engine === undefined && (engine === null || engine === "ready")) painted("engine");
    };
    const observer = new MutationObserver(look);
    const attributeFilter = ["aria-busy", "data-engine"];
    observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter });
  });
}

/** One visit in a context of its own (an empty cache), or in the one that is given. */
export async function visit(
  browser: Browser,
  address: string,
  sent: () => number,
  context?: BrowserContext,
): Promise<Visit> {
  const own = context ?? (await newContext(browser));
  const page = await own.newPage();
  try {
    await watch(page);
    const before = sent();
    let bytes = Number.NaN;
    await page.exposeFunction("startPicture", () => {
      bytes = sent() - before;
    });
    await page.goto(`${address}?backend=wasm`, { waitUntil: "commit" });
    await page.waitForFunction(() => (globalThis.startMarks?.engine ?? 0) > 0, undefined, { timeout: 120_000 });
    const marks = await page.evaluate(() => globalThis.startMarks);
    return {
      painted: await paintOf(page),
      picture: marks?.picture ?? Number.NaN,
      live: marks?.live ?? Number.NaN,
      engine: marks?.engine ?? Number.NaN,
      bytes,
    };
  } finally {
    await page.close();
    if (!context) await own.close();
  }
}

export function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({ viewport: { width: 1280, height: 800 }, serviceWorkers: "block" });
}

/** The first paint of a page, and when it set `mark`; NaN where it sets none. */
export async function floorOf(
  browser: Browser,
  address: string,
  mark: string | null,
): Promise<readonly [number, number]> {
  const context = await newContext(browser);
  const page = await context.newPage();
  try {
    await page.addInitScript(NAMED);
    await page.goto(address, { waitUntil: "commit" });
    const has = (name: string) => performance.getEntriesByName(name).length > 0;
    if (mark !== null) await page.waitForFunction(has, mark, { timeout: 120_000 });
    const painted = await paintOf(page);
    const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime;
    return [painted, (mark === null ? undefined : await page.evaluate(at, mark)) ?? Number.NaN];
  } finally {
    await context.close();
  }
}

async function paintOf(page: Page): Promise<number> {
  const paint = () => performance.getEntriesByName("first-paint")[0]?.startTime;
  await page.waitForFunction(paint);
  return (await page.evaluate(paint)) ?? Number.NaN;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** Work of the page's main thread until the picture, in milliseconds: the sum, and the longest task. From a trace. */
export async function mainThreadWork(browser: Browser, address: string): Promise<readonly [number, number]> {
  const context = await newContext(browser);
  const page = await context.newPage();
  try {
    await watch(page);
    await browser.startTracing(page, { categories: ["toplevel", "blink.user_timing", "__metadata"] });
    await page.goto(`${address}?backend=wasm`, { waitUntil: "commit" });
    await page.waitForFunction(() => (globalThis.startMarks?.picture ?? 0) > 0, undefined, { timeout: 120_000 });
    const trace = JSON.parse((await browser.stopTracing()).toString()) as {
      readonly traceEvents: readonly TraceEvent[];
    };
    return workIn(trace.traceEvents);
  } finally {
    await context.close();
  }
}

function workIn(events: readonly TraceEvent[]): readonly [number, number] {
  const mark = events.find(({ name, ph }) => name === "picture" && ph !== "M");
  const begun = events.find(({ name, pid }) => name === "navigationStart" && pid === mark?.pid)?.ts ?? 0;
  if (!mark) return [Number.NaN, Number.NaN];
  const tasks = events.filter(
    ({ name, pid, tid, ts, dur }) =>
      name === "ThreadControllerImpl::RunTask" &&
      pid === mark.pid &&
      tid === mark.tid &&
      dur &&
      ts >= begun &&
      ts < mark.ts,
  );
  const spent = tasks.map(({ ts, dur = 0 }) => Math.min(dur, mark.ts - ts) / 1000);
  return [spent.reduce((sum, part) => sum + part, 0), Math.max(...spent)];
}
