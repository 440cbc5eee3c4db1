import { say } from "../../core/language/say.ts";
import { baseName, type SourceFile } from "../bytes/source-file.ts";
import type { Sorted } from "./sort-files.ts";

/**
 * What a DICOMDIR says of the files beside it: listed ones that are missing are noted; what it does not list and cannot be
 * read (a viewer, a web page, as on a CD) is counted, not told one by one. A DICOMDIR without its files says nothing.
 */
export function byDirectory(sorted: Sorted, files: readonly SourceFile[]): Sorted {
  let { leftOut } = sorted;
  const notes = [...sorted.notes];
  const there = new Set(files.map(({ name }) => keyOf(name)));
  for (const { file, names } of sorted.lists) {
    const folder = file.slice(0, file.length - baseName(file).length);
    const listed = new Set(names.map((name) => keyOf(folder + name)));
    const missing = names.filter((name) => !there.has(keyOf(folder + name)));
    if (missing.length === names.length) continue;
    if (missing.length > 0) {
      const first = missing[0]?.slice(0, 60) ?? "";
      const which = missing.length > 1 ? say`${first} and ${missing.length - 1} more` : first;
      notes.push(say`${baseName(file)} lists files that are not here: ${which}`);
    }
    const told = leftOut.filter(({ facts }) => !isBelow(facts.file, folder) || listed.has(keyOf(facts.file)));
    const untold = leftOut.length - told.length;
    if (untold > 0) notes.push(say`Files that ${baseName(file)} does not list were left out: ${untold}`);
    leftOut = told;
  }
  return { ...sorted, notes, leftOut };
}

function isBelow(file: string | undefined, folder: string): file is string {
  return file?.startsWith(folder) ?? false;
}

/** Names on a CD may be in capitals alone, and end with a version. */
function keyOf(name: string): string {
  return name.toUpperCase().replace(/;1$/, "").replace(/\.$/, "");
}
