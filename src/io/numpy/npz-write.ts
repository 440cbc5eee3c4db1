import { writeZip } from "../bytes/zip-write.ts";
import { type NpyData, writeNpy } from "./npy-write.ts";

export interface NpzArray {
  readonly values: NpyData;
  readonly shape: readonly number[];
}

/** NumPy's npz: a zip of npy files, deflated, in the order given. Same arrays, same bytes. */
export function writeNpz(arrays: Readonly<Record<string, NpzArray>>): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [name, { values, shape }] of Object.entries(arrays)) files[`${name}.npy`] = writeNpy(values, shape);
  return writeZip(files);
}

/** Arrays of one kind, one after another: the values of an array with one more axis in front. */
export function stacked(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
