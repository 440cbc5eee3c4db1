import { expect, type Page, test } from "@playwright/test";
import { openPage } from "./page.ts";

const alerts = (page: Page) => page.locator(".alert");
const gone = (page: Page, files: string) => page.route(files, (route) => route.fulfill({ status: 404, body: "" }));

test("a model whose golden values are missing opens, and says that nothing tested it", { tag: "@ci" }, async ({
  page,
}) => {
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

for (const [what, answer, said] of [
  ["is missing", { status: 404, body: "" }, "the server answered 404"],
  ["is a web page", { contentType: "text/html", body: "<html></html>" }, "the server sent something else in its place"],
] as const) {
  test(`wasm that ${what} is said as such; where something else can compute, it does, and says that it is slow`, {
    tag: "@ci",
  }, async ({ page }) => {
    await page.route("**/assets/tfjs-backend-wasm*.wasm", (route) => route.fulfill(answer));
    await page.goto("./?backend=wasm");
    await expect(alerts(page).first()).toContainText(said);
    await expect(alerts(page).first()).toContainText("check the connection and reload the page");
    await page.goto("./?model=tiny"); // no model of that name: the default one, on plain JavaScript
    await expect(page.getByRole("button", { name: "Backend: cpu" })).toBeVisible();
    await expect(alerts(page).filter({ hasText: "plain JavaScript, many times slower" })).toContainText(said);
  });
}

test("wasm of a host that names it otherwise is taken all the same", { tag: "@ci" }, async ({ page }) => {
  await page.route("**/assets/*.wasm", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      headers: { ...answer.headers(), "content-type": "application/octet-stream" },
    });
  });
  await openPage(page);
  await expect(page.getByRole("button", { name: "Backend: wasm" })).toBeVisible();
  expect(await alerts(page).count()).toBe(0);
});
