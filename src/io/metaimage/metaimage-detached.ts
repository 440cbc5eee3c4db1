import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { bytesPerNumber } from "../bytes/numbers.ts";
import type { Detached } from "../open/format.ts";
import { numberedNames } from "../open/numbered-names.ts";
import { readMetaImageHeader } from "./metaimage-header.ts";

const DATA_FILE = /^\s*ElementDataFile\s*=\s*(.*?)\s*$/;
const HEADER_SIZE = /^\s*HeaderSize\s*=\s*([-+]?\d{1,9})\s*$/;

/**
 * Where a header (.mhd) says that its numbers lie: in one file, in a LIST of them, or in numbered ones, each behind
 * `HeaderSize` bytes (−1: each ends with them). Null where they lie in the file itself.
 * @throws DamagedFile, UnsupportedPixels, TooLarge where the header cannot be read
 */
export function detachedMetaImage(head: Uint8Array, file: string): Detached | null {
  const lines = new TextDecoder().decode(head).split(/\r?\n/);
  const at = lines.findIndex((line) => DATA_FILE.test(line));
  const said = at < 0 ? "" : (DATA_FILE.exec(lines[at] as string)?.[1] as string);
  if (said === "" || said.toUpperCase() === "LOCAL") return null;
  const fields = lines.slice(0, at);
  const skipping = fields.findIndex((line) => HEADER_SIZE.test(line));
  const skip = skipping < 0 ? 0 : Number(HEADER_SIZE.exec(fields[skipping] as string)?.[1]);
  // A second HeaderSize, or one that is no number, stays for the reader to refuse.
  if (skip >= -1 && skipping >= 0) fields.splice(skipping, 1);
  const header = `${fields.join("\n")}\nElementDataFile = LOCAL\n`;
  const below = lines.slice(at + 1).map((line) => line.trim());
  const listed = /^list(\s|$)/i.test(said) ? below.filter((line) => line !== "") : null;
  const names = listed ?? numberedNames(said) ?? [said];
  if (names.length === 0) return null;
  if (skip !== -1 && names.length === 1) return { names, header, skip: Math.max(0, skip) };
  const { size, type, compressed } = readMetaImageHeader(new TextEncoder().encode(header), file);
  if (compressed) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its compressed numbers lie in several files or at an unsaid place, which is not read`,
      remedy: say`save it as one .mha file of one number a pixel`,
    });
  }
  const bytes = (size[0] * size[1] * size[2] * bytesPerNumber(type)) / names.length;
  return { names, header, skip: skip === -1 ? -Math.ceil(bytes) : Math.max(0, skip) };
}
