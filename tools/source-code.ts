import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseSync } from "oxc-parser";

/** What a file's text says of the files round it; nothing is run. */

const root = resolve(import.meta.dirname, "..");

/** One import, export-from or dynamic import. `names`: what is taken, as the other file calls it; "*" where all is. */
export interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly names: readonly string[];
}

/** Every TypeScript file below the folder, as paths from the project's root. */
export function sourcesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

export function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

/** Code alone: a comment may name what code may not use. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, "");
}

/** Static and dynamic imports, re-exports included. */
export function importsOf(file: string, text: string): Import[] {
  const { module } = parseSync(file, text);
  const fixed = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: file,
    specifier: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
    names: entries.map(({ importName }) => importName.name ?? "*"),
  }));
  const passedOn = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType, importName }) =>
      moduleRequest
        ? [{ from: file, specifier: moduleRequest.value, typeOnly: isType, names: [importName.name ?? "*"] }]
        : [],
    ),
  );
  const onDemand = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const quoted = text.slice(start, end).match(/^["'`](.+)["'`]$/);
    return quoted?.[1] ? [{ from: file, specifier: quoted[1], typeOnly: false, names: ["*"] }] : [];
  });
  return [...fixed, ...passedOn, ...onDemand];
}

/** The names that a file gives to others, types included. */
export function exportsOf(file: string, text: string): string[] {
  const { module } = parseSync(file, text);
  return module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ exportName, moduleRequest }) => (moduleRequest ? [] : (exportName.name ?? []))),
  );
}

/** Whether a file holds nothing but types: nothing of it runs. */
export function isTypesAlone(file: string, text: string): boolean {
  const { module } = parseSync(file, text);
  return module.staticExports.every(({ entries }) => entries.every(({ isType }) => isType));
}

/** The file that a relative specifier leads to, as a path from the project's root; null for a package. */
export function targetOf({ from, specifier }: Pick<Import, "from" | "specifier">): string | null {
  if (!specifier.startsWith(".")) return null;
  return relative(root, resolve(root, dirname(from), specifier.replace(/\?.*$/, ""))).replaceAll("\\", "/");
}

/** A way round from a file back to itself; null where there is none. */
export function findCycle(edges: ReadonlyMap<string, readonly string[]>): string[] | null {
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] | null => {
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

/** Of the syntax tree. */
export interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The fields that a file hands to `setState`, whichever way the object comes about. */
export function fieldsWritten(file: string, text: string): ReadonlySet<string> {
  const found = new Set<string>();
  const objects = (node: unknown): void => {
    if (!isNode(node)) return;
    if (node.type === "ObjectExpression") {
      for (const property of node["properties"] as Node[]) {
        const key = property["key"] as Node | undefined;
        if (property.type === "Property" && key?.type === "Identifier") found.add(key["name"] as string);
        if (property.type === "SpreadElement") objects(property["argument"]);
      }
    } else if (node.type === "ConditionalExpression")
      for (const side of ["consequent", "alternate"]) objects(node[side]);
    else if (node.type === "ArrowFunctionExpression") objects(node["body"]);
    else if (node.type === "BlockStatement")
      walk(node, (inner) => inner.type === "ReturnStatement" && objects(inner["argument"]));
    else if (node.type === "ParenthesizedExpression" || node.type === "LogicalExpression")
      for (const part of ["expression", "right"]) objects(node[part]);
  };
  walk(parseSync(file, text).program as unknown as Node, (node) => {
    if (node.type !== "CallExpression") return;
    const callee = node["callee"] as Node;
    const name = ((callee["property"] as Node | undefined)?.["name"] ?? callee["name"]) as string | undefined;
    if (name === "setState") objects((node["arguments"] as Node[])[0]);
  });
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

/** Visits a node and all below it, each before what is in it. */
export function walk(node: Node, visit: (node: Node) => unknown): void {
  visit(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit);
  }
}
