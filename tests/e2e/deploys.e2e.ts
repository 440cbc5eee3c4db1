import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { staticHost } from "../support/static-host.ts";
import { openPage, settled, slider } from "./page.ts";

test.use({ serviceWorkers: "allow" });

const dist = resolve(import.meta.dirname, "../../dist");
let folder: string;
let host: Awaited<ReturnType<typeof staticHost>>;

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "graderspace-deploy-"));
  cpSync(dist, folder, { recursive: true });
  host = await staticHost(folder);
});

test.afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

const controlled = (page: Page) => page.evaluate(() => navigator.serviceWorker.controller?.state ?? "none");

test("the tab of the first visit has every piece of code when the server is gone", { tag: "@ci" }, async ({ page }) => {
  await openPage(page, `${host.address}?backend=wasm`);
  await expect.poll(() => controlled(page)).toBe("activated");
  await host.close();
  const code = readdirSync(join(folder, "assets")).filter((file) => /\.(js|css)$|_decode-.*\.wasm$/.test(file));
  expect(code.length).toBeGreaterThan(50);
  const missing = await page.evaluate(async (files) => {
    const answers = files.map((file) =>
      fetch(`./assets/${file}`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const there = await Promise.all(answers);
    return files.filter((_, i) => !there[i]);
  }, code);
  expect(missing).toEqual([]);
  await page.getByRole("button", { name: "Keys and help" }).click();
  await expect(page.getByRole("dialog", { name: "Keys and help" }).getByRole("heading").first()).toBeVisible();
  await page.reload();
  await settled(page);
});

test("a second deploy is told, and taken without losing the view", { tag: "@ci" }, async ({ page }) => {
  await openPage(page, `${host.address}?backend=wasm`);
  await expect.poll(() => controlled(page)).toBe("activated");
  await slider(page, "mode 1").press("Shift+ArrowRight");
  await expect.poll(() => page.url()).toMatch(/z=h/);
  const view = new URL(page.url()).hash;
  deployAgain();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const notice = page.getByRole("alert").filter({ hasText: "A new version is here: reload" });
  await expect(notice).toBeVisible();
  expect(await page.locator("meta[name=deploy]").count()).toBe(0);
  await notice.getByRole("button", { name: "Reload" }).click();
  await expect(page.locator("meta[name=deploy]")).toHaveAttribute("content", "second");
  await settled(page);
  expect(new URL(page.url()).hash).toBe(view);
  expect(await notice.count()).toBe(0);
});

/** Another index.html, under a precache list that says so: what a build of changed code comes to. */
function deployAgain(): void {
  const change = (file: string, from: RegExp, to: string) => {
    const text = readFileSync(join(folder, file), "utf8");
    expect(text).toMatch(from);
    writeFileSync(join(folder, file), text.replace(from, to));
  };
  change("index.html", /<head>/, '<head><meta name="deploy" content="second">');
  change("sw.js", /url:"index.html",revision:"[^"]*"/, 'url:"index.html",revision:"second"');
}
