import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "@playwright/test";

const root = resolve(import.meta.dirname, "../..");
/** What src imports and no page does: the command that draws the examples. */
const NOT_SHIPPED = ["daikon"];

/** The packages that a file of src imports, by name. */
function imported(): Set<string> {
  const files = readdirSync(resolve(root, "src"), { recursive: true }).map(String);
  const found = new Set<string>();
  for (const file of files.filter((one) => /\.tsx?$/.test(one))) {
    const text = readFileSync(resolve(root, "src", file), "utf8");
    for (const [, name] of text.matchAll(/(?:from|import|import\() ?"((?:@[^/"]+\/)?[a-z][^/"]*)[^"]*"/g))
      if (name !== undefined && !name.startsWith("node:")) found.add(name);
  }
  return found;
}

test("LICENSES.txt names every package that ships, with its notice", () => {
  const text = readFileSync(resolve(root, "dist/LICENSES.txt"), "utf8");
  const { devDependencies } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8")) as {
    devDependencies: Readonly<Record<string, string>>;
  };
  const names = imported();
  const shipped = Object.entries(devDependencies).filter(([name]) => names.has(name) && !NOT_SHIPPED.includes(name));
  expect(shipped.length).toBeGreaterThan(15);
  for (const [name, version] of shipped) expect(text).toContain(`\n${name} ${version} (`);
  for (const name of ["scheduler", "d3-array", "workbox-precaching"]) expect(text).toMatch(new RegExp(`\n${name} \\d`));
  expect(text).toContain("OpenJPEG (BSD-2-Clause");
  expect(text).not.toMatch(/\nvitest \d/);
});

test("the built page forbids forms to post anywhere", () => {
  expect(readFileSync(resolve(root, "dist/index.html"), "utf8")).toMatch(/form-action ('|&#39;)none/);
});
