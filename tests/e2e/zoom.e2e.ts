import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { changedFrom, frames, openMore, openPage, picture, settled, steadyLook } from "./page.ts";
import { type Start, test } from "./started-page.ts";

const PHONE: Start = {
  address: "./?backend=wasm",
  options: { viewport: { width: 390, height: 844 }, hasTouch: true },
};

const zoom = (page: Page, of: "region" | "slice") =>
  page.locator(of === "region" ? ".panel.region" : ".panel.slice").locator(".zoom-value");
const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

async function boxOf(element: Locator) {
  const box = await element.boundingBox();
  if (!box) throw new Error("it is not on the screen");
  return box;
}

/** What the probe says of a place of the region's picture, given as shares of its sides. */
async function probed(page: Page, right: number, down: number): Promise<string> {
  const { x, y, width, height } = await boxOf(picture(page, "Region"));
  await page.mouse.move(x + right * width, y + down * height);
  return (await page.locator(".region-probe").textContent()) ?? "";
}

test.describe("with a mouse", () => {
  test("the wheel enlarges the region about the pointer, and a double click shows all of it again", async ({
    page,
  }) => {
    const region = picture(page, "Region");
    const whole = await steadyLook(region);
    const before = await probed(page, 0.7, 0.4);
    expect(before).toMatch(/x \d+ y \d+.*HU.*P \d.*Variance/);
    await page.mouse.wheel(0, -800); // 1.0015^800 = 3.3
    await expect(zoom(page, "region")).toHaveText("3.3×");
    expect(await probed(page, 0.7, 0.4)).toBe(before);
    await changedFrom(region, whole);
    await region.dblclick({ position: { x: 200, y: 100 }, force: true });
    await expect(zoom(page, "region")).toHaveCount(0);
    await page.mouse.move(0, 0);
    expect(await steadyLook(region)).toBe(whole);
  });

  test("dragging pans the enlarged region by as many pixels as the hand moves", { tag: "@ci" }, async ({ page }) => {
    const { x, y, width } = await boxOf(picture(page, "Region"));
    await page.mouse.move(x + width / 2, y + width / 2);
    await page.mouse.wheel(0, -800);
    const before = await probed(page, 0.5, 0.5);
    for (const how of ["left", "middle", "space"] as const) {
      const shift = async (by: number) => {
        await page.mouse.move(x + width / 2, y + width / 2);
        if (how === "space") await page.keyboard.down("Space");
        await page.mouse.down({ button: how === "middle" ? "middle" : "left" });
        await page.mouse.move(x + width / 2 + by, y + width / 2, { steps: 3 });
        await page.mouse.up({ button: how === "middle" ? "middle" : "left" });
        if (how === "space") await page.keyboard.up("Space");
      };
      await shift(40);
      expect(await probed(page, 0.5, 0.5), how).not.toBe(before);
      expect(await probed(page, 0.5 + 40 / width, 0.5), how).toBe(before);
      await shift(-40);
    }
  });

  test("buttons and keys zoom, onto the lesion too", { tag: "@ci" }, async ({ page }) => {
    await button(page, "Zoom into the region").click();
    await expect(zoom(page, "region")).toHaveText("1.5×");
    await button(page, "Zoom out of the region").click();
    await expect(zoom(page, "region")).toHaveCount(0);
    await button(page, "Zoom onto the lesion").click();
    await expect(zoom(page, "region")).toBeVisible();
    await button(page, "Whole region").click();
    await expect(zoom(page, "region")).toHaveCount(0);
    await page.keyboard.press("+");
    await expect(zoom(page, "region")).toHaveText("1.5×");
    await page.keyboard.press("0");
    await expect(zoom(page, "region")).toHaveCount(0);
    await page.keyboard.press("z");
    await expect(zoom(page, "region")).toBeVisible();
    await button(page, "Zoom into the slice").click();
    await expect(zoom(page, "slice")).toHaveText("1.5×");
    await button(page, "Whole slice").click();
    await expect(zoom(page, "slice")).toHaveCount(0);
  });

  test("the lasso draws where it is seen under zoom, and pans with the middle button", { tag: "@ci" }, async ({
    page,
  }) => {
    const figures = page.getByRole("region", { name: "Figures" });
    const circle = async (radius: number) => {
      const { x, y, width } = await boxOf(picture(page, "Region"));
      const at = (k: number) =>
        [x + width / 2 + radius * Math.cos(k / 8), y + width / 2 + radius * Math.sin(k / 8)] as const;
      await page.mouse.move(...at(0));
      await page.mouse.down();
      for (let k = 1; k <= 50; k++) await page.mouse.move(...at(k));
      await page.mouse.up();
    };
    const area = async () =>
      Number(await figures.getByRole("row", { name: /You/ }).getByRole("cell").first().textContent());
    await button(page, "Draw your outline").click();
    await circle(60);
    const large = await area();
    await page.keyboard.press("Control+z");
    await button(page, "Zoom into the region").click();
    await button(page, "Zoom into the region").click(); // 2.25: the same circle holds 1 / 5.06 of the area
    await button(page, "Draw your outline").click();
    await circle(60);
    expect((await area()) * 5.06).toBeGreaterThan(0.9 * large);
    expect((await area()) * 5.06).toBeLessThan(1.1 * large);
    const before = await area();
    const { x, y, width } = await boxOf(picture(page, "Region"));
    await page.mouse.move(x + width / 2, y + width / 2);
    await page.mouse.down({ button: "middle" });
    await page.mouse.move(x + width / 2 + 50, y + width / 2, { steps: 3 });
    await page.mouse.up({ button: "middle" });
    expect(await area()).toBe(before);
  });

  base("undo keeps the zoom, and a link carries it", { tag: "@ci" }, async ({ page }) => {
    await openPage(page);
    await button(page, "As grader 1").click();
    await button(page, "Zoom onto the lesion").click();
    const near = await zoom(page, "region").textContent();
    await page.keyboard.press("Control+z");
    await expect(page.locator(".source")).toContainText("prior mean");
    await expect(zoom(page, "region")).toHaveText(near as string);
    await expect(page).toHaveURL(/look=\d/);
    await page.mouse.move(0, 0);
    const wanted = await steadyLook(picture(page, "Region"));
    await page.reload();
    await settled(page);
    await expect(zoom(page, "region")).toHaveText(near as string);
    expect(await steadyLook(picture(page, "Region"))).toBe(wanted);
  });
});

test.describe("on a phone", () => {
  test.use({ start: PHONE });

  type Finger = readonly [number, number];

  /** Fingers put down at `from`, moved in steps to `to`, lifted. */
  async function fingers(page: Page, from: readonly Finger[], to: readonly Finger[]): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const send = (type: "touchStart" | "touchMove" | "touchEnd", points: readonly Finger[]) =>
      session.send("Input.dispatchTouchEvent", { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
    for (let k = 1; k <= from.length; k++) await send("touchStart", from.slice(0, k));
    for (let step = 1; step <= 8; step++) {
      const between = from.map(([x, y], k): Finger => {
        const [toX, toY] = to[k] as Finger;
        return [x + ((toX - x) * step) / 8, y + ((toY - y) * step) / 8];
      });
      await send("touchMove", between);
    }
    await send("touchEnd", []);
    await session.detach();
  }

  const scrolled = (page: Page) => page.evaluate(() => Math.round(scrollY));

  test("one finger over the whole region scrolls the page; two enlarge it; then one pans it", { tag: "@ci" }, async ({
    page,
  }) => {
    const region = picture(page, "Region");
    const { x, y, width } = await boxOf(region);
    const [midX, midY] = [x + width / 2, y + width / 2];
    await fingers(page, [[midX, midY + 100]], [[midX, midY - 60]]);
    await expect.poll(() => scrolled(page)).toBeGreaterThan(50);
    await expect(zoom(page, "region")).toHaveCount(0);
    // until the fling has run out
    await page.evaluate(async () => {
      for (let still = 0; still < 60; still = scrollY === 0 ? still + 1 : 0) {
        scrollTo(0, 0);
        await new Promise((next) => requestAnimationFrame(next));
      }
    });
    await fingers(
      page,
      [
        [midX - 40, midY],
        [midX + 40, midY],
      ],
      [
        [midX - 120, midY],
        [midX + 120, midY],
      ],
    );
    await expect(zoom(page, "region")).toHaveText("3.0×");
    const before = await steadyLook(region);
    await fingers(page, [[midX, midY + 60]], [[midX, midY - 60]]);
    await changedFrom(region, before);
    expect(await scrolled(page)).toBe(0);
  });

  test("one finger moves the slice's box, beside it scrolls the page, and sets the window only where asked to", {
    tag: "@ci",
  }, async ({ page }) => {
    await openMore(page, "slice");
    const slice = picture(page, "CT slice");
    await slice.scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollBy(0, -60));
    const summary = () => page.locator("#about-ct-slice").textContent();
    const origin = async () =>
      /column (\d+), row (\d+)/
        .exec((await summary()) ?? "")
        ?.slice(1)
        .map(Number) as number[];
    const place = async () => {
      const { x, y, width } = await boxOf(slice);
      const [column, row] = (await origin()) as [number, number];
      const scale = width / 512;
      return { x, y, width, boxX: x + (column + 64) * scale, boxY: y + (row + 64) * scale };
    };
    const before = await origin();
    // A page that is still coming to rest moves away under the finger: the person tries again.
    await expect(async () => {
      await frames(page, 3);
      const first = await place();
      await fingers(page, [[first.boxX, first.boxY]], [[first.boxX + 60, first.boxY + 30]]);
      await frames(page, 3);
      expect(await origin()).not.toEqual(before);
    }).toPass();
    const window = page.getByRole("radiogroup", { name: "Window" }).getByRole("radio", { checked: true });
    await expect(window).toHaveCount(1);
    const top = await scrolled(page);
    await expect(async () => {
      const second = await place();
      const corner: Finger = [second.x + second.width - 30, second.y + second.width - 60];
      await fingers(page, [corner], [[corner[0], corner[1] + 120]]);
      await frames(page, 3);
      expect(await scrolled(page)).toBeLessThan(top);
    }).toPass();
    await expect(window).toHaveCount(1);
    await button(page, "Window by finger").click();
    await slice.evaluate((element) => element.scrollIntoView({ block: "center" })); // clear of the places at the foot
    await frames(page, 3);
    const third = await place();
    const start: Finger = [third.x + third.width - 60, third.y + third.width - 120];
    await fingers(page, [start], [[start[0] - 60, start[1] + 40]]);
    await expect(window).toHaveCount(0);
  });
});
