import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { teachPack } from "../support/teach-pack.ts";
import { openPage } from "./page.ts";
import { DEFAULT_START, test } from "./started-page.ts";

// Teach it your graders: eight balls whose graders draw wider than the default model does.

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test.use({ start: DEFAULT_START });

test("teaches the default model from a pack, says that it helped, and puts the new model into the explorer", async ({
  page,
}) => {
  test.slow();
  await page.getByRole("tab", { name: "Evaluate", exact: true }).click();
  await page.getByRole("radiogroup", { name: "What is evaluated" }).getByText("Teach", { exact: true }).click();
  await expect(page).toHaveURL(/view=teach/);
  // the built-in examples are six
  await expect(page.getByRole("main")).toContainText("This pack has 6 cases: open one of 8 or more.");
  await expect(button(page, "Teach")).toBeDisabled();
  const pack = { name: "balls.zip", mimeType: "application/zip", buffer: Buffer.from(teachPack(8)) };
  await page.locator('input[type="file"]').first().setInputFiles(pack);
  await expect(page.getByRole("combobox", { name: "Pack of cases" })).toHaveValue(/pack/);
  await button(page, "Teach").click();
  await expect(button(page, "Pause")).toBeEnabled();
  await button(page, "Pause").click();
  await expect(page.getByRole("main")).toContainText("Paused at");
  await button(page, "Resume").click();
  const figures = page.getByRole("table", { name: "Held-out figures before and after" });
  await expect(figures).toBeVisible({ timeout: 600_000 });
  await expect(page.locator(".teach-verdict")).toContainText("It helped: on 8 cases of 8 patients");
  await expect(figures.getByRole("row")).toHaveCount(5);
  await expect(page.getByRole("table", { name: "GED² of each fold's held-out cases" }).getByRole("row")).toHaveCount(6);
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  const waiting = page.waitForEvent("download");
  await button(page, "Download").click();
  expect((await waiting).suggestedFilename()).toBe("lidc-energy-gate-balls-to-learn.zip");
  await button(page, "Open in Explore").click();
  await expect(page.getByRole("main")).toHaveAttribute("aria-busy", "false");
  await expect(page).toHaveURL(/model=lidc-energy-gate-balls-to-learn/);
  await page.getByRole("tab", { name: "Evaluate", exact: true }).click();
  await page.getByRole("radiogroup", { name: "What is evaluated" }).getByText("Teach", { exact: true }).click();
  await expect(page.getByRole("main")).toContainText("In the menu of models as lidc-energy-gate-balls-to-learn.");
  await button(page, "Forget it").click();
  await expect(page.getByRole("combobox", { name: "Model to teach" })).toHaveValue("lidc-energy-gate");
});

base(
  "goes on behind its finished folds after a reload, also with the U-Net's last block",
  { tag: "@ci" },
  async ({ page }) => {
    base.slow();
    const teachView = async () => {
      await page.getByRole("tab", { name: "Evaluate", exact: true }).click();
      await page.getByRole("radiogroup", { name: "What is evaluated" }).getByText("Teach", { exact: true }).click();
    };
    const folds = page.getByRole("table", { name: "GED² of each fold's held-out cases" });
    await openPage(page);
    const pack = { name: "balls.zip", mimeType: "application/zip", buffer: Buffer.from(teachPack(8)) };
    await page.locator('input[type="file"]').first().setInputFiles(pack);
    await expect(page.locator(".said")).toContainText("balls.zip is a pack of");
    await teachView();
    await expect(page.getByRole("combobox", { name: "Pack of cases" })).toHaveValue(/pack/);
    await page.getByRole("combobox", { name: "What learns" }).selectOption("The head and the U-Net's last block");
    await expect(page.getByRole("main")).toContainText("Also the weights of the last block");
    // the engine is on wasm here: all of the U-Net would take too long
    await expect(page.getByRole("option", { name: "The head and all of the U-Net" })).toBeDisabled();
    await page.getByRole("combobox", { name: "What learns" }).selectOption("The head");
    await button(page, "Teach").click();
    await expect(page.getByRole("main")).toContainText("Finished folds are kept");
    await expect(folds.getByRole("row")).toHaveCount(2, { timeout: 600_000 });
    await page.goto("about:blank"); // and back without the address that names the pack
    await openPage(page);
    await teachView();
    await expect(page.getByText(/^A teaching from Balls to learn was left after [1-4] of 5 folds\./)).toBeVisible();
    await button(page, "Open it and go on").click();
    await expect(page.getByText(/^[1-4] of 5 folds are kept from before; Resume goes on from there\./)).toBeVisible();
    await button(page, "Resume").click();
    await expect(page.locator(".teach-verdict")).toContainText("It helped: on 8 cases of 8 patients", {
      timeout: 600_000,
    });
    await expect(folds.getByRole("row")).toHaveCount(6);
    await button(page, "Forget it").click();
    await expect(button(page, "Teach")).toBeVisible(); // nothing is kept any more
    await expect(page.getByText(/folds are kept from before/)).toHaveCount(0);
  },
);
