import { expect, test } from "@playwright/test";
import { changedFrom, layer, openPage, picture, settled, slider, steadyLook } from "./page.ts";

test("without WebGPU the page takes wasm and says why", async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(Navigator.prototype, "gpu", { get: () => undefined }));
  await openPage(page, "./");
  const badge = page.getByRole("button", { name: /^Backend: wasm/ });
  await badge.click();
  await expect(page.getByRole("dialog")).toContainText(/webgpu/i);
});

test("a software WebGPU adapter is passed over, and the badge says why", { tag: "@ci" }, async ({ page }) => {
  await openPage(page, "./");
  const badge = page.getByRole("button", { name: /^Backend: wasm/ });
  await badge.click();
  await expect(page.getByRole("dialog")).toContainText(/software|fallback|swiftshader/i);
});

test("forced onto WebGPU, the page shows samples from the GPU and follows a slider", { tag: "@ci" }, async ({
  page,
}) => {
  await page.goto("./?backend=webgpu&model=lidc-prob-unet"); // the smaller network
  await settled(page);
  await expect(page.getByRole("button", { name: /^Backend: webgpu/ })).toBeVisible();
  await page.getByRole("button", { name: "Prior mean", exact: true }).click();
  const region = picture(page, "Region");
  const before = await steadyLook(region);
  const first = page.getByRole("slider", { name: /^(z|mode )\d+$/ }).first();
  await first.focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("Shift+ArrowRight");
  await changedFrom(region, before);
});

test.describe(() => {
  test.use({ serviceWorkers: "allow" });

  test("the page works offline after the first visit", { tag: "@ci" }, async ({ page, context }) => {
    await openPage(page);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    // the first visit's worker takes the page over once its precache is complete
    await expect
      .poll(() => page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active?.state))
      .toBe("activated");
    await context.setOffline(true);
    await page.reload();
    await settled(page);
    await layer(page, "Mean").check();
    await expect(slider(page, "mode 1")).toBeVisible();
    expect((await steadyLook(picture(page, "Region"))).length).toBe(64);
    await context.setOffline(false);
  });
});
