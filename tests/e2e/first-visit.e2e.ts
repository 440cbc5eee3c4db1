import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "@playwright/test";
import { complaints, layer, looks, openPage, outline, picture, slider } from "./page.ts";

const dist = resolve(import.meta.dirname, "../../dist");

test.use({ serviceWorkers: "allow" });

test("the first visit shows an example with samples and variance without a click, and asks no other origin", async ({
  page,
  baseURL,
}) => {
  const heard = complaints(page);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await openPage(page);
  await expect(picture(page, "CT slice")).toBeVisible();
  await expect(picture(page, "Region")).toBeVisible();
  await expect(picture(page, "Latent plane")).toBeVisible();
  await expect(layer(page, "Variance")).toBeChecked();
  await expect(outline(page, "Sample")).toBeChecked();
  await expect(page.getByRole("region", { name: "Figures" })).toContainText(/GED/);
  await expect(page.getByText(/simulated nodule in a real CT slice/i).first()).toBeVisible();
  await expect(page.getByText(/not for clinical use/i).first()).toBeVisible();
  await expect(slider(page, "mode 1")).toBeVisible();
  await page.setViewportSize({ width: 390, height: 844 });
  // on a phone it is said without scrolling that the nodule is simulated
  await expect(page.getByText(/simulated nodule in a real CT slice/i)).toBeInViewport();
  expect(heard).toEqual([]);

  const foreign = asked.filter((url) => !url.startsWith(baseURL as string) && !/^(blob|data):/.test(url));
  expect(foreign).toEqual([]);
  expect(asked.length).toBeGreaterThan(5);
  const policy = page.locator('meta[http-equiv="Content-Security-Policy"]');
  await expect(policy).toHaveAttribute("content", /default-src 'self'/);
  await expect(policy).toHaveAttribute("content", /connect-src 'self'/);
});

test("JavaScript for first paint is at most 225 kB gzip", () => {
  const html = readFileSync(resolve(dist, "index.html"), "utf8");
  const first = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map((match) => match[1] as string);
  expect(first.length).toBeGreaterThan(0);
  const bytes = first.reduce((sum, file) => sum + gzipSync(readFileSync(resolve(dist, file))).length, 0);
  expect(bytes).toBeLessThanOrEqual(225_000);
});

/** kB gzip that a piece of code may have, by the beginning of its name; about a tenth above what it has. */
const BUDGETS: readonly (readonly [name: string, kilobytes: number])[] = [
  ["page-", 158],
  ["begin-", 53], // what paints the page that came with the HTML
  ["dist-", 77], // tfjs and its backends, one piece each, in the workers alone
  ["lidc-xml-", 26],
  ["ort.wasm.bundle", 26], // onnxruntime's, where somebody opens an ONNX network
  ["evaluate-view-", 22],
  ["learn-view-", 20],
  ["decode.worker-", 19],
  ["serve-teaching-", 19],
  ["runs-", 19], // the work behind the other places
  ["layers-", 17],
  ["model.worker-", 20],
  ["learn-", 26], // catalogues of Korean, fetched where it is chosen
  ["evaluate-", 16],
  ["files-", 15],
];
/** … and what every other piece may have. */
const ANY_OTHER = 13;

test("each piece of code is within its budget, and each budget is of a piece that there is", () => {
  const assets = resolve(dist, "assets");
  const pieces = readdirSync(assets).filter((file) => file.endsWith(".js"));
  const budgetOf = (file: string) => BUDGETS.find(([name]) => file.startsWith(name))?.[1] ?? ANY_OTHER;
  const sizes = pieces.map((file) => ({ file, kB: gzipSync(readFileSync(resolve(assets, file))).length / 1000 }));
  expect(sizes.filter(({ file, kB }) => kB > budgetOf(file))).toEqual([]);
  expect(BUDGETS.filter(([name]) => !pieces.some((file) => file.startsWith(name)))).toEqual([]);
});

test("the static site holds the default model, one backend, the examples and the models' cards", () => {
  const files = readdirSync(dist, { recursive: true }).map(String);
  expect(files.some((file) => /weights.*\.safetensors$/.test(file))).toBe(true);
  expect(files.some((file) => /tfjs-backend-wasm-simd.*\.wasm$/.test(file))).toBe(true);
  expect(files.some((file) => /examples.pack\.json$/.test(file))).toBe(true);
  // a card for each model, and no other document of models/: the recipe's is longer than all of them
  const { models } = JSON.parse(readFileSync(resolve(dist, "../models/index.json"), "utf8"));
  expect(files.filter((file) => /assets\/README-.*\.js$/.test(file))).toHaveLength(models.length);
});

test("the page works below any path of any host", { tag: "@ci" }, async ({ page }) => {
  const { createServer } = await import("node:http");
  const types: Record<string, string> = {
    html: "text/html",
    js: "text/javascript",
    css: "text/css",
    json: "application/json",
    wasm: "application/wasm",
    svg: "image/svg+xml",
  };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    if (!path.startsWith("/some/deep/path/")) return void response.writeHead(404).end();
    const file = resolve(dist, path.slice("/some/deep/path/".length) || "index.html");
    try {
      const body = readFileSync(file);
      response
        .writeHead(200, { "content-type": types[file.split(".").pop() ?? ""] ?? "application/octet-stream" })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "localhost", listening));
  const { port } = server.address() as { port: number };
  await openPage(page, `http://localhost:${port}/some/deep/path/?backend=wasm`);
  await expect(page.getByRole("button", { name: /^Backend: wasm/ })).toBeVisible();
  expect((await looks(picture(page, "Region"))).length).toBe(64);
  server.close();
});
