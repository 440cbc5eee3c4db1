/** How arrays are laid down in a start file (start-file.ts): so that deflate finds something in them. */

/** What an array is told by in the file: its kind, how many numbers it has, and of a picture how many stand in a row. */
export interface PackedArray {
  readonly kind: "floats" | "whole" | "bytes" | "bits";
  readonly length: number;
  readonly width?: number;
}

/** Int16 range: what `whole` holds. */
const [LEAST, MOST] = [-32768, 32767];
const FEWEST_WHOLE = 4096;

/** `width`: numbers in a row, where the array is a picture of whole numbers. */
export function packArray(values: Float32Array | Uint8Array, width: number): readonly [PackedArray, Uint8Array] {
  const { length } = values;
  if (values instanceof Uint8Array) {
    const isMask = length > 0 && values.every((value) => value < 2);
    return isMask ? [{ kind: "bits", length }, packBits(values)] : [{ kind: "bytes", length }, values];
  }
  const isWhole = (value: number) =>
    Number.isInteger(value) && value >= LEAST && value <= MOST && !Object.is(value, -0);
  const whole = length >= FEWEST_WHOLE && values.every(isWhole);
  return whole
    ? [{ kind: "whole", length, width }, packWhole(values, width)]
    : [{ kind: "floats", length }, packFloats(values)];
}

/** The array again, and where in `bytes` the next one begins. The values are those that were packed, bit for bit. */
export function unpackArray(
  { kind, length, width = length }: PackedArray,
  bytes: Uint8Array,
  at: number,
): readonly [Float32Array | Uint8Array, number] {
  if (kind === "bytes") return [bytes.slice(at, at + length), at + length];
  if (kind === "bits") {
    return [unpackBits(bytes, at, length), at + Math.ceil(length / 8)];
  }
  if (kind === "whole") return [unpackWhole(bytes.subarray(at, at + 2 * length), length, width), at + 2 * length];
  return unpackFloats(bytes, at, length);
}

function packBits(values: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) packed[i >> 3] = (packed[i >> 3] as number) | (value << (i & 7));
  return packed;
}

function unpackBits(bytes: Uint8Array, at: number, length: number): Uint8Array {
  const values = new Uint8Array(length);
  for (let byte = 0; byte < Math.ceil(length / 8); byte++) {
    const eight = bytes[at + byte] as number;
    if (eight === 0) continue; // most of a mask
    for (let bit = 0; bit < 8; bit++) values[8 * byte + bit] = (eight >> bit) & 1;
  }
  return values;
}

/**
 * What is left of each number once its neighbours have said what they expect (the median of left, above and
 * left + above − corner: Weinberger et al. 2000, doi 10.1109/83.855427), low bytes first, then high ones.
 */
function packWhole(values: Float32Array, width: number): Uint8Array {
  const { length } = values;
  const packed = new Uint8Array(2 * length);
  for (let i = 0; i < length; i++) {
    const left = round16((values[i] as number) - expected(values, i, width));
    const folded = left < 0 ? -2 * left - 1 : 2 * left; // small numbers of either sign have small codes
    packed[i] = folded & 255;
    packed[length + i] = (folded >> 8) & 255;
  }
  return packed;
}

function unpackWhole(packed: Uint8Array, length: number, width: number): Float32Array {
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const folded = (packed[i] as number) | ((packed[length + i] as number) << 8);
    const left = folded & 1 ? -(folded + 1) / 2 : folded / 2;
    values[i] = round16(expected(values, i, width) + left);
  }
  return values;
}

/** Sixteen bits are enough: what lies beyond them comes round. */
function round16(value: number): number {
  return value > MOST ? value - 65536 : value < LEAST ? value + 65536 : value;
}

function expected(values: Float32Array, i: number, width: number): number {
  const left = i % width > 0 ? (values[i - 1] as number) : 0;
  if (i < width) return left;
  const above = values[i - width] as number;
  if (i % width === 0) return above;
  const corner = values[i - width - 1] as number;
  if (corner >= Math.max(left, above)) return Math.min(left, above);
  if (corner <= Math.min(left, above)) return Math.max(left, above);
  return left + above - corner;
}

/** A bit for each number that is not 0, then the four bytes of those, all first bytes before all second ones. */
function packFloats(values: Float32Array): Uint8Array {
  const marks = Uint8Array.from(values, (value) => (Object.is(value, 0) ? 0 : 1));
  const kept = values.filter((value) => !Object.is(value, 0));
  const bytes = new Uint8Array(kept.buffer, kept.byteOffset, kept.byteLength);
  const bits = packBits(marks);
  const packed = new Uint8Array(bits.length + bytes.length);
  packed.set(bits);
  for (let i = 0; i < kept.length; i++)
    for (let b = 0; b < 4; b++) packed[bits.length + b * kept.length + i] = bytes[4 * i + b] as number;
  return packed;
}

function unpackFloats(packed: Uint8Array, at: number, length: number): readonly [Float32Array, number] {
  const first = at + Math.ceil(length / 8);
  let count = 0;
  for (let byte = at; byte < first; byte++)
    for (let eight = packed[byte] as number; eight !== 0; eight &= eight - 1) count++;
  const values = new Float32Array(length);
  const bytes = new Uint8Array(values.buffer);
  let k = first;
  for (let byte = at, i = 0; byte < first; byte++, i += 8) {
    const eight = packed[byte] as number;
    if (eight === 0) continue; // most of a map
    for (let bit = 0; bit < 8; bit++) {
      if (((eight >> bit) & 1) === 0) continue;
      const to = 4 * (i + bit);
      bytes[to] = packed[k] as number;
      bytes[to + 1] = packed[k + count] as number;
      bytes[to + 2] = packed[k + 2 * count] as number;
      bytes[to + 3] = packed[k + 3 * count] as number;
      k++;
    }
  }
  return [values, first + 4 * count];
}
