/** Kind and bytes of a number as numpy writes them: u unsigned, i signed, f float. */
export type NumberType = "u1" | "i1" | "u2" | "i2" | "u4" | "i4" | "u8" | "i8" | "f2" | "f4" | "f8";

type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

type View = new (buffer: ArrayBuffer) => Numbers;

const VIEWS: Readonly<Record<NumberType, View>> = {
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  // Half floats are read as their bits first.
  f2: Uint16Array,
  f4: Float32Array,
  f8: Float64Array,
};

const MACHINE_IS_LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

export function bytesPerNumber(type: NumberType): number {
  return Number(type[1]);
}

/**
 * `count` numbers from byte `offset` on, each · slope + intercept, as float32. The bytes must be there.
 * Whole typed arrays at a time: large volumes are scrolled through.
 */
export function readNumbers(
  bytes: Uint8Array,
  type: NumberType,
  offset: number,
  count: number,
  littleEndian: boolean,
  slope = 1,
  intercept = 0,
): Float32Array {
  const size = bytesPerNumber(type);
  // A copy: typed arrays want their bytes aligned, and swapping must not touch the file. (Node's Buffer has a `slice` of
  // its own that copies nothing.)
  const own = Uint8Array.prototype.slice.call(bytes, offset, offset + count * size);
  if (size > 1 && littleEndian !== MACHINE_IS_LITTLE) swapBytes(own, size);
  const stored = new VIEWS[type](own.buffer as ArrayBuffer);
  const values = new Float32Array(count);
  if (type === "f2") for (let i = 0; i < count; i++) values[i] = halfFloat(Number(stored[i]));
  else if (type === "u8" || type === "i8") for (let i = 0; i < count; i++) values[i] = Number(stored[i]);
  else if (slope !== 1 || intercept !== 0) return scaled(stored as Float64Array, values, slope, intercept);
  else values.set(stored as Float64Array);
  if (slope !== 1 || intercept !== 0) return scaled(values, values, slope, intercept);
  return values;
}

function scaled(from: Float64Array | Float32Array, to: Float32Array, slope: number, intercept: number): Float32Array {
  for (let i = 0; i < to.length; i++) to[i] = (from[i] as number) * slope + intercept;
  return to;
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** IEEE 754 binary16. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Above this float32 no longer holds every whole number. */
const EXACT = 2 ** 24;

/**
 * What must be said of numbers as they came out: that some are not finite, which is left out wherever lowest and highest
 * are asked for, and that whole ones of 32 and 64 bits are larger than float32 holds exactly. `padding`: 1 = no
 * measurement.
 */
export function oddNumbers(
  values: Float32Array,
  type: NumberType,
  name: string,
  padding: Uint8Array | null = null,
): string[] {
  const wide = /^[ui][48]$/.test(type);
  let [odd, lost] = [0, false];
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i] as number);
    if (!(size <= LARGEST)) odd += padding?.[i] === 1 ? 0 : 1;
    else if (wide && size > EXACT) lost = true;
  }
  const digits = `${name}: it holds whole numbers above 2²⁴, whose last digits are lost`;
  const count = odd === values.length ? "all" : odd;
  const notFinite = `${name}: ${count} of its ${values.length} values are no finite numbers and are left out`;
  return [...(odd > 0 ? [notFinite] : []), ...(lost ? [digits] : [])];
}

const LARGEST = 3.5e38;
