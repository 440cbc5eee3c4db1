import { type Browser, type BrowserContextOptions, test as base, type Page } from "@playwright/test";
import { complaints, openPage, PAPER } from "./page.ts";
import { clearStorage, differences, findExplorer, keepStart, type Portrait, portrait, putBack } from "./reset.ts";

/** How a page is started: tests with the same start share it, one after the other. */
export interface Start {
  readonly address: string;
  readonly options?: BrowserContextOptions;
  /** What is done once, before the first test. */
  prepare?(page: Page): Promise<void>;
}

/** The default model, as anybody opens the page. */
export const DEFAULT_START: Start = { address: "./?backend=wasm" };
/** The paper's model, with sliders z1 … z6, and all that is folded away opened, without being kept on the machine. */
export const PAPER_START: Start = {
  address: PAPER,
  prepare: (page) =>
    page.evaluate(() => {
      const open = new Set(["slice", "region", "latent", "samples", "figures"] as const);
      globalThis.started.explorer.store.setState(({ pageOrder }) => ({ pageOrder: { ...pageOrder, open } }));
    }),
};

/** Pages that are kept open: the default one, and some of other starts. One costs memory alone while nobody looks at it. */
const MOST_PAGES = 4;
/** Looks at a page that was put back until it is given up. */
const MOST_LOOKS = 12;
/** What a test may listen to. */
const EVENTS = ["console", "pageerror", "request", "requestfailed", "response", "dialog", "download", "filechooser"];

interface Started {
  readonly page: Page;
  /** What it complained of until the first test began. */
  readonly heard: readonly string[];
  /** What it looked like when it was started. */
  readonly first: Portrait;
}

/**
 * Pages that were started once. Before each further test a page is put back, and then compared with how it was when it
 * was started, by all that can be seen of it: the test gets it where nothing differs, and a new one otherwise.
 */
export class StartedPages {
  private readonly pages = new Map<Start, Started>();
  private readonly browser: Browser;
  private readonly defaults: BrowserContextOptions;

  constructor(browser: Browser, defaults: BrowserContextOptions) {
    this.browser = browser;
    this.defaults = defaults;
  }

  async get(start: Start): Promise<Page> {
    const known = this.pages.get(start);
    if (known) {
      const left = await this.left(start);
      if (left.length === 0) return known.page;
      console.warn(`the started page is opened anew, for something was left: ${left.join("; ")}`);
      await this.close(start);
    }
    return (await this.open(start)).page;
  }

  /** Puts the page back and gives what is not as it was at the start. */
  async left(start: Start): Promise<readonly string[]> {
    const { page, first } = this.pages.get(start) as Started;
    if (page.isClosed()) return ["it was closed"];
    for (const event of EVENTS) await page.removeAllListeners(event, { behavior: "ignoreErrors" });
    await page.unrouteAll({ behavior: "ignoreErrors" });
    const context = page.context();
    for (const other of context.pages()) if (other !== page) await other.close();
    await context.setOffline(false);
    await context.clearPermissions();
    const { viewport } = { ...this.defaults, ...start.options };
    if (viewport) await page.setViewportSize(viewport);
    await page.mouse.move(0, 0);
    if (!(await putBack(page))) return ["it was loaded again, or could not be put back"];
    // The address follows a moment later, and pictures are painted in the frames after: looks are counted, not timed.
    let left: readonly string[] = [];
    for (let look = 0; look === 0 || (look < MOST_LOOKS && left.length > 0); look++) {
      if (look > 0) await clearStorage(page);
      left = differences(first, await portrait(page));
    }
    return left;
  }

  async open(start: Start): Promise<Started> {
    for (const other of this.pages.keys()) {
      if (this.pages.size >= MOST_PAGES && other !== DEFAULT_START) await this.close(other);
    }
    const context = await this.browser.newContext({ ...this.defaults, ...start.options });
    const page = await context.newPage();
    const heard = complaints(page);
    await openPage(page, start.address);
    await findExplorer(page);
    await start.prepare?.(page);
    await page.mouse.move(0, 0);
    await keepStart(page);
    const started = { page, heard: [...heard], first: await steadyPortrait(page) };
    this.pages.set(start, started);
    return started;
  }

  /** What the page complained of while it was started. */
  heardAtStart(start: Start): readonly string[] {
    return this.pages.get(start)?.heard ?? [];
  }

  async close(start: Start): Promise<void> {
    const known = this.pages.get(start);
    this.pages.delete(start);
    await known?.page.context().close();
  }

  async closeAll(): Promise<void> {
    for (const start of [...this.pages.keys()]) await this.close(start);
  }
}

/** The portrait once two in a row are the same. */
async function steadyPortrait(page: Page): Promise<Portrait> {
  let before = await portrait(page);
  for (;;) {
    const now = await portrait(page);
    if (differences(before, now).length === 0) return now;
    before = now;
  }
}

/** `page` is a started page, put back to its start; tests about the start itself take Playwright's own `test`. */
export const test = base.extend<{ start: Start }, { startedPages: StartedPages }>({
  start: [DEFAULT_START, { option: true }],
  startedPages: [
    async ({ browser }, use, { project }) => {
      const { baseURL, viewport, acceptDownloads, serviceWorkers, contextOptions } = project.use;
      const defaults = { ...contextOptions, baseURL, viewport, acceptDownloads, serviceWorkers };
      const pages = new StartedPages(browser, defaults as BrowserContextOptions);
      await use(pages);
      await pages.closeAll();
    },
    { scope: "worker" },
  ],
  page: async ({ start, startedPages }, use) => {
    await use(await startedPages.get(start));
  },
  context: async ({ page }, use) => {
    await use(page.context());
  },
});
