import { expect } from "@playwright/test";
import { settled } from "./page.ts";
import { DEFAULT_START, test } from "./started-page.ts";

test.use({ start: DEFAULT_START });

test("a mark beyond the plane has an arrow at its edge with its value; sliders say what they do where z is", async ({
  page,
}) => {
  await expect(page.locator(".unlike-paper")).toHaveText(
    "Not in this model: the paper's prior net, posterior net, f_comb.",
  );
  await expect(page.locator(".beyond")).toHaveCount(0);
  await page.evaluate(() => {
    location.hash = "#case=example:part-solid&z=x6,-12,6,4,-10,2,0,0,0,12";
  });
  await expect(page.locator(".source")).toContainText("by hand, from a session");
  const arrow = page.locator(".beyond");
  await expect(arrow).toHaveText(/^[←→↑↓↖↗↙↘] [+−]\d+\.\d/);
  await expect(arrow).toHaveAttribute(
    "aria-label",
    /z lies at [+−]\d+\.\d\d σ right and [+−]\d+\.\d\d σ up: beyond the plane/,
  );
  await expect(page.locator("#about-latent-plane")).toContainText("Beyond its edge: z (");

  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  await expect(arrow).toHaveCount(0);
  await expect(page.locator('.axes[data-measured="true"]')).toBeVisible();
  await expect(page.getByText(/\bdead\b/)).toHaveCount(0);
});

test("as a grader, z and the local fields are that grader's; KL is stated in both parts", async ({ page }) => {
  await page.getByRole("button", { name: "As grader 1", exact: true }).click();
  await settled(page);
  const figures = page.getByRole("region", { name: "Figures" });
  await expect(figures.getByRole("columnheader", { name: "KL z" })).toBeVisible();
  await expect(figures.getByRole("columnheader", { name: "KL f" })).toBeVisible();
  const z = page.locator(".axes");
  await expect(z).toHaveAttribute("data-z", /\|iid\.0\.\d+:0-0@0×1/);
  await page.getByRole("slider", { name: "mode 1" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page).toHaveURL(/z=h[^&]*;g1|z=h[^&]*%3Bg1/);
  await expect(z).toHaveAttribute("data-z", /:0-0@0×1/);
});
