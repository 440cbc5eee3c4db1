import { existsSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { CATALOGUE, errorCatalogue, housePicture, PICTURE, TESTS } from "../tools/house.ts";
import {
  exportsOf,
  fieldsWritten,
  findCycle,
  type Import,
  importsOf,
  sourcesIn,
  targetOf,
  textOf,
  withoutComments,
} from "../tools/source-code.ts";
import { testedTogether, testsReadme } from "../tools/tested-together.ts";

/**
 * The rooms of the house and the doors between them (README, "The house"). `packages` are name prefixes; `types` may
 * be imported from where values may not. Roots (src/*.ts, src/*.tsx) put the rooms together and may import all.
 */
interface Room {
  readonly rooms: readonly string[];
  readonly types?: readonly string[];
  readonly packages: readonly string[];
  readonly never?: RegExp;
}

const TENSORS = ["@tensorflow/tfjs-core"];
const ROOMS: Readonly<Record<string, Room>> = {
  "src/core": {
    rooms: [],
    packages: ["@noble/hashes/", "d3-contour", "munkres", "pure-rand", "valibot"],
    never:
      /\b(Math\.random|Date\.now|new Date|performance|navigator|setTimeout|MessageChannel|document|window|globalThis)\b(?!:)/,
  },
  "src/io": {
    rooms: ["src/core"],
    packages: [
      "@cornerstonejs/",
      "@noble/hashes/",
      "fast-png",
      "fast-xml-parser",
      "fflate",
      "nifti-reader-js",
      "valibot",
    ],
    never: /\bfetch\(|\bdocument\.|\bwindow\./,
  },
  "src/model": { rooms: ["src/core"], packages: [...TENSORS, "onnxruntime-web"] },
  "src/gpu": { rooms: ["src/core"], packages: [] },
  "src/wasm": { rooms: ["src/core"], packages: [] },
  "src/engine": { rooms: ["src/core", "src/model", "src/wasm", "src/gpu"], packages: ["@tensorflow/"] },
  "src/state": { rooms: ["src/core", "src/io"], types: ["src/engine"], packages: ["idb", "react", "zundo", "zustand"] },
  "src/ui": {
    rooms: ["src/core", "src/state"],
    packages: ["@lingui/", "d3-array", "d3-scale", "react", "react-dom", "tinykeys", "zustand"],
  },
  "src/cli": {
    rooms: ["src/core", "src/io", "src/model", "src/engine", "src/wasm"],
    packages: ["@tensorflow/", "node:"],
  },
  tools: { rooms: ["src/core", "src/io", "src/cli"], packages: ["node:", "oxc-parser"] },
};

/** The features of the page and which others each of them knows: what is common lies in app, cases and models. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  "src/state/app": [],
  "src/state/models": ["app", "cases"],
  "src/state/cases": ["app", "models"],
  "src/state/explore": ["app", "cases", "models"],
  "src/state/compare": ["app", "cases", "models", "explore"],
  "src/state/lesion": ["app", "cases", "models", "explore"],
  "src/state/learn": ["app", "cases", "models", "explore"],
  "src/state/evaluate": ["app", "cases", "models"],
  "src/state/archive": ["app", "cases"],
  "src/state/train": ["app"],
};
/** They put the features together. */
const COMPOSERS = [
  "src/state/app/create.ts",
  "src/state/app/link/address.ts",
  "src/state/app/on-demand/runs.ts",
  "src/state/app/react.tsx",
  "src/state/app/ports.ts",
  "src/state/app/shape.ts",
];

/** The one place where the store meets React. */
const REACT_IN_STATE = "src/state/app/react.tsx";
const DRAWERS = /(^|\/)(utils?|helpers?|common|misc|shared|index)\.tsx?$/;
const MOST_FILES = 14;
const MOST_LINES = 350;

const files = [...sourcesIn("src"), ...sourcesIn("tools")];
const texts = new Map(files.map((file) => [file, textOf(file)]));
const imports = files.flatMap((file) => importsOf(file, texts.get(file) as string));

function roomOf(file: string): string | null {
  return Object.keys(ROOMS).find((room) => file.startsWith(`${room}/`)) ?? null;
}

/** The sentence for a forbidden import; null for an allowed one. */
function verdict({ from, specifier, typeOnly }: Pick<Import, "from" | "specifier" | "typeOnly">): string | null {
  const name = roomOf(from);
  if (name === null) return /^src\/[^/]+$/.test(from) ? null : `${from} lies in no room`; // else a root
  const room = ROOMS[name] as Room;
  const said = `${from} imports ${specifier}`;
  const target = targetOf({ from, specifier });
  if (target === null) {
    if (name === "src/state" && specifier === "react" && from !== REACT_IN_STATE)
      return `${said}, but only ${REACT_IN_STATE} may know React`;
    return room.packages.some((prefix) => specifier.startsWith(prefix)) ? null : said;
  }
  const there = roomOf(target);
  if (there === null) return typeOnly ? null : `${said}, which is in no room`;
  if (there === name || room.rooms.includes(there)) return null;
  return typeOnly && room.types?.includes(there) ? null : said;
}

/** The same for the features of the page's state. */
function featureVerdict({ from, specifier }: Pick<Import, "from" | "specifier">): string | null {
  const featureOf = (file: string) => Object.keys(FEATURES).find((feature) => file.startsWith(`${feature}/`));
  const [mine, target] = [featureOf(from), targetOf({ from, specifier })];
  const other = target === null ? undefined : featureOf(target);
  if (!mine || !other || mine === other || COMPOSERS.includes(from)) return null;
  return FEATURES[mine]?.includes(other.slice("src/state/".length)) ? null : `${from} imports ${specifier}`;
}

describe("the house", () => {
  it("sees the imports it judges", () => {
    const text = 'import { x } from "../io/b.ts"; export * from "./c.ts"; await import("d");';
    expect(importsOf("src/core/a.ts", text).map(({ specifier }) => specifier)).toEqual(["../io/b.ts", "./c.ts", "d"]);
    expect(verdict({ from: "src/core/a.ts", specifier: "../io/b.ts", typeOnly: false })).toContain(
      "src/core/a.ts imports",
    );
    expect(verdict({ from: "src/io/a.ts", specifier: "../core/b.ts", typeOnly: false })).toBeNull();
    expect(verdict({ from: "src/state/a.ts", specifier: "../engine/b.ts", typeOnly: false })).not.toBeNull();
    expect(verdict({ from: "src/state/a.ts", specifier: "../engine/b.ts", typeOnly: true })).toBeNull();
    expect(verdict({ from: "src/odd/a.ts", specifier: "./b.ts", typeOnly: true })).toContain("lies in no room");
    expect(featureVerdict({ from: "src/state/evaluate/a.ts", specifier: "../explore/b.ts" })).not.toBeNull();
    expect(featureVerdict({ from: "src/state/compare/a.ts", specifier: "../explore/b.ts" })).toBeNull();
  });

  it("lets each room import only what its row in the table names", () => {
    expect(imports.map(verdict).filter(Boolean)).toEqual([]);
  });

  it("lets each feature of the page know only those that its row names", () => {
    expect(imports.map(featureVerdict).filter(Boolean)).toEqual([]);
  });

  it("keeps clock, dice and document out of the rooms that must be pure", () => {
    const found = files.filter((file) => {
      const never = ROOMS[roomOf(file) ?? ""]?.never;
      return never?.test(withoutComments(texts.get(file) as string));
    });
    expect(found).toEqual([]);
  });

  it("has no drawer of odds and ends, and no barrel file", () => {
    expect(files.filter((file) => DRAWERS.test(file))).toEqual([]);
  });

  it(`has no file past ${MOST_LINES} lines, and no folder past ${MOST_FILES} files`, () => {
    expect(files.filter((file) => (texts.get(file) as string).split("\n").length > MOST_LINES)).toEqual([]);
    const counts = new Map<string, number>();
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > MOST_FILES)).toEqual([]);
  });

  it("has no import cycle; types count", () => {
    const edges = new Map<string, string[]>();
    for (const one of imports) {
      const target = targetOf(one);
      if (target && texts.has(target)) edges.set(one.from, [...(edges.get(one.from) ?? []), target]);
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

  it("gives every exported name one home", () => {
    const homes = new Map<string, string[]>();
    for (const [file, text] of texts)
      for (const name of exportsOf(file, text)) homes.set(name, [...(homes.get(name) ?? []), file]);
    expect([...homes].filter(([, where]) => where.length > 1)).toEqual([]);
  });

  it("exports nothing for tests alone", () => {
    const bench = sourcesIn("tests/bench").flatMap((file) => importsOf(file, textOf(file)));
    const used = new Set([...imports, ...bench].flatMap((one) => one.names.map((name) => `${targetOf(one)} ${name}`)));
    const build = readdirSync("scripts")
      .filter((name) => name.endsWith(".mjs"))
      .map((name) => textOf(`scripts/${name}`));
    const idle = [...texts].flatMap(([file, text]) =>
      exportsOf(file, text).filter((name) => {
        if (!file.startsWith("src/")) return false;
        if (build.some((script) => script.includes(`"/${file}"`) && script.includes(name))) return false;
        const mentions = withoutComments(text).match(new RegExp(`\\b${name.replace("$", "\\$")}\\b`, "g")) ?? [];
        return mentions.length === 1 && !used.has(`${file} ${name}`) && !used.has(`${file} *`);
      }),
    );
    expect(idle).toEqual([]);
  });

  it("lets one module write each field of the page's state", () => {
    const writers = new Map<string, string[]>();
    for (const [file, text] of texts) {
      if (!file.startsWith("src/state/") && !file.startsWith("src/ui/")) continue;
      for (const field of fieldsWritten(file, text)) writers.set(field, [...(writers.get(field) ?? []), file]);
    }
    expect([...writers].filter(([, where]) => where.length > 1)).toEqual([]);
    expect(writers.size).toBeGreaterThan(30);
    const text = "store.setState((s) => (s.a ? { one: 1 } : { two: 2 })); store.setState({ ...f(), three });";
    expect([...fieldsWritten("a.ts", text)]).toEqual(["one", "two", "three"]);
  });

  it("is as its picture and its catalogue of errors say", () => {
    expect(textOf(PICTURE), "run npm run house").toBe(housePicture());
    expect(textOf(CATALOGUE), "run npm run house").toBe(errorCatalogue());
    expect(textOf(TESTS), "run npm run house").toBe(testsReadme());
  });

  it("has a test for every module: one of its own, or one that the table of tests names", () => {
    expect([...testedTogether()].filter(([, tests]) => tests.length === 0).map(([file]) => file)).toEqual([]);
  });

  it("names what is there", () => {
    for (const path of [...Object.keys(ROOMS), ...Object.keys(FEATURES), ...COMPOSERS])
      expect(existsSync(resolve(import.meta.dirname, "..", path)), path).toBe(true);
  });
});
