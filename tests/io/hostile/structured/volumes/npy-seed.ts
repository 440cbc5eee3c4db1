import { type Picture, pick, type Roll, stored } from "../mutant.ts";
import { raw, TYPES, type Type, valuesOf, volumeOf } from "./numbers.ts";

/** An array of pictures [number, height, width], and what they show. */
export interface Npy {
  readonly type: Type;
  readonly little: boolean;
  readonly shape: readonly [number, number, number];
  readonly values: readonly number[];
  readonly frames: readonly Picture[];
}

export function npySeed(roll: Roll, type = pick(roll, TYPES)): Npy {
  const [width, height, count] = volumeOf(roll).size;
  // [4, 5, 3] looks like a colour picture: no more pictures than that.
  const values = valuesOf(roll, type, width * height * count);
  const frames = Array.from({ length: count }, (_, k) =>
    stored(width, height, values.slice(k * width * height, (k + 1) * width * height)),
  );
  return { type, little: roll(2) === 0, shape: [count, height, width], values, frames };
}

export interface Header {
  readonly descr?: string;
  readonly fortran?: string;
  readonly shape?: string;
  /** The whole of the dictionary. */
  readonly text?: string;
  readonly version?: number;
  readonly magic?: string;
}

export function descrOf({ type, little }: Npy): string {
  return `${type.size === 1 ? "|" : little ? "<" : ">"}${type.numpy}`;
}

/** Magic, version, and the dictionary filled up with blanks (numpy.lib.format). */
export function npyBytes(seed: Npy, given: Header = {}, data?: Uint8Array): Buffer {
  const { descr = descrOf(seed), fortran = "False", shape = `(${seed.shape.join(", ")})`, version = 1 } = given;
  const text = given.text ?? `{'descr': '${descr}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;
  const wide = version > 1 ? 2 : 0;
  const fill = 64 - ((10 + wide + text.length + 1) % 64);
  const header = Buffer.from(`${text}${" ".repeat(fill)}\n`, "latin1");
  const length = Buffer.alloc(2 + wide);
  if (wide) length.writeUInt32LE(header.length);
  else length.writeUInt16LE(header.length);
  const magic = Buffer.from(given.magic ?? "\x93NUMPY", "latin1");
  return Buffer.concat([
    magic,
    Buffer.from([version, 0]),
    length,
    header,
    data ?? raw(seed.type, seed.values, seed.little),
  ]);
}
