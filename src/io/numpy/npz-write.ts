import { writeZip } from "../bytes/zip-write.ts";
import { type NpyData, writeNpy } from "./npy-write.ts";

export interface ArrayToWrite {
  readonly values: NpyData;
  readonly shape: readonly number[];
}

/** NumPy's npz: a zip of npy files, deflated, in the order given. Same arrays, same bytes. */
export function writeNpz(arrays: Readonly<Record<string, ArrayToWrite>>): Uint8Array {
  const files: Record<string, Uint8Array> = {};
  for (const [name, { values, shape }] of Object.entries(arrays)) files[`${name}.npy`] = writeNpy(values, shape);
  return writeZip(files);
}
