import { createHash } from "node:crypto";
import { type CDPSession, expect, type Locator, type Page } from "@playwright/test";

/** The page with the paper's model: sliders z1 … z6, two of them alive at most. The default one opens with its modes. */
export const PAPER = "./?backend=wasm&model=lidc-prob-unet";

/** Opens the page (wasm unless the query says otherwise) and waits until samples and maps of the case are shown. */
export async function openPage(page: Page, address = "./?backend=wasm"): Promise<void> {
  await page.goto(address);
  await settled(page);
}

/** `main` says `aria-busy="false"` once samples and maps of the current case are on the screen, and which of them the engine made. */
export async function settled(page: Page): Promise<void> {
  // Asked 20 times a second: `expect` asks once a second in the end. By a timer, for a tab out of sight has no frames.
  const idle = () => {
    const shown = [...document.querySelectorAll("main")].find((main) => main.checkVisibility());
    return shown?.ariaBusy === "false" && shown.dataset["engine"] !== "coming";
  };
  await page.waitForFunction(idle, null, { polling: 50 });
}

export function picture(page: Page, name: "CT slice" | "Region" | "Latent plane"): Locator {
  return page.getByRole("img", { name, exact: true });
}

/** A fingerprint of what an element shows on the screen. */
export async function looks(element: Locator): Promise<string> {
  await element.scrollIntoViewIfNeeded();
  const clip = await element.evaluate((one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return { x: x + scrollX, y: y + scrollY, width, height, scale: 1 };
  });
  return createHash("sha256")
    .update(await photo(element.page(), clip))
    .digest("hex");
}

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** The page, or a part of it in CSS pixels of the document, as PNG that was packed in haste: Playwright's own takes three times as long. */
export async function photo(page: Page, clip?: { x: number; y: number; width: number; height: number; scale: number }) {
  const session = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, session);
  const { data } = await (await session).send("Page.captureScreenshot", {
    format: "png",
    optimizeForSpeed: true,
    ...(clip && { clip }),
  });
  return Buffer.from(data, "base64");
}

/** Waits until the element looks different from `before`; gives its new look. */
export async function changedFrom(element: Locator, before: string): Promise<string> {
  let now = before;
  await expect
    .poll(async () => {
      now = await looks(element);
      return now !== before;
    })
    .toBe(true);
  return now;
}

/** Until the page has drawn so many frames: what was asked of it before is on the screen, however slow it is. */
export async function frames(page: Page, count: number): Promise<void> {
  await page.evaluate(async (left) => {
    for (let frame = 0; frame < left; frame++) await new Promise((next) => requestAnimationFrame(next));
  }, count);
}

/** Waits until nothing is computed any more and two looks in a row, with frames between them, are the same. */
export async function steadyLook(element: Locator): Promise<string> {
  let last = "";
  await expect
    .poll(
      async () => {
        await settled(element.page());
        await frames(element.page(), 3);
        const now = await looks(element);
        const same = now === last;
        last = now;
        return same;
      },
      { intervals: [0] },
    )
    .toBe(true);
  return last;
}

/** Panels of the explorer that fold something away behind "More". */
export type Folding = "slice" | "region" | "latent" | "samples" | "figures";

/** Opens what these panels fold away, all of them where none is named; what is open stays open. */
export async function openMore(page: Page, ...panels: readonly Folding[]): Promise<void> {
  const wanted = panels.length > 0 ? panels : (["slice", "region", "latent", "samples", "figures"] as const);
  for (const panel of wanted) {
    const more = page.locator(`.panel.${panel}`).getByRole("button", { name: "More", exact: true });
    if ((await more.getAttribute("aria-expanded")) === "false") await more.click();
  }
}

export function layer(page: Page, name: string): Locator {
  return page
    .getByRole("radiogroup", { name: "Layers" })
    .or(page.getByRole("group", { name: "Layers" }))
    .getByRole("radio", { name, exact: true });
}

export function outline(page: Page, name: string): Locator {
  return page.getByRole("group", { name: "Outlines" }).getByRole("checkbox", { name, exact: true });
}

export function slider(page: Page, name: string): Locator {
  return page.getByRole("slider", { name, exact: true });
}

/** Errors and refused requests of the page, gathered from the moment of the call. */
export function complaints(page: Page): string[] {
  const heard: string[] = [];
  page.on("pageerror", (error) => heard.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") heard.push(message.text());
  });
  return heard;
}
