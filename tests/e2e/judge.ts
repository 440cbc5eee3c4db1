import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** What axe calls serious or critical, each with the elements that it is about. */
export async function seriousViolations(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
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
