import { expect, test } from "@playwright/test";
import { openPage, picture } from "./page.ts";

test("a piece that cannot be fetched costs its own sheet, view or file, and comes with the next try", async ({
  page,
}) => {
  await openPage(page);
  for (const piece of ["keys-sheet", "compare-view", "runs", "open"])
    await page.route(`**/assets/${piece}-*`, (r) => r.abort());

  await page.getByRole("button", { name: "Keys and help" }).click();
  const sheet = page.getByRole("dialog", { name: "Keys and help" });
  await expect(sheet.getByRole("alert")).toContainText(
    "A piece of this page could not be fetched; check the connection",
  );
  await expect(picture(page, "Region")).toBeVisible();
  await page.unroute("**/assets/keys-sheet-*");
  await sheet.getByRole("button", { name: "Try again" }).click();
  await expect(sheet.getByRole("heading", { name: "Latent space" })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByRole("tab", { name: "Compare" }).click();
  const view = page.getByRole("main");
  await expect(view.getByRole("alert")).toContainText("could not be fetched");
  await page.getByRole("tab", { name: "Explore" }).click(); // as it was
  await expect(picture(page, "Region")).toBeVisible();
  await page.unroute("**/assets/compare-view-*");
  await page.getByRole("tab", { name: "Compare" }).click();
  await expect(view.getByRole("alert")).toContainText("could not be fetched"); // the work behind it is still missing
  await page.unroute("**/assets/runs-*");
  await view.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("img", { name: /^Region/ }).first()).toBeVisible();
  expect(await page.evaluate(() => [...document.styleSheets].some((s) => s.href?.includes("compare-view")))).toBe(true);
  await page.getByRole("tab", { name: "Explore" }).click();

  const file = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") };
  const alerts = page.locator(".alert");
  await page.getByLabel("Files to open").setInputFiles(file);
  await expect(alerts.last()).toContainText("A piece of this page could not be fetched");
  await page.unroute("**/assets/open-*");
  await page.getByLabel("Files to open").setInputFiles(file);
  await expect(alerts.last()).toContainText("a.txt");
});
