import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { settled } from "./page.ts";

/** A small and a large screen of a desk, a tablet held upright, a phone. */
export const SCREENS = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
  { width: 820, height: 1180 },
  { width: 390, height: 844 },
];

/** What is wrong at any of these sizes of the window, each with its size: what axe finds, and what is cut off. */
export async function faultsAt(page: Page, screens: readonly { width: number; height: number }[]): Promise<string[]> {
  const found: string[] = [];
  for (const screen of screens) {
    await page.setViewportSize(screen);
    await settled(page);
    const faults = [...(await violations(page)), ...(await cutOff(page)).map((words) => `cut off: ${words}`)];
    found.push(...faults.map((fault) => `${screen.width}×${screen.height}: ${fault}`));
  }
  return found;
}

/** All but what axe calls minor, each with the elements that it is about. */
export async function violations(page: Page): Promise<string[]> {
  // Without a page of its own to gather frames in, and without a list of what is right: a fifth of the time.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] });
  const found = (await axe.analyze()).violations.filter(({ impact }) => impact !== "minor");
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

/**
 * What stands out of the panel or bar that it belongs to, or of the page, by its words. What lies in a part that
 * scrolls by itself, or cuts its words with dots, may.
 */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
    for (const panel of document.querySelectorAll(".panel, .top-bar")) {
      const own = panel.getBoundingClientRect();
      const right = own.width > 0 ? own.right : innerWidth; // on a phone a panel may have no box of its own
      for (const part of panel.querySelectorAll("*")) {
        let outer = part.parentElement;
        while (outer && outer !== panel && getComputedStyle(outer).overflowX === "visible") outer = outer.parentElement;
        const box = part.getBoundingClientRect();
        if (outer === panel && box.width > 0 && box.right > right + 1) found.push(part.textContent || part.outerHTML);
      }
    }
    return found;
  });
}
