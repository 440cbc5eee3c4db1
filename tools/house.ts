import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Import, importsOf, sourcesIn, targetOf, textOf, withoutComments } from "./source-code.ts";
import { testsReadme } from "./tested-together.ts";

/** `npm run house`: the picture of the house and the table of tests from the imports, the catalogue of errors from their tags. */

export const PICTURE = "docs/house.svg";
export const CATALOGUE = "docs/errors.md";
export const TESTS = "tests/README.md";

const [WIDTH, BOX, HIGH, STEP] = [880, 150, 44, 104];

function roomOf(file: string): string {
  const [top, room, inner] = file.split("/");
  if (top !== "src") return top as string;
  return inner === undefined ? "roots" : (room as string);
}

/** Rooms that each room imports from, types included. */
function doors(imports: readonly Import[]): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const one of imports) {
    const [here, target] = [roomOf(one.from), targetOf(one)];
    const others = found.get(here) ?? new Set<string>();
    found.set(here, others);
    if (target?.startsWith("src/") && roomOf(target) !== here) others.add(roomOf(target));
  }
  return found;
}

/** How far a room stands above the lowest that it leans on. */
function storey(room: string, rooms: ReadonlyMap<string, ReadonlySet<string>>): number {
  return Math.max(-1, ...[...(rooms.get(room) ?? [])].map((other) => storey(other, rooms))) + 1;
}

/** Each room on its storey, an arrow to each room that it imports from. */
export function housePicture(): string {
  const files = [...sourcesIn("src"), ...sourcesIn("tools")];
  const rooms = doors(files.flatMap((file) => importsOf(file, textOf(file))));
  const storeys: string[][] = [];
  for (const room of [...rooms.keys()].sort()) (storeys[storey(room, rooms)] ??= []).push(room);
  const height = storeys.length * STEP;
  const place = new Map(
    storeys.flatMap((row, level) =>
      row.map((room, i) => [room, { x: ((i + 1) * WIDTH) / (row.length + 1), y: height - STEP / 2 - level * STEP }]),
    ),
  );
  const arrows = [...rooms].flatMap(([from, others]) =>
    [...others].sort().map((to) => {
      const [a, b] = [place.get(from), place.get(to)];
      if (!a || !b) return "";
      const line = `M${a.x} ${a.y + HIGH / 2} L${b.x} ${b.y - HIGH / 2 - 5}`;
      return `<path d="${line}" marker-end="url(#end)"><title>${from} imports ${to}</title></path>`;
    }),
  );
  const boxes = [...place].map(
    ([room, { x, y }]) =>
      `<rect x="${x - BOX / 2}" y="${y - HIGH / 2}" width="${BOX}" height="${HIGH}" rx="6"/>` +
      `<text x="${x}" y="${y + 5}">${room === "roots" ? "src/*.ts(x)" : room === "tools" ? "tools" : `src/${room}`}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="The rooms of the house and which imports which">
<style>rect{fill:#f4f6f8;stroke:#41505c}text{font:15px sans-serif;text-anchor:middle;fill:#101418}path{stroke:#41505c;stroke-opacity:.55;fill:none}</style>
<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#41505c" stroke="none"/></marker></defs>
${[...arrows, ...boxes].join("\n")}
</svg>
`;
}

/** A row per tag of the closed set: where such an error is made. */
export function errorCatalogue(): string {
  const errors = textOf("src/core/errors.ts");
  const declared = errors.slice(errors.indexOf("export type ErrorTag"), errors.indexOf("export interface ErrorFacts"));
  const made = new Map<string, Set<string>>();
  for (const file of [...sourcesIn("src"), ...sourcesIn("tools")])
    for (const [, tag] of withoutComments(textOf(file)).matchAll(/"([A-Z][A-Za-z]+)"/g))
      made.set(tag as string, (made.get(tag as string) ?? new Set()).add(roomOf(file)));
  const rows = [...declared.matchAll(/\/\/ (.+)|"(\w+)"/g)].map(([, group, tag]) =>
    group
      ? `| **${group}** | |`
      : `| \`${tag}\` | ${[...(made.get(tag as string) ?? [])]
          .filter((room) => room !== "core")
          .sort()
          .join(", ")} |`,
  );
  return `# Errors

Every error that leaves a module on purpose is a \`GraderspaceError\` with one of these tags and a sentence made of its
facts: which file, what is wrong, what to do (\`src/core/errors.ts\`). Made by \`npm run house\` from the tags.

| tag | known to |
| --- | --- |
${rows.join("\n")}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(import.meta.dirname, "..");
  for (const [path, text] of [
    [PICTURE, housePicture()],
    [CATALOGUE, errorCatalogue()],
    [TESTS, testsReadme()],
  ] as const) {
    const file = resolve(root, path);
    mkdirSync(dirname(file), { recursive: true });
    const old = readIfThere(file);
    if (old !== text) writeFileSync(file, text);
    console.log(`${path}: ${old === text ? "as it was" : "written"}`);
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
