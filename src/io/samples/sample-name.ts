import { baseName } from "../bytes/source-file.ts";

/** How the files, folders and arrays of a method's samples are told from all others. */
const MARK = "samples_";
const LONGEST = 60;
/** What is in an archive lies in a folder called after it. */
const ARCHIVE = /\.(zip|tar|tgz|tar\.gz)$/i;

/**
 * The method that a path says its samples are of: a folder `samples_flow/`, or a file `samples_flow.npz`,
 * `samples_flow-001.png`; null where it says nothing.
 */
export function methodOfPath(path: string): string | null {
  const parts = path.split("/");
  for (const [depth, part] of parts.entries()) {
    if (!part.startsWith(MARK)) continue;
    const said = part.slice(MARK.length);
    const name = depth === parts.length - 1 ? withoutNumber(withoutEnding(said)) : said.replace(ARCHIVE, "");
    if (name !== "" && !name.startsWith(".")) return name.slice(0, LONGEST);
  }
  return null;
}

/** The same of an array's name in an npz. */
export function methodOfArray(name: string): string | null {
  return name.startsWith(MARK) && name.length > MARK.length ? name.slice(MARK.length, MARK.length + LONGEST) : null;
}

/** What the samples of a file that says nothing may be called: what its name begins with. */
export function nameFromFile(path: string): string {
  const name = withoutNumber(withoutEnding(baseName(path)));
  return name === "" ? "samples" : name.slice(0, LONGEST);
}

/** The path under which a file says by itself whose samples it holds. */
export function pathForMethod(method: string, path: string): string {
  return methodOfPath(path) === method ? path : `${MARK}${method.replaceAll("/", "-")}/${baseName(path)}`;
}

function withoutEnding(name: string): string {
  const dot = name.indexOf(".", 1);
  return dot < 0 ? name : name.slice(0, dot);
}

/** "flow-001" → "flow". */
function withoutNumber(name: string): string {
  return name.replace(/[-_ ]+\d+$/, "");
}
