import { test as base, expect, type Page } from "@playwright/test";
import { decode } from "fast-png";
import { faultsAt } from "./judge.ts";
import { frames, openMore, openPage, photo, settled, slider } from "./page.ts";
import { test } from "./started-page.ts";

// Every body: without colours, with large letters, by keyboard, by finger, in a bright room.

declare global {
  /** Of all frames since the page began, in CSS pixels. */
  var widest: number | undefined;
}

const PLACES = ["Explore", "Lesion", "Compare", "Evaluate", "Learn"] as const;

async function goTo(page: Page, place: string): Promise<void> {
  await page.locator(".places").getByRole("tab", { name: place, exact: true }).click();
  await settled(page);
}

/** A theme for the time of a test, without keeping it. */
const wear = (page: Page, theme: "dark" | "light") =>
  page.evaluate((name) => {
    document.documentElement.dataset["theme"] = name;
  }, theme);

base(
  "a theme is chosen in the top bar, worn at once and by the next visit; pictures keep their dark ground",
  async ({ page }) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const picture = () =>
      page.evaluate(() => getComputedStyle(document.querySelector(".painting") as Element).backgroundColor);
    await openPage(page);
    expect(await ground()).toBe("rgb(16, 20, 24)");
    await page.getByRole("combobox", { name: "Light or dark" }).selectOption("light");
    expect(await ground()).toBe("rgb(238, 241, 244)");
    expect(await picture()).toBe("rgb(5, 7, 10)");
    await page.reload();
    await settled(page);
    expect(await ground()).toBe("rgb(238, 241, 244)");
    await page.getByRole("combobox", { name: "Light or dark" }).selectOption("system");
    await page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(ground).toBe("rgb(16, 20, 24)");
  },
);

test("in forced colours what is pressed, checked and current is told, and colour that is data stays", async ({
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  const looks = await page.evaluate(() => {
    const ground = (selector: string) => getComputedStyle(document.querySelector(selector) as Element).backgroundColor;
    return {
      pressed: [ground('.z-buttons [aria-pressed="true"]'), ground('.as-grader[aria-pressed="false"]')],
      checked: [ground(".strip label:has(:checked)"), ground(".strip label:not(:has(:checked))")],
      current: [ground('.places [aria-selected="true"]'), ground('.places [aria-selected="false"]')],
      bar: getComputedStyle(document.querySelector(".colour-bar .bar") as Element).backgroundImage.slice(0, 15),
      mark: ground(".mark.number"),
    };
  });
  for (const [name, [on, off]] of Object.entries({ p: looks.pressed, c: looks.checked, t: looks.current }))
    expect(on, name).not.toBe(off);
  expect(looks.bar).toBe("linear-gradient");
  expect(looks.mark).toBe("rgb(230, 159, 0)");
  for (const theme of ["light", "dark"] as const) {
    await wear(page, theme);
    const [current, checked] = await page.evaluate(() =>
      ['.places [aria-selected="true"]', ".strip label:has(:checked)"].map(
        (selector) => getComputedStyle(document.querySelector(selector) as Element).backgroundColor,
      ),
    );
    expect(current, theme).toBe(checked); // the system's highlight, whatever the theme
  }
  // The track of a slider, left and right of its handle: filled, and not.
  const { x, y, width, height } = (await slider(page, "mode 1").boundingBox()) as DOMRect;
  const track = decode(await photo(page, { x, y, width, height, scale: 1 }));
  const at = (share: number) => {
    const place = (Math.floor(track.height / 2) * track.width + Math.floor(share * track.width)) * track.channels;
    return [...track.data.slice(place, place + 3)].join();
  };
  expect(at(0.2)).not.toBe(at(0.8));
  await page.emulateMedia({ forcedColors: "none" });
});

/** Colours of a key of the outlines: around its name, at the name's corner, and just above and below its line. */
async function coloursOfKey(page: Page, name: string) {
  const key = page.locator(".outlines .line", { hasText: new RegExp(`^${name}$`) });
  const { x, y, width, height } = (await key.boundingBox()) as DOMRect;
  const shot = decode(await photo(page, { x: x - 3, y, width: width + 3, height: height + 2, scale: 1 }));
  const at = (column: number, row: number) => {
    const place = (row * shot.width + column) * shot.channels;
    return [...shot.data.slice(place, place + 3)].join();
  };
  const line = Math.round(height) - 2; // it is 2 px high
  return { around: at(0, 0), name: at(4, 0), above: at(10, line - 1), below: at(10, line + 2) };
}

test("names of outlines stand on the page's ground in every theme, their lines on the picture's where the page is light", async ({
  page,
}) => {
  const picture = "23,28,34";
  await wear(page, "light");
  for (const forcedColors of ["none", "active"] as const) {
    await page.emulateMedia({ forcedColors });
    for (const name of ["Sample", "Graders"]) {
      const { around, ...key } = await coloursOfKey(page, name);
      expect(around, `${name}, forced colours ${forcedColors}`).toBe("255,255,255");
      expect(key, `${name}, forced colours ${forcedColors}`).toEqual({ name: around, above: picture, below: picture });
    }
  }
  await page.emulateMedia({ forcedColors: "none" });
  await wear(page, "dark");
  const { around, name } = await coloursOfKey(page, "Sample");
  expect(name).toBe(around);
});

test("what stands behind the region's More stands side by side: no control lies over another", async ({ page }) => {
  await openMore(page, "region");
  for (const width of [1280, 1920]) {
    await page.setViewportSize({ width, height: 800 });
    await settled(page);
    const over = await page.locator(".ranges").evaluate((ranges) => {
      const parts = [...ranges.querySelectorAll("input, select, .shown, .labelled-range > span")];
      const boxes = parts.map((part) => part.getBoundingClientRect());
      const name = (i: number) => parts[i]?.closest("label, div")?.textContent;
      return boxes.flatMap((a, i) =>
        boxes.flatMap((b, j) =>
          j > i && a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
            ? [`${name(i)} and ${name(j)}`]
            : [],
        ),
      );
    });
    expect(over, `at ${width}`).toEqual([]);
  }
});

test("at most twelve keys lead to the first slider, and groups are one stop of Tab", async ({ page }) => {
  await page.keyboard.press("Tab");
  await expect(page.getByRole("button", { name: "To the sliders" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(slider(page, "mode 1")).toBeFocused();
  const stops = await page.evaluate(
    () => [...document.querySelectorAll<HTMLElement>(".thumbs button")].filter((one) => one.tabIndex === 0).length,
  );
  expect(stops).toBe(1);
  const samples = page.locator(".thumb-button");
  await samples.first().focus();
  await page.keyboard.press("ArrowRight");
  await expect(samples.nth(1)).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("button", { name: "Pin sample 2", exact: true })).toBeFocused();
  await page.keyboard.press("End");
  await expect(page.getByRole("button", { name: "Pin sample 16", exact: true })).toBeFocused();
});

/** Controls smaller than 24 px that a finger should hit (WCAG 2.5.8), by class, name and size. */
function small(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, select, input, [role=tab], summary")].flatMap((one) => {
      const choice = one.matches("[type=checkbox], [type=radio]");
      const { width, height } = ((choice && one.closest("label")) || one).getBoundingClientRect();
      if (!one.checkVisibility({ visibilityProperty: true }) || width === 0 || one.closest(".skip-links")) return [];
      if (width >= 24 && height >= 24) return [];
      return [`${one.className} ${one.ariaLabel ?? one.textContent} ${Math.round(width)}×${Math.round(height)}`];
    }),
  );
}

test("a finger finds 24 px of every control on a phone, and nothing scrolls sideways at 200 and 400 %", async ({
  page,
}) => {
  const found: string[] = [];
  for (const place of PLACES) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await goTo(page, place);
    await page.setViewportSize({ width: 390, height: 844 });
    await settled(page);
    found.push(...(await small(page)).map((one) => `${place}: ${one}`));
    for (const [width, height] of [
      [1280, 800],
      [640, 400],
      [320, 256],
    ] as const) {
      await page.setViewportSize({ width, height });
      await settled(page);
      const wide = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await expect.poll(wide, { message: `${place} at ${width}`, timeout: 10_000 }).toBeLessThanOrEqual(0);
    }
  }
  expect(found).toEqual([]);
});

for (const [language, details] of [
  ["en", {}],
  ["ko", { tag: "@ci" }],
] as const)
  base(`no place is ever wider than a phone while it loads (${language})`, details, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.addInitScript(() => {
      const watch = () => {
        const { scrollWidth = 0 } = document.scrollingElement ?? {};
        globalThis.widest = Math.max(globalThis.widest ?? 0, scrollWidth);
        requestAnimationFrame(watch);
      };
      watch();
    });
    // Weights wait until what is said of their coming has been on the screen.
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/weights-*.safetensors", async (route) => {
      await released;
      await route.continue();
    });
    await page.goto(`./?backend=wasm&lang=${language}#n=4`);
    await expect(page.locator(".status-line progress")).toBeVisible();
    await frames(page, 10);
    for (const place of [1, 2, 3, 4]) {
      await page.locator(".places").getByRole("tab").nth(place).click();
      await expect(page.locator("main[class]:visible")).toHaveCount(1);
      if (place === 2) await expect(page.locator(".column progress")).toHaveCount(4);
      await frames(page, 10);
    }
    release();
    await page.locator(".places").getByRole("tab").nth(2).click();
    await settled(page);
    expect(await page.evaluate(() => globalThis.widest)).toBe(390);
  });

for (const theme of ["dark", "light"] as const)
  test(`axe finds nothing serious in any view in the ${theme} theme`, { tag: "@ci" }, async ({ page }) => {
    await wear(page, theme);
    const found: string[] = [];
    for (const place of PLACES) {
      await goTo(page, place);
      found.push(...(await faultsAt(page, [{ width: 1280, height: 800 }])).map((fault) => `${place}: ${fault}`));
    }
    await wear(page, "dark");
    expect(found).toEqual([]);
  });

test("an empty sample says that it is", async ({ page }) => {
  await expect(page.locator(".empty-here")).toHaveCount(0);
  const presence = slider(page, "Presence");
  await presence.focus();
  await page.keyboard.press("Home"); // −4 σ: far below where this reader draws
  await expect(page.locator(".empty-here")).toHaveText("Nothing is marked here: this sample is empty.");
});
