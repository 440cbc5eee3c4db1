import { parseSync } from "oxc-parser";
import { messageId, sayCount } from "../src/core/language/say.ts";
import { type Node, sourcesIn, textOf, walk } from "./source-code.ts";

/** The messages of the source: say`…`, t`…`, rich`…`, and counts with their two English forms. */

const TAGS = ["say", "t", "rich"];
const COUNTS = ["sayCount", "counted"];

/** Names of the messages in a file, in its order. Those without words ("{0} ({1})") need no catalogue. */
export function messagesIn(file: string, text: string): string[] {
  const found: string[] = [];
  walk(parseSync(file, text).program as unknown as Node, (node) => {
    if (node.type === "TaggedTemplateExpression" && TAGS.includes(nameOf(node["tag"])))
      found.push(messageId(piecesOf(node["quasi"] as Node)));
    else if (node.type === "CallExpression" && COUNTS.includes(nameOf(node["callee"]))) {
      const id = countId((node["arguments"] as Node[])[1]);
      if (id !== null) found.push(id);
    }
  });
  return [...new Set(found)].filter(hasWords);
}

/** By the part of a catalogue that they belong to; one that is said in several parts belongs to the first. */
export function messagesByPart(): ReadonlyMap<string, readonly string[]> {
  const parts = new Map(PARTS.map(([name]) => [name, [] as string[]]));
  const taken = new Set<string>();
  const files = sourcesIn("src").map((file) => [partOf(file), file] as const);
  for (const [part, ids] of parts)
    for (const [, file] of files.filter(([name]) => name === part))
      for (const id of messagesIn(file, textOf(file))) {
        if (!taken.has(id)) ids.push(id);
        taken.add(id);
      }
  return parts;
}

/** {0}, {1} and so on in a message, sorted. */
export function placesIn(message: string): readonly string[] {
  return [...new Set(message.match(/\{\d+(?=[},])/g) ?? [])].sort();
}

/** A part of each catalogue and the folders whose messages stand in it; the last takes what is left. */
const PARTS: readonly (readonly [string, RegExp])[] = [
  ["page", /^src\/(ui|state)\/(app|controls|canvas|dialogs|archive|cases|models|language)\//],
  ["explore", /^src\/(ui|state)\/explore\//],
  ["learn", /^src\/(ui|state)\/(learn|train|tour|concepts)\//],
  ["evaluate", /^src\/(ui|state)\/(evaluate|compare|lesion)\//],
  ["files", /^src\/io\//],
  ["systems", /^src\//],
];

function partOf(file: string): string {
  return PARTS.find(([, folders]) => folders.test(file))?.[0] as string;
}

/** Clauses that a semicolon joins are sentences of their own in other languages. */
const CLAUSES = /\}; \{/;

function hasWords(id: string): boolean {
  if (CLAUSES.test(id)) return true;
  return /\p{L}/u.test(id.replace(/\{\d+\}/g, ""));
}

function nameOf(node: unknown): string {
  return ((node as Node)["name"] as string | undefined) ?? "";
}

function piecesOf(quasi: Node): string[] {
  return (quasi["quasis"] as Node[]).map((piece) => (piece["value"] as { readonly cooked: string }).cooked);
}

/** Of the literal `{ one: "# slice", other: "# slices" }`; null where the forms come from elsewhere. */
function countId(forms: Node | undefined): string | null {
  if (forms?.type !== "ObjectExpression") return null;
  const texts = Object.fromEntries(
    (forms["properties"] as Node[]).map((property) => [
      nameOf(property["key"]),
      (property["value"] as Node)["value"] as string,
    ]),
  );
  return sayCount(2, { one: texts["one"] ?? "", other: texts["other"] ?? "" }).id;
}
