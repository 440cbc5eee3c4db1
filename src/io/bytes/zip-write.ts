import { type Zippable, zipSync } from "fflate";

/** Zip's first day, in local time because zip stores local time: the same bytes on every day and in every zone. */
const FIRST_DAY = new Date(1980, 0, 1);

/** Already compressed: packed again they only cost time. */
const PACKED = /\.(png|npz|gz|zip)$/;

/** Packs files into a zip, in the order given, without the time of writing: same files, same bytes. */
export function writeZip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of Object.entries(files)) {
    entries[path] = [bytes, { level: PACKED.test(path) ? 0 : 6, mtime: FIRST_DAY }];
  }
  return zipSync(entries);
}
