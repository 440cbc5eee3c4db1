import type { Page } from "@playwright/test";
import { decode } from "fast-png";
import type { Explorer } from "../../src/state/app/create.ts";
import { photo } from "./page.ts";

/** What the page was when it was started; in the page itself, and only where a test put it there. */
declare global {
  var started: {
    readonly explorer: Explorer;
    readonly state: ReturnType<Explorer["store"]["getState"]>;
    readonly address: string;
  };
}

/**
 * Finds the explorer of a page, and waits until all its work is done. The page ships nothing for this: React hangs what
 * it renders on the element that it renders into, and <App> is given the explorer.
 */
export async function findExplorer(page: Page): Promise<void> {
  await page.evaluate(() => {
    interface Fiber {
      readonly memoizedProps: { readonly explorer?: Explorer } | null;
      readonly child: Fiber | null;
    }
    const root = document.getElementById("root") as unknown as Record<string, { stateNode: { current: Fiber } }>;
    const name = Object.keys(root).find((key) => key.startsWith("__reactContainer$")) as string;
    let fiber: Fiber | null = (root[name] as { stateNode: { current: Fiber } }).stateNode.current;
    while (fiber && !fiber.memoizedProps?.explorer) fiber = fiber.child;
    const explorer = fiber?.memoizedProps?.explorer;
    if (!explorer) throw new Error("the page has no explorer");
    globalThis.started = { explorer } as typeof started;
  });
  await idle(page);
}

/** Keeps the state that the page is put back to. */
export async function keepStart(page: Page): Promise<void> {
  await idle(page);
  await toTop(page);
  await page.evaluate(() => {
    const { explorer } = globalThis.started;
    history.replaceState(null, "", `#${explorer.hash()}`);
    globalThis.started = {
      explorer,
      state: explorer.store.getState(),
      address: location.href,
    };
  });
}

/** Scrolls to the top and lets Tab begin there, as on a page that nobody has touched. */
async function toTop(page: Page): Promise<void> {
  await page.evaluate(() => {
    getSelection()?.removeAllRanges();
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
    for (const part of [document.documentElement, ...document.querySelectorAll("*")]) {
      if (part.scrollTop !== 0) part.scrollTop = 0;
      if (part.scrollLeft !== 0) part.scrollLeft = 0;
    }
  });
}

/** Frames in which nothing is under way before the page is taken for idle: one job may begin in the frame after another. */
const QUIET_FRAMES = 4;

/** Until no job has been under way for some frames, and what came of the last one is on the screen. */
async function idle(page: Page): Promise<void> {
  await page.evaluate(async (frames) => {
    const { store } = globalThis.started.explorer;
    const busy = () => {
      const { jobs, plane } = store.getState();
      const filling = plane !== null && plane.value.done < plane.value.cells.length;
      return filling || Object.keys(jobs).length > 0 || document.querySelector('main[aria-busy="true"]') !== null;
    };
    for (let quiet = 0; quiet < frames; quiet = busy() ? 0 : quiet + 1) {
      await new Promise((next) => requestAnimationFrame(next));
    }
  }, QUIET_FRAMES);
}

/**
 * Until the page has the model and the encoding of its start again, or does nothing any more. What is made of them need
 * not be waited for: the start's own samples, plane and modes are put back.
 */
async function encodedAgain(page: Page): Promise<void> {
  await page.evaluate(async (frames) => {
    const { explorer, state } = globalThis.started;
    const again = () => {
      const { jobs, model, encoded } = explorer.store.getState();
      const same = model?.key === state.model?.key && encoded?.key === state.encoded?.key;
      return same && !jobs.model && !jobs.case && !jobs.encode;
    };
    const still = () => Object.keys(explorer.store.getState().jobs).length === 0;
    for (let quiet = 0; quiet < frames && !again(); quiet = still() ? quiet + 1 : 0) {
      await new Promise((next) => requestAnimationFrame(next));
    }
  }, QUIET_FRAMES);
}

/**
 * Puts state, undo history, notices, view, storage, address, scrolling and focus back to the start.
 * @returns false where the page is not the one whose start was kept
 */
export async function putBack(page: Page): Promise<boolean> {
  const same = await page.evaluate(async () => {
    if (!globalThis.started?.state) return false;
    const { explorer, state } = globalThis.started;
    explorer.runs.ready()?.evaluation.cancel();
    explorer.actions.cancel("whole");
    explorer.actions.retry(); // what was cancelled or has failed may be done again
    const {
      intent,
      readers,
      drawings,
      drawingAs,
      brush,
      blinding,
      wholeView,
      compare,
      masksAre,
      lesionLook,
      lesionThresholds,
      lesionsWish,
    } = state;
    const plain = {
      view: "explorer",
      sheet: null,
      asking: null,
      tour: null,
      lasso: "off",
      awaited: null,
      whole: null,
      lesion: null,
      lesionsOfPack: null,
      lesionsAsked: null,
    } as const;
    const drawn = { readers, drawings, drawingAs, brush, blinding };
    const put = { intent, ...drawn, wholeView, compare, masksAre, lesionLook, lesionThresholds, lesionsWish };
    explorer.store.setState({ ...put, ...plain });
    return true;
  });
  if (!same) return false;
  await encodedAgain(page);
  await page.evaluate(async () => {
    const { explorer, state, address } = globalThis.started;
    explorer.store.setState(state, true);
    explorer.store.temporal.getState().clear();
    const evaluated = explorer.runs.ready()?.evaluation.store;
    evaluated?.setState(evaluated.getInitialState(), true); // at the start there is none
    history.replaceState(null, "", address);
  });
  await clearStorage(page);
  await toTop(page);
  await idle(page);
  return true;
}

/** Empties what the page keeps. What it was just told to keep may come after: then it is emptied again. */
export async function clearStorage(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((open, failed) => {
        const request = indexedDB.open(name as string);
        request.onsuccess = () => open(request.result);
        request.onerror = () => failed(request.error);
      });
      for (const store of database.objectStoreNames) {
        database.transaction(store, "readwrite").objectStore(store).clear();
      }
      database.close();
    }
    localStorage.clear();
    sessionStorage.clear();
  });
}

/** All that can be seen of a page, from outside and in its storage. */
export interface Portrait {
  readonly parts: Readonly<Record<string, string>>;
  /** PNG. */
  readonly screen: Buffer;
}

export async function portrait(page: Page): Promise<Portrait> {
  const parts: Record<string, string> = await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
    const controls = [...document.querySelectorAll<HTMLInputElement>("input, select, textarea, details, dialog")];
    const kept: string[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((open) => {
        const request = indexedDB.open(name as string);
        request.onsuccess = () => open(request.result);
      });
      for (const store of database.objectStoreNames) {
        const count = await new Promise<number>((counted) => {
          const request = database.transaction(store).objectStore(store).count();
          request.onsuccess = () => counted(request.result);
        });
        if (count > 0) kept.push(`${name}/${store} ${count}`);
      }
      database.close();
    }
    const scrolled = [document.documentElement, ...document.querySelectorAll("*")]
      .filter(({ scrollTop, scrollLeft }) => scrollTop !== 0 || scrollLeft !== 0)
      .map(({ className, scrollTop, scrollLeft }) => `${className} ${scrollTop} ${scrollLeft}`);
    const { past, future } = {
      past: globalThis.started.explorer.store.temporal.getState().pastStates.length,
      future: globalThis.started.explorer.store.temporal.getState().futureStates.length,
    };
    for (const one of document.body.querySelectorAll<HTMLElement>("[style]"))
      one.setAttribute("style", one.style.cssText);
    return {
      address: location.href,
      title: document.title,
      size: `${innerWidth}×${innerHeight}`,
      // An empty style is what a screenshot leaves, "checked" and "selected" say what was so when the element was made (what is so now
      // is among the controls), and what React names by itself has another number each time.
      // The HTML of the host says styles as they were written, and parts its texts by comments.
      html: document.body.innerHTML
        .replace(/ style=""| checked=""| selected=""|<!--.*?-->/g, "")
        .replace(/_[rR]_\w+?_/g, "_r_")
        .replace(/<[\w-]+((?: [\w:-]+="[^"]*")+)/g, (tag, attributes: string) => {
          const sorted = (attributes.match(/ [\w:-]+="[^"]*"/g) ?? []).sort(); // whichever was written last stands last
          return tag.replace(attributes, sorted.join(""));
        }),
      controls: controls
        .map((one) => `${one.value} ${one.checked} ${(one as unknown as HTMLDetailsElement).open}`)
        .join(";"),
      focus: document.activeElement?.outerHTML.slice(0, 80) ?? "",
      scrolled: scrolled.join(";"),
      history: `${past} back, ${future} forth`,
      storage: [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...kept].join(";"),
    };
  });
  const screen = await photo(page);
  return { parts, screen };
}

/** What of `now` is not as in `first`, for people. */
export function differences(first: Portrait, now: Portrait): readonly string[] {
  const parts = Object.entries(first.parts).flatMap(([name, was]) => {
    const is = now.parts[name] ?? "";
    return is === was ? [] : [firstDifference(name, was, is)];
  });
  return parts.length > 0 || looksAlike(first.screen, now.screen) ? parts : ["something on the screen"];
}

/** A stroke drawn again may lie otherwise on a few pixels; what is there or not fills more. */
function looksAlike(first: Buffer, now: Buffer): boolean {
  if (first.equals(now)) return true;
  const [a, b] = [decode(first).data, decode(now).data];
  if (a.length !== b.length) return false;
  let different = 0;
  for (let i = 0; i < a.length; i++) if (Math.abs((a[i] as number) - (b[i] as number)) > 24) different++;
  return different <= 60;
}

function firstDifference(name: string, was: string, is: string): string {
  let at = 0;
  while (at < is.length && was[at] === is[at]) at++;
  const near = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 80));
  return `${name} was ${near(was)} and is ${near(is)}`;
}
