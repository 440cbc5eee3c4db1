import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@playwright/test";

const root = resolve(import.meta.dirname, "../..");
/** What builds and runs the page, and what no page imports yet. */
const NOT_SHIPPED = [
  "@tensorflow/tfjs",
  "@vitejs/plugin-react",
  "daikon",
  "tsx",
  "typescript",
  "vite",
  "vite-plugin-pwa",
];

test("LICENSES.txt names every package that ships, with its notice", () => {
  const text = readFileSync(resolve(root, "dist/LICENSES.txt"), "utf8");
  const { dependencies } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as {
    dependencies: Readonly<Record<string, string>>;
  };
  const shipped = Object.entries(dependencies).filter(([name]) => !NOT_SHIPPED.includes(name));
  expect(shipped.length).toBeGreaterThan(15);
  for (const [name, version] of shipped) expect(text).toContain(`\n${name} ${version} (`);
  for (const name of ["scheduler", "d3-array", "workbox-precaching"]) expect(text).toMatch(new RegExp(`\n${name} \\d`));
  expect(text).toContain("OpenJPEG (BSD-2-Clause");
  expect(text).not.toMatch(/\nvitest \d/);
});

test("the built page forbids forms to post anywhere", () => {
  expect(readFileSync(resolve(root, "dist/index.html"), "utf8")).toMatch(/form-action ('|&#39;)none/);
});
