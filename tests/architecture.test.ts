import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";

/**
 * The rooms of the house and the doors between them (README, "The house"). `packages` are name prefixes; `types` may
 * be imported from where values may not. Roots (src/*.ts, src/*.tsx) put the rooms together and may import all.
 */
interface Room {
  rooms: string[];
  types?: string[];
  packages: string[];
  never?: RegExp;
}
const TENSORS = ["@tensorflow/tfjs-core"];
const ROOMS: Record<string, Room> = {
  core: {
    rooms: [],
    packages: ["pure-rand", "munkres", "d3-contour", "@noble/hashes", "valibot"],
    never: /\bMath\.random\b|\bDate\.now\b|\bnew Date\b|\bdocument\.|\bwindow\./,
  },
  io: {
    rooms: ["core"],
    packages: ["@cornerstonejs/", "@noble/hashes", "fflate", "fast-png", "fast-xml-parser", "valibot"],
    never: /\bfetch\(|\bdocument\.|\bwindow\./,
  },
  model: { rooms: ["core"], types: ["engine"], packages: TENSORS },
  gpu: { rooms: ["core"], packages: [] },
  wasm: { rooms: ["core"], packages: [] },
  engine: { rooms: ["core", "model", "wasm", "gpu"], packages: ["@tensorflow/"] },
  state: { rooms: ["core", "io"], types: ["engine"], packages: ["zustand", "zundo", "react"] },
  ui: { rooms: ["core", "state"], packages: ["react", "react-dom", "zustand", "d3-scale", "tinykeys"] },
  tools: { rooms: ["core", "io"], packages: ["node:"] },
  cli: { rooms: ["core", "io", "model", "engine", "wasm"], packages: ["@tensorflow/", "node:"] },
};
/** The one place where the store meets React. */
const REACT_IN_STATE = /^state\/app\/react\.tsx$/;
const DRAWERS = /(^|\/)(utils?|helpers?|common|misc|shared|index)\.tsx?$/;

const src = resolve(import.meta.dirname, "../src");
const tools = resolve(import.meta.dirname, "../tools");

/** "core/errors.ts", and "tools/cases.ts" for what lies beside src. */
function nameOf(path: string): string {
  return relative(src, path)
    .replaceAll("\\", "/")
    .replace(/^\.\.\/tools\//, "tools/");
}

function pathOf(file: string): string {
  return file.startsWith("tools/") ? join(tools, "..", file) : join(src, file);
}

function targetOf({ from, specifier }: Pick<Import, "from" | "specifier">): string {
  return nameOf(resolve(dirname(pathOf(from)), specifier.replace(/\?.*$/, "")));
}

interface Import {
  from: string;
  specifier: string;
  typeOnly: boolean;
}

function sources(folder = src): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.tsx?$/.test(entry.name) ? [nameOf(path)] : [];
  });
}

/** Static and dynamic imports, re-exports included. */
function importsOf(file: string, text: string): Import[] {
  const { module } = parseSync(file, text);
  const fixed = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: file,
    specifier: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const passedOn = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ from: file, specifier: moduleRequest.value, typeOnly: isType }] : [],
    ),
  );
  const onDemand = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const quoted = text.slice(start, end).match(/^["'`](.+)["'`]$/);
    return quoted?.[1] ? [{ from: file, specifier: quoted[1], typeOnly: false }] : [];
  });
  return [...fixed, ...passedOn, ...onDemand];
}

function roomOf(file: string): string | null {
  return file.includes("/") ? (file.split("/")[0] as string) : null;
}

/** The sentence for a forbidden import; null for an allowed one. */
function verdict({ from, specifier, typeOnly }: Import): string | null {
  const name = roomOf(from);
  if (name === null) return null; // a root
  const room = ROOMS[name];
  if (!room) return `${from}: there is no room "${name}"`;
  const said = `${from} imports ${specifier}`;
  if (!specifier.startsWith(".")) {
    if (specifier === "react" || specifier === "react-dom") {
      if (name === "state" && !REACT_IN_STATE.test(from)) return `${said}, but only state/app/react.tsx may know React`;
    }
    return room.packages.some((prefix) => specifier.startsWith(prefix)) ? null : said;
  }
  const target = targetOf({ from, specifier });
  if (target.startsWith("..")) return typeOnly ? null : `${said}, outside src`;
  const there = roomOf(target);
  if (there === null) return `${said}, a root`;
  if (there === name || room.rooms.includes(there)) return null;
  return typeOnly && room.types?.includes(there) ? null : said;
}

describe("the house", () => {
  const files = [...sources(), ...sources(tools)];
  const texts = new Map(files.map((file) => [file, readFileSync(pathOf(file), "utf8")]));
  const imports = files.flatMap((file) => importsOf(file, texts.get(file) as string));

  it("sees the imports it judges", () => {
    expect(
      importsOf("core/a.ts", 'import { x } from "../io/b.ts"; export * from "./c.ts"; await import("d");'),
    ).toEqual([
      { from: "core/a.ts", specifier: "../io/b.ts", typeOnly: false },
      { from: "core/a.ts", specifier: "./c.ts", typeOnly: false },
      { from: "core/a.ts", specifier: "d", typeOnly: false },
    ]);
    expect(verdict({ from: "core/a.ts", specifier: "../io/b.ts", typeOnly: false })).toContain("core/a.ts imports");
    expect(verdict({ from: "io/a.ts", specifier: "../core/b.ts", typeOnly: false })).toBeNull();
    expect(verdict({ from: "state/a.ts", specifier: "../engine/b.ts", typeOnly: false })).not.toBeNull();
    expect(verdict({ from: "state/a.ts", specifier: "../engine/b.ts", typeOnly: true })).toBeNull();
  });

  it("lets each room import only what its row in the table names", () => {
    expect(imports.map(verdict).filter(Boolean)).toEqual([]);
  });

  it("keeps clock, dice and document out of the rooms that must be pure", () => {
    const found = files.filter((file) => {
      const never = ROOMS[roomOf(file) ?? ""]?.never;
      const code = (texts.get(file) as string).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      return never?.test(code);
    });
    expect(found).toEqual([]);
  });

  it("has no drawer of odds and ends, and no barrel file", () => {
    expect(files.filter((file) => DRAWERS.test(file))).toEqual([]);
  });

  it("has no file past 350 lines", () => {
    expect(files.filter((file) => (texts.get(file) as string).split("\n").length > 350)).toEqual([]);
  });

  it("has no import cycle", () => {
    const edges = new Map<string, string[]>();
    for (const { from, specifier, typeOnly } of imports) {
      if (!specifier.startsWith(".") || typeOnly) continue;
      const target = targetOf({ from, specifier });
      if (existsSync(pathOf(target))) edges.set(from, [...(edges.get(from) ?? []), target]);
    }
    expect(findCycle(edges)).toBeNull();
    expect(
      findCycle(
        new Map([
          ["a", ["b"]],
          ["b", ["a"]],
        ]),
      ),
    ).toEqual(["a", "b", "a"]);
  });
});

function findCycle(edges: Map<string, string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, path: string[]): string[] | null => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return null;
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next, [...path, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return null;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node, []);
    if (cycle) return cycle;
  }
  return null;
}
