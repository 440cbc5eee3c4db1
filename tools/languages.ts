import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { messagesByPart, placesIn } from "./message-ids.ts";

/** `npm run languages -- [CODE]`: brings the catalogues in line with the source, and says what is missing in them. */

const FOLDER = resolve(import.meta.dirname, "..", "src", "languages");

type Catalogue = Readonly<Record<string, string>>;

/** Those that there are, by their folders. */
export function languages(): string[] {
  return readdirSync(FOLDER).sort();
}

/** All parts of a language joined; "" is not translated yet. */
export function catalogueOf(language: string): Catalogue {
  const folder = join(FOLDER, language);
  if (!existsSync(folder)) return {};
  const parts = readdirSync(folder).map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Catalogue);
  return Object.assign({}, ...parts);
}

export interface Shortcomings {
  readonly missing: readonly string[];
  /** Not in the source any more. */
  readonly idle: readonly string[];
  /** Whose {0}, {1} are not those of the English message. */
  readonly misplaced: readonly string[];
}

export function shortcomings(catalogue: Catalogue): Shortcomings {
  const ids = [...messagesByPart().values()].flat();
  const known = new Set(ids);
  return {
    missing: ids.filter((id) => !catalogue[id]),
    idle: Object.keys(catalogue).filter((id) => !known.has(id)),
    misplaced: ids.filter((id) => catalogue[id] && placesIn(id).join() !== placesIn(catalogue[id]).join()),
  };
}

/** A file a part, its messages in the order of the source; what was translated stays, what is idle goes. */
function writeParts(language: string, catalogue: Catalogue): void {
  mkdirSync(join(FOLDER, language), { recursive: true });
  for (const [part, ids] of messagesByPart()) {
    const lines = Object.fromEntries(ids.map((id) => [id, catalogue[id] ?? ""]));
    const missing = ids.filter((id) => !catalogue[id]).length;
    writeFileSync(join(FOLDER, language, `${part}.json`), `${JSON.stringify(lines, null, 2)}\n`);
    console.log(`src/languages/${language}/${part}.json: ${ids.length} messages, ${missing} not translated`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = process.argv.slice(2);
  for (const language of asked.length > 0 ? asked : languages()) {
    const catalogue = catalogueOf(language);
    const { idle, misplaced } = shortcomings(catalogue);
    writeParts(language, catalogue);
    for (const id of idle) console.log(`dropped, as the source has it no more: ${id}`);
    for (const id of misplaced) console.log(`other places than in English: ${id}`);
  }
}
