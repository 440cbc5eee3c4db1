import { createHash } from "node:crypto";
import { parseSync } from "oxc-parser";

/** One small change of a source file: the text from `start` to `end` becomes `to`. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

type Node = { readonly type: string; readonly start: number; readonly end: number } & Record<string, unknown>;

const OPERATORS: Readonly<Record<string, string>> = {
  ...{ "+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "**": "*", "&": "|", "|": "&", "<<": ">>", ">>": "<<" },
  ...{ "<": "<=", "<=": "<", ">": ">=", ">=": ">", "===": "!==", "!==": "===", "&&": "||", "||": "&&" },
  ...{ "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "++": "--", "--": "++" },
};
const CALLS: Readonly<Record<string, string>> = { min: "max", max: "min", floor: "ceil", ceil: "floor" };

/** Every change that the file allows, in the order of its text. Types, imports and strings stay as they are. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const found: Mutant[] = [];
  const add = (start: number, end: number, to: string) =>
    found.push({ file, line: text.slice(0, start).split("\n").length, start, end, from: text.slice(start, end), to });
  const swap = (operator: string, from: number, to: number) => {
    const at = text.slice(from, to).indexOf(operator);
    const other = OPERATORS[operator];
    if (at >= 0 && other) add(from + at, from + at + operator.length, other);
  };
  const negate = (test: Node | null) => test && add(test.start, test.end, `!(${text.slice(test.start, test.end)})`);
  /** The 0 with which a loop begins is not made −1: a typed array has nothing there to read or to write. */
  const firsts = new Set<number>();
  const visit = (node: Node): void => {
    const part = (name: string) => node[name] as Node;
    if (node.type === "ForStatement" && node["init"])
      for (const { init } of (part("init")["declarations"] ?? []) as { readonly init: Node | null }[])
        if (init?.["value"] === 0) firsts.add(init.start);
    if (node.type === "BinaryExpression" || node.type === "LogicalExpression" || node.type === "AssignmentExpression") {
      const words = [part("left"), part("right")].some((side) => /TemplateLiteral/.test(side.type) || isText(side));
      if (!words || !/^\+=?$/.test(node["operator"] as string))
        swap(node["operator"] as string, part("left").end, part("right").start);
    } else if (node.type === "UpdateExpression") swap(node["operator"] as string, node.start, node.end);
    else if (node.type === "Literal" && typeof node["value"] === "boolean")
      add(node.start, node.end, String(!node["value"]));
    else if (node.type === "Literal" && typeof node["value"] === "number")
      for (const step of firsts.has(node.start) ? [1] : [1, -1]) add(node.start, node.end, `(${node["value"] + step})`);
    else if (node.type === "ConditionalExpression" || node.type === "IfStatement") negate(part("test"));
    else if (node.type === "UnaryExpression" && /^[!-]$/.test(node["operator"] as string))
      add(node.start, node.start + 1, " ");
    else if (node.type === "ExpressionStatement" || /^(Break|Continue|Throw)Statement$/.test(node.type))
      add(node.start, node.end, ";");
    else if (node.type === "ReturnStatement" && node["argument"]) add(node.start, node.end, "return;");
    else if (node.type === "MemberExpression" && part("object")["name"] === "Math") {
      const other = CALLS[part("property")["name"] as string];
      if (other) add(part("property").start, part("property").end, other);
    }
    const inside = /^TS(As|NonNull|Satisfies)/.test(node.type) ? [node["expression"]] : Object.values(node);
    for (const value of inside)
      for (const child of Array.isArray(value) ? value : [value])
        if (isNode(child) && (!/^(TS|Import)/.test(child.type) || /^TS(As|NonNull|Satisfies)/.test(child.type)))
          visit(child);
  };
  visit(parseSync(file, text).program as unknown as Node);
  return found;
}

/** The same `count` of them for the same seed, and most of the same ones after a change elsewhere in the sources. */
export function sampleOf(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const order = (m: Mutant) => createHash("sha256").update(`${seed}|${m.file}|${m.start}|${m.to}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, key: order(mutant) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}

function isText(node: Node): boolean {
  return node.type === "Literal" && typeof node["value"] === "string";
}

/** The share k of n with its 95 % interval (Wilson, J Am Stat Assoc 22:209–212, 1927). */
export function shareOf(k: number, n: number): { readonly share: number; readonly low: number; readonly high: number } {
  const z = 1.96;
  const middle = (k + z ** 2 / 2) / (n + z ** 2);
  const half = (z / (n + z ** 2)) * Math.sqrt((k * (n - k)) / n + z ** 2 / 4);
  return { share: k / n, low: middle - half, high: middle + half };
}
