import { between, pick, type Roll } from "../mutant.ts";

/** A type of numbers, as the formats of text headers name it, and the bounds of the values that a seed has in it. */
export interface Type {
  readonly numpy: string;
  readonly size: 1 | 2 | 4 | 8;
  readonly nrrd: readonly string[];
  readonly meta: string | null;
  readonly low: number;
  readonly high: number;
}

export const FLOAT: Type = { numpy: "f4", size: 4, nrrd: ["float"], meta: "MET_FLOAT", low: -9999, high: 9999 };
export const TYPES: readonly Type[] = [
  { numpy: "u1", size: 1, nrrd: ["uchar", "unsigned char", "uint8"], meta: "MET_UCHAR", low: 0, high: 255 },
  { numpy: "i1", size: 1, nrrd: ["signed char", "int8", "int8_t"], meta: "MET_CHAR", low: -128, high: 127 },
  { numpy: "i2", size: 2, nrrd: ["short", "int16", "signed short int"], meta: "MET_SHORT", low: -32768, high: 32767 },
  { numpy: "u2", size: 2, nrrd: ["ushort", "uint16_t"], meta: "MET_USHORT", low: 0, high: 65535 },
  { numpy: "i4", size: 4, nrrd: ["int", "signed int", "int32"], meta: "MET_INT", low: -8e6, high: 8e6 },
  { numpy: "u4", size: 4, nrrd: ["uint", "unsigned int"], meta: "MET_UINT", low: 0, high: 8e6 },
  { numpy: "i8", size: 8, nrrd: ["longlong", "int64"], meta: null, low: -8e6, high: 8e6 },
  { numpy: "f8", size: 8, nrrd: ["double"], meta: "MET_DOUBLE", low: -9999, high: 9999 },
  FLOAT,
];

export function valuesOf(roll: Roll, type: Type, count: number): number[] {
  return Array.from({ length: count }, () => between(roll, type.low, type.high));
}

/** The numbers as they lie in a file. */
export function raw({ numpy, size }: Type, values: readonly number[], little: boolean): Buffer {
  const bytes = Buffer.alloc(size * values.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (const [i, value] of values.entries()) {
    const at = i * size;
    if (numpy === "f4") view.setFloat32(at, value, little);
    else if (numpy === "f8") view.setFloat64(at, value, little);
    else if (size === 8) view.setBigInt64(at, BigInt(value), little);
    else if (size === 4) view.setUint32(at, value, little);
    else if (size === 2) view.setUint16(at, value & 0xffff, little);
    else view.setUint8(at, value & 0xff);
  }
  return bytes;
}

/** Sides and steps of a small volume. */
export function volumeOf(roll: Roll) {
  const size = [between(roll, 2, 5), between(roll, 2, 5), between(roll, 1, 3)] as const;
  const mm = [pick(roll, [0.5, 0.75, 1, 2]), pick(roll, [0.5, 0.75, 1, 2]), pick(roll, [1, 2.5])] as const;
  const start = [between(roll, -99, 99), between(roll, -99, 99), between(roll, -99, 99)] as const;
  return { size, mm, start };
}
