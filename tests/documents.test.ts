import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

/** Every document that is in the project, by its path. */
const documents = execFileSync("git", ["ls-files", "*.md"], { cwd: ROOT, encoding: "utf8" }).trim().split("\n");

/** What `[words](target)` and `![words](target)` lead to, of targets in the project; a place in a page is left out. */
function targetsIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target as string).split("#")[0] as string)
    .filter((target) => target !== "" && !/^[a-z]+:/.test(target));
}

/** What `npm run NAME` names, after options of npm. */
function scriptsIn(text: string): string[] {
  return [...text.matchAll(/npm run (?:--?\w+ )*([\w:]+)/g)].map(([, name]) => name as string);
}

describe.each(documents)("%s", (path) => {
  const text = readFileSync(join(ROOT, path), "utf8");

  it("leads to files that there are", () => {
    expect(targetsIn(text).filter((target) => !existsSync(join(ROOT, dirname(path), target)))).toEqual([]);
  });

  it("names commands that there are", () => {
    expect(scriptsIn(text).filter((name) => !(name in scripts))).toEqual([]);
  });
});

it("reads links and commands out of a document", () => {
  const text =
    "[a](docs/a.md#b) ![c](c.png) [d](https://d.org) [e](#e); `npm run --silent cli -- x`, npm run test:unit";
  expect(targetsIn(text)).toEqual(["docs/a.md", "c.png"]);
  expect(scriptsIn(text)).toEqual(["cli", "test:unit"]);
});
