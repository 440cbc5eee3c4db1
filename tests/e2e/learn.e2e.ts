import { expect, test as fresh, type Locator, type Page } from "@playwright/test";
import { changedFrom, looks, openPage, PAPER, picture, settled, slider, steadyLook } from "./page.ts";
import { DEFAULT_START, PAPER_START, test } from "./started-page.ts";

// How it works: the network drawn with what it makes of the open region.

const part = (page: Page, name: string): Locator => page.locator(`[data-part="${name}"]`);
const lit = (page: Page, what: "part" | "equation") =>
  page
    .locator(`[data-${what}][data-lit="true"]`)
    .evaluateAll((all, key) => all.map((one) => one.getAttribute(`data-${key}`)), what);
const nats = async (cell: Locator) => Number(await cell.getAttribute("data-nats"));

async function learn(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Learn", exact: true }).click();
  await expect(page.getByRole("radio", { name: "How it works" })).toBeChecked();
  await settled(page);
  await expect(page.locator(".how-waiting")).toHaveCount(0);
}

test.describe("the paper's network", () => {
  test.use({ start: PAPER_START });

  test("is drawn with the region's own numbers, and moves with the page's z", async ({ page }) => {
    await learn(page);
    await expect(page).toHaveURL(/view=learn/);
    // each level of widths 16, 32, 64, 96 with its size; base, prior net and f_comb
    const names = await part(page, "unet")
      .getByRole("img")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
    for (const [level, channels] of [16, 32, 64, 96].entries()) {
      const down = level === 3 ? "level 4" : `level ${level + 1}, down`;
      expect(names.filter((name) => new RegExp(`^${down}: channel \\d+ of ${channels}$`).test(name))).toHaveLength(4);
    }
    expect(names.filter((name) => /^(features|base): channel \d+ of 16$/.test(name))).toHaveLength(8);
    expect(names).toHaveLength(4 * (4 + 3 + 1));
    await expect(part(page, "unet")).toContainText("level 4 16×16, 96 channels");
    await expect(part(page, "prior").getByRole("row")).toHaveCount(7);
    await expect(part(page, "comb").getByRole("img", { name: /^What z adds to each of 16 channels/ })).toBeVisible();

    // ε moves z and with it f_comb, logits and mask, but not what is made once
    const mask = part(page, "mask").getByRole("img", { name: /^mask at this z/ });
    const [before, base] = [await steadyLook(mask), await looks(part(page, "unet"))];
    await slider(page, "ε2").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page.keyboard.press("ArrowLeft");
    await expect(slider(page, "ε2")).toHaveAttribute("aria-valuetext", /^\+0\.90: z2 = .* · ε = /);
    await changedFrom(mask, before);
    expect(await looks(part(page, "unet"))).toBe(base);
    await expect(page.locator(".how-source")).toHaveText("z: by hand");

    // it is Explore's z, and Explore's is it
    await page.getByRole("tab", { name: "Explore", exact: true }).click();
    await expect(slider(page, "z2")).toHaveValue("0.9");
    await slider(page, "z2").focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await learn(page);
    await expect(slider(page, "ε2")).toHaveValue("-0.1");
    await page.getByRole("button", { name: "ε = 0", exact: true }).click();
    await expect(slider(page, "ε2")).toHaveValue("0");
  });

  test("its KL bars add up to the KL of the figures, for whoever's mask it is", async ({ page }) => {
    const figures = page.getByRole("region", { name: "Figures" }).getByRole("table").first();
    const wanted = await Promise.all(
      [1, 2].map((grader) => figures.getByRole("row").nth(grader).getByRole("cell").last().textContent()),
    );
    await learn(page);
    for (const [grader, figure] of wanted.entries()) {
      await page
        .getByRole("radiogroup", { name: "Whose mask" })
        .getByText(String(grader + 1), { exact: true })
        .click();
      const bars = part(page, "kl").getByRole("row");
      await expect(bars).toHaveCount(7);
      const each = await Promise.all([0, 1, 2, 3, 4, 5].map((axis) => nats(bars.nth(axis).locator("[data-nats]"))));
      const sum = each.reduce((total, one) => total + one, 0);
      await expect(bars.last()).toContainText(figure as string);
      expect(Math.abs(sum - Number(figure))).toBeLessThan(0.006); // the figure has two digits
      // and the loss is both its terms
      const loss = part(page, "elbo").getByRole("row").locator("[data-nats]");
      const [entropy, kl, total] = await Promise.all([0, 1, 2].map((row) => nats(loss.nth(row))));
      expect(entropy).toBeGreaterThan(0);
      expect(kl).toBeCloseTo(sum, 3);
      expect(total).toBeCloseTo((entropy as number) + (kl as number), 6);
    }
    await expect(part(page, "elbo")).toContainText("at one z, the middle μ of Q");
  });

  test("on a phone each equation stands in its part, under one column", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await learn(page);
    await expect(page.getByRole("region", { name: "Network and equations" })).toHaveCount(0);
    const homes = await page
      .locator("[data-equation]")
      .evaluateAll((all) => all.map((one) => one.closest("[data-part]")?.getAttribute("data-part")));
    expect(homes).toEqual(["z", "mask", "kl", "elbo", "elbo"]);
    await page.locator('[data-equation="entropy"] button').focus();
    expect(await lit(page, "part")).toEqual(["grader", "posterior", "elbo"]);
    const lefts = await page
      .locator("[data-part]")
      .evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().left)));
    expect(new Set(lefts).size).toBe(1);
    // the mask at this z is beside its sliders, where it is seen while they move
    await expect(part(page, "z").getByRole("img", { name: /^mask at this z/ })).toBeVisible();
  });

  test("an equation lights its parts up and a part its equations, by keyboard and in order", async ({ page }) => {
    await learn(page);
    const draw = page.getByRole("button", { name: "z equals mu plus sigma times epsilon, epsilon standard normal" });
    await draw.focus();
    expect(await lit(page, "part")).toEqual(["prior", "z"]);
    expect(await lit(page, "equation")).toEqual(["draw"]);
    await page.keyboard.press("Tab");
    expect(await lit(page, "equation")).toEqual(["mask"]);
    expect(await lit(page, "part")).toEqual(["picture", "unet", "z", "comb", "mask"]);

    const title = page.getByRole("button", { name: "KL(Q‖P)", exact: true });
    await title.focus();
    expect(await lit(page, "part")).toEqual(["kl"]);
    expect(await lit(page, "equation")).toEqual(["kl", "elbo"]);
    await expect(title).toHaveAccessibleDescription(/how far Q lies from P/);
    // a click keeps it, another lets it go
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "ε = 0", exact: true }).focus();
    expect(await lit(page, "part")).toEqual(["z"]);
    await page.locator("h1").click();
    expect(await lit(page, "part")).toEqual(["kl"]);
    await expect(title).toHaveAttribute("aria-pressed", "true");
    await title.click();
    await page.mouse.move(0, 0);
    await title.blur();
    expect(await lit(page, "part")).toEqual([]);
    // by the mouse
    await page.locator('[data-equation="kl"]').hover();
    expect(await lit(page, "part")).toEqual(["prior", "posterior", "kl"]);

    // where motion is not wanted, an equation's part is there at once
    await page.emulateMedia({ reducedMotion: "reduce" });
    const there = await page.locator('[data-equation="elbo"] button').evaluate((button: HTMLButtonElement) => {
      const shown = () => {
        const box = document.getElementById("how-elbo")?.getBoundingClientRect();
        return box !== undefined && box.top < innerHeight - 40;
      };
      const before = shown();
      button.click();
      return [before, shown()];
    });
    expect(there).toEqual([false, true]);
    await page.emulateMedia({ reducedMotion: null });

    // parts follow each other under Tab
    const order = await page
      .locator(".how-title")
      .evaluateAll((all) => all.map((one) => one.closest("[data-part]")?.getAttribute("data-part")));
    expect(order).toEqual(["picture", "unet", "prior", "z", "comb", "mask", "grader", "posterior", "kl", "elbo"]);
  });
});

test.describe("the default model", () => {
  test.use({ start: DEFAULT_START });

  test("has a drawing of its own, says what is not in the paper, and gives way to the paper's", async ({ page }) => {
    await learn(page);
    await expect(part(page, "comb")).toHaveCount(0);
    await expect(part(page, "maps").getByRole("img", { name: /^factor \d+, from/ })).toHaveCount(10);
    await expect(part(page, "maps").getByRole("img", { name: /^(mean|envelope), from/ })).toHaveCount(2);
    await expect(part(page, "maps").getByRole("img", { name: /^amplitude, (16|8|4) px, from/ })).toHaveCount(3);
    await expect(part(page, "sum")).toContainText("The fields are 0 at this z");
    const sum = part(page, "sum").getByRole("img", { name: /^under the envelope/ });
    const before = await steadyLook(sum);
    await page.getByRole("button", { name: "Draw ε", exact: true }).click();
    await changedFrom(sum, before);
    await expect(part(page, "sum").getByRole("img", { name: /^fields, from/ })).toBeVisible();
    await expect(part(page, "kl").getByRole("row")).toHaveCount(11);
    await expect(part(page, "mask")).toContainText(
      /The gate: with a probability of (0\.\d\d|1\.00) a sample draws anything at all\./,
    );
    await expect(part(page, "mask")).toContainText(/nothing is drawn up to u = [−+]\d\.\d\d; here u is [−+]\d\.\d\d\./);
    await page.getByRole("tab", { name: "Explore", exact: true }).click();
    await slider(page, "Presence").focus();
    await page.keyboard.press("Home"); // a reader who draws nothing
    await learn(page);
    await expect(part(page, "mask")).toContainText("here u is −4.00.");
    await expect(part(page, "beyond")).toContainText("It lacks of the paper");
    await expect(part(page, "beyond")).toContainText("a posterior net");

    await page.getByRole("button", { name: "Show lidc-prob-unet", exact: true }).click();
    await expect(part(page, "comb")).toBeVisible();
    await settled(page);
    await expect(page.getByLabel("Model", { exact: true })).toHaveValue("lidc-prob-unet");
    await expect(part(page, "beyond")).toHaveCount(0);
  });

  test("a system without z says so, and offers the paper's network", async ({ page }) => {
    await learn(page);
    await page.getByLabel("Model", { exact: true }).selectOption("lidc-m-heads");
    await expect(page.getByText("has no z: its samples differ by another kind of chance")).toBeVisible();
    await page.getByRole("button", { name: "Show lidc-prob-unet", exact: true }).click();
    await expect(part(page, "comb")).toBeVisible();
    await settled(page);
  });

  test("a slice without graders says how to get one", async ({ page }) => {
    const grey = Uint8Array.from({ length: 160 * 160 }, (_, i) =>
      Math.hypot((i % 160) - 80, Math.floor(i / 160) - 80) < 9 ? 200 : 20 + (i % 5),
    );
    await page.getByLabel("Files to open").setInputFiles({
      name: "own.pgm.npy",
      mimeType: "application/octet-stream",
      buffer: npyOf(grey, 160),
    });
    await settled(page);
    await page.getByRole("tab", { name: "Learn", exact: true }).click();
    await settled(page);
    await expect(part(page, "grader")).toContainText("Nobody has marked this region.");
    await expect(part(page, "kl")).toContainText("There is no mask to show it");
    await page.getByRole("button", { name: "Draw an outline", exact: true }).click();
    await expect(page.getByRole("tab", { name: "Explore", exact: true })).toHaveAttribute("aria-selected", "true");
  });
});

fresh(
  "a link that names the training opens it, a link to Learn how it works, and a choice is a step back",
  async ({ page }) => {
    await openPage(page, `${PAPER}#view=train`);
    await expect(page.getByRole("tab", { name: "Learn", exact: true })).toHaveAttribute("aria-selected", "true");
    await expect(page.getByRole("radio", { name: "Watch it learn" })).toBeChecked();
    await expect(page.locator("main.train")).toBeVisible();
    await page.getByRole("radiogroup", { name: "What is learnt" }).getByText("How it works").click();
    await expect(page).toHaveURL(/view=learn/);
    await expect(page.locator("main.how")).toBeVisible();
    await page.goBack();
    await expect(page.locator("main.train")).toBeVisible();
    await page.getByRole("tab", { name: "Explore", exact: true }).click();
    await expect(picture(page, "Region")).toBeVisible();
  },
);

/** Bytes [side, side] as npy. */
function npyOf(values: Uint8Array, side: number): Buffer {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${side}, ${side}), }`;
  const header = text.padEnd(117, " ").concat("\n"); // 10 + 118 = 128
  return Buffer.concat([
    Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]),
    Buffer.from(header, "latin1"),
    Buffer.from(values),
  ]);
}
