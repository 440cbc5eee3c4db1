import { GraderspaceError } from "../../core/errors.ts";
import { type PackedArray, packArray, unpackArray } from "./packed-arrays.ts";

/**
 * The start file: plain values with arrays of numbers among them, as JSON that names the arrays, and the arrays after it.
 * It is made by the build that reads it, and by nothing else: there are no versions.
 */

/** "GSS1", then the length of the JSON in bytes, little-endian. */
const MAGIC = 0x31535347;
const HEADER = 8;

/** Plain values: no functions, no classes; of typed arrays those of float32 and of bytes. A square one is taken for a picture. */
export function writeStart(value: unknown): Uint8Array {
  const parts: Uint8Array[] = [];
  const json = JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === "number" && !Number.isFinite(one)) return { $number: String(one) };
    if (!(one instanceof Float32Array || one instanceof Uint8Array)) return one;
    const side = Math.round(Math.sqrt(one.length));
    const [packed, bytes] = packArray(one, side * side === one.length ? side : one.length);
    parts.push(bytes);
    return { $array: packed };
  });
  const text = new TextEncoder().encode(json);
  const length = parts.reduce((sum, part) => sum + part.length, HEADER + text.length);
  const file = new Uint8Array(length);
  const view = new DataView(file.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, text.length, true);
  file.set(text, HEADER);
  let at = HEADER + text.length;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}

/** What `writeStart` was given. @throws DamagedFile */
export function readStart(file: Uint8Array): unknown {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const text = file.length < HEADER ? 0 : view.getUint32(4, true);
  if (file.length < HEADER + text || view.getUint32(0, true) !== MAGIC) {
    const problem = "it is no start file";
    throw new GraderspaceError("DamagedFile", { file: "start.bin", problem, remedy: "reload the page" });
  }
  let at = HEADER + text;
  return JSON.parse(new TextDecoder().decode(file.subarray(HEADER, at)), (_, one: Stand | null) => {
    if (one?.$number) return Number(one.$number);
    if (!one?.$array) return one;
    const [values, next] = unpackArray(one.$array, file, at);
    at = next;
    return values;
  });
}

/** What stands in the JSON for what JSON does not have. */
interface Stand {
  readonly $array?: PackedArray;
  readonly $number?: string;
}
