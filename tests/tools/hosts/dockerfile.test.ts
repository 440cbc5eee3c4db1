import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const lines = (file: string) => readFileSync(join(root, file), "utf8").split("\n");

/** The words of each such line: `COPY a b ./` → ["a", "b", "./"]. */
function instructions(name: string): string[][] {
  const found = lines("tools/hosts/Dockerfile").filter((line) => line.startsWith(`${name} `));
  return found.map((line) => line.split(/\s+/).slice(1));
}

/** Of each COPY the stage that it takes from, null for the repository, and the paths there. */
const copies = instructions("COPY").map((words) => {
  const stage = words[0]?.startsWith("--from=") ? words[0].replace("--from=", "") : null;
  return { stage, paths: words.slice(stage === null ? 0 : 1, -1) };
});

it("the Dockerfile copies what is in the repository and is not kept from it", () => {
  const paths = copies.filter(({ stage }) => stage === null).flatMap((copy) => copy.paths);
  expect(paths).toContain("tools/hosts/nginx.conf");
  const kept = lines(".dockerignore").filter((line) => line !== "");
  const lacking = paths.filter(
    (path) => !existsSync(join(root, path)) || kept.some((name) => path === name || path.startsWith(`${name}/`)),
  );
  expect(lacking).toEqual([]);
});

it("the Dockerfile names each stage but the last one, and copies from those alone", () => {
  const stages = instructions("FROM").map(([, as, name]) => (as === "AS" ? name : undefined));
  expect(stages.at(-1)).toBeUndefined();
  const taken = new Set(copies.flatMap(({ stage }) => stage ?? []));
  expect([...taken]).toEqual(stages.slice(0, -1));
});

it("the Dockerfile takes the built page from where the build leaves it, to where nginx.conf looks for it", () => {
  const [workdir] = instructions("WORKDIR").flat();
  const page = instructions("COPY").find(([from]) => from === "--from=build");
  expect(page).toEqual(["--from=build", `${workdir}/dist`, "/srv/graderspace/dist"]);
  expect(lines("tools/hosts/nginx.conf").map((line) => line.trim())).toContain(`root ${page?.at(-1)};`);
});
