import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { Detached } from "../open/format.ts";
import { numberedNames } from "../open/numbered-names.ts";

const DATA_FILE = /^data ?file:[ \t]*(.+?)[ \t]*$/i;
const ENDS_THE_LIST = /^[ \t]*$/;

/**
 * Where a header (.nhdr) says that its numbers lie: in one file, in a LIST of them, or in numbered ones (teem's format
 * definition, §data file). Null where it says nothing of other files.
 * @throws UnsupportedPixels where several files cannot simply follow each other
 */
export function detachedNrrd(head: Uint8Array, file: string): Detached | null {
  const lines = new TextDecoder().decode(head).split(/\r?\n/);
  const end = lines.indexOf("");
  const at = lines.slice(0, end < 0 ? undefined : end).findIndex((line) => DATA_FILE.test(line));
  if (at < 0) return null;
  const said = DATA_FILE.exec(lines[at] as string)?.[1] as string;
  const listed = /^list([ \t]+\d+)?$/i.test(said);
  const rest = listed ? [] : lines.slice(at + 1, end < 0 ? undefined : end);
  const fields = [...lines.slice(0, at), ...rest];
  const header = `${fields.join("\n").trimEnd()}\n\n`;
  if (!listed) {
    const numbered = numberedNames(said);
    if (!numbered) return { names: [said], header, skip: 0 };
    return several(numbered, header, file);
  }
  const below = lines.slice(at + 1);
  const last = below.findIndex((line) => ENDS_THE_LIST.test(line));
  const names = below.slice(0, last < 0 ? undefined : last).map((line) => line.trim());
  return names.length === 0 ? null : several(names, header, file);
}

/** @throws UnsupportedPixels */
function several(names: string[], header: string, file: string): Detached {
  const skips = /^(line|byte) ?skip:[ \t]*(?!0[ \t]*$)/im.test(header);
  const text = /^encoding:[ \t]*(text|txt|ascii)[ \t]*$/im.test(header);
  if (names.length > 1 && (skips || text)) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its numbers lie in several files, ${skips ? say`with a part of each to be skipped` : say`as text`}, which is not read`,
      remedy: say`save it as one .nrrd file, raw or gzip`,
    });
  }
  return { names, header, skip: 0 };
}
