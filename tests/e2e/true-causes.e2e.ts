import { expect, type Page, test } from "@playwright/test";
import { openPage } from "./page.ts";

// A service worker would bring the files out of its cache.
test.use({ serviceWorkers: "block" });

const alerts = (page: Page) => page.locator(".alert");
const gone = (page: Page, files: string) => page.route(files, (route) => route.fulfill({ status: 404, body: "" }));

test("a model whose golden values are missing opens, and says that nothing tested it", async ({ page }) => {
  await page.route("**/golden-*.json", (route) => route.fulfill({ contentType: "text/html", body: "<html></html>" }));
  await openPage(page);
  await expect(page.getByRole("combobox", { name: "Model" }).locator("option:checked")).toContainText(
    "not self-tested",
  );
});

test("a worker file that is missing is said as such, and not as want of memory", async ({ page }) => {
  await gone(page, "**/assets/model.worker-*.js");
  await page.goto("./?backend=wasm");
  await expect(alerts(page).first()).toContainText("background work could not be loaded; check the connection");
});
