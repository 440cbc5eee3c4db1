import { existsSync } from "node:fs";
import { importsOf, isTypesAlone, sourcesIn, targetOf, textOf } from "./source-code.ts";

/** Which test tries a module that has no test file of its own. */

/** What only a browser has: workers by their addresses, a database. */
const IN_BROWSER: Readonly<Record<string, string>> = {
  "src/engine/page-engine.ts": "tests/e2e/systems.e2e.ts",
  "src/state/cases/kept/kept-db.ts": "tests/e2e/kept-work.e2e.ts",
  "src/state/evaluate/rows-db.ts": "tests/e2e/evaluate.e2e.ts",
  "src/state/evaluate/teach/teachings-db.ts": "tests/e2e/teach.e2e.ts",
};

const ROOMS = ["core", "io", "model", "gpu", "wasm", "engine", "state", "cli"];

/** `src/core/a/b.ts` → `tests/core/a/b.test.ts`. */
function mirrorOf(file: string): string {
  return file.replace(/^src/, "tests").replace(/\.tsx?$/, ".test.ts");
}

/** Files of `all` that import each file, tests and sources alike. */
function importersIn(all: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of all) {
    for (const one of importsOf(file, textOf(file))) {
      const target = targetOf(one);
      if (target && !one.typeOnly) found.set(target, [...(found.get(target) ?? []), file]);
    }
  }
  return found;
}

/** The modules without a test file of their own, each with the tests that import it, or import what uses it. */
export function testedTogether(): ReadonlyMap<string, readonly string[]> {
  const tests = sourcesIn("tests").filter((file) => file.endsWith(".test.ts"));
  const importers = importersIn([...tests, ...sourcesIn("src")]);
  const testsOf = (file: string): readonly string[] => {
    const page = IN_BROWSER[file];
    if (page && existsSync(page)) return [page];
    let near = [file];
    for (const seen = new Set(near); near.length > 0; ) {
      const users = near.flatMap((one) => importers.get(one) ?? []);
      const found = users.filter((user) => user.endsWith(".test.ts"));
      if (found.length > 0) return [...new Set(found)].sort();
      near = users.filter((user) => !seen.has(user));
      for (const user of near) seen.add(user);
    }
    return [];
  };
  const modules = ROOMS.flatMap((room) => sourcesIn(`src/${room}`));
  const without = modules.filter(
    (file) => !/\.(d|wasm)\.ts$/.test(file) && !tests.includes(mirrorOf(file)) && !isTypesAlone(file, textOf(file)),
  );
  return new Map(without.map((file) => [file, testsOf(file)]));
}

/** `tests/README.md`. */
export function testsReadme(): string {
  const rows = [...testedTogether()].map(([file, tests]) => {
    const shown = tests.slice(0, 3).map((test) => `\`${test.replace("tests/", "")}\``);
    return `| \`${file}\` | ${shown.join(", ")}${tests.length > 3 ? ` and ${tests.length - 3} more` : ""} |`;
  });
  return `# Tests

\`src/a/b.ts\` is tried by \`tests/a/b.test.ts\`. Modules that are tried together with what uses them are below, with the
nearest tests that import them or their users; files of types alone have no test. \`e2e\` drives the page in a browser,
\`bench\` measures, \`mutate\` changes the sources and looks which test notices, \`support\` is what tests share, \`golden\`
holds what PyTorch made. Made by \`npm run house\` from the imports.

| module | tried by |
| --- | --- |
${rows.join("\n")}
`;
}
