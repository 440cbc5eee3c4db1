import { sha256Hex } from "../core/config/weights-hash.ts";
import { GraderspaceError } from "../core/errors.ts";
import { say, type Text } from "../core/language/say.ts";

/** One array of a weights file, as float32 whatever it was stored as. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly dtype: "f16" | "f32" | "i8";
  /** Row-major, in PyTorch's axis order. */
  readonly values: Float32Array;
}

const BYTES = { F16: 2, F32: 4, I8: 1 } as const;
/** What the scales of an 8-bit tensor are called: its own name and this. */
export const SCALE = ".scale";
const REMEDY = say`download the model again`;

/**
 * Reads a safetensors file: 8 bytes header length, a JSON header of names, shapes and offsets, then the numbers.
 * An I8 tensor [O, …] has scales beside it, F32 [O] under its name and `.scale`: its values are q · scale of q's channel.
 * @throws GraderspaceError ModelTruncated, ModelWrongDtype, ModelWrongShape, DamagedFile
 */
export function readSafetensors(bytes: Uint8Array, file: string): Map<string, StoredTensor> {
  const { entries, start } = readHeader(bytes, file);
  const tensors = new Map<string, StoredTensor>();
  const places: (readonly [from: number, to: number])[] = [];
  for (const [name, entry] of entries) {
    if (name === "__metadata__") continue;
    tensors.set(name, readTensor(bytes, start, name, entry, file));
    places.push((entry as { data_offsets: [number, number] }).data_offsets);
  }
  checkCover(places, bytes.length - start, file);
  for (const [name, { dtype }] of [...tensors]) if (dtype === "i8") applyScales(tensors, name, file);
  return tensors;
}

/** Multiplies each channel of an 8-bit tensor by its scale, and takes the scales out of the table. */
function applyScales(tensors: Map<string, StoredTensor>, name: string, file: string): void {
  const { shape, values } = tensors.get(name) as StoredTensor;
  const scales = tensors.get(name + SCALE);
  const channels = shape[0] ?? 1;
  if (scales?.dtype !== "f32" || scales.values.length !== channels)
    throw damaged(file, say`tensor ${name} is stored in 8 bits without its ${channels} scales`);
  const size = values.length / channels;
  for (let i = 0; i < values.length; i++)
    values[i] = (values[i] as number) * (scales.values[Math.floor(i / size)] as number);
  tensors.delete(name + SCALE);
}

/** Each byte behind the header belongs to one tensor: a header that says otherwise belongs to other weights. */
function checkCover(places: readonly (readonly [from: number, to: number])[], length: number, file: string): void {
  let at = 0;
  for (const [from, to] of [...places].sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (from < at) throw damaged(file, say`two tensors hold byte ${from} of its numbers`);
    if (from > at) throw damaged(file, say`bytes ${at} to ${from} of its numbers belong to no tensor`);
    at = to;
  }
  if (at < length) throw damaged(file, say`bytes ${at} to ${length} of its numbers belong to no tensor`);
}

/** Entries by name, and where the numbers begin. @throws GraderspaceError ModelTruncated, DamagedFile */
export function readHeader(bytes: Uint8Array, file: string): { entries: [string, unknown][]; start: number } {
  if (bytes.length < 8) throw truncated(file, bytes.length, 8);
  const length = Number(view(bytes).getBigUint64(0, true));
  // A safetensors header starts with "{": without it the length just read means nothing.
  if (length > 100e6 || (bytes.length > 8 && bytes[8] !== 0x7b)) throw damaged(file, say`it is not a safetensors file`);
  if (8 + length > bytes.length) throw truncated(file, bytes.length, 8 + length);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw damaged(file, say`its header is not JSON`);
  }
  if (typeof header !== "object" || header === null) throw damaged(file, say`its header is not a table of tensors`);
  return { entries: Object.entries(header), start: 8 + length };
}

function readTensor(bytes: Uint8Array, start: number, name: string, entry: unknown, file: string): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
  if (dtype !== "F16" && dtype !== "F32" && dtype !== "I8") {
    const problem = say`tensor ${name} is stored as ${String(dtype)}, not as F16, F32 or I8`;
    throw new GraderspaceError("ModelWrongDtype", { file, problem, remedy: say`export the model again as F16` });
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
    throw damaged(file, say`the entry of ${name} is malformed`);
  const [from, to] = offsets as [number, number];
  const count = shape.reduce((product, size) => product * size, 1);
  if (to - from !== count * BYTES[dtype]) {
    const problem = say`tensor ${name} of shape [${shape.join(", ")}] takes ${to - from} bytes, not ${count * BYTES[dtype]}`;
    throw new GraderspaceError("ModelWrongShape", { file, problem, remedy: REMEDY });
  }
  if (start + to > bytes.length) throw truncated(file, bytes.length, start + to);
  const values = READ[dtype](bytes, start + from, count);
  if (!allFinite(values)) throw damaged(file, say`tensor ${name} holds a value that is not finite`);
  return { shape, dtype: dtype.toLowerCase() as StoredTensor["dtype"], values };
}

function allFinite(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) return false;
  return true;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 8 && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function fromSingle(bytes: Uint8Array, at: number, count: number): Float32Array {
  // The header's length is any number, so the data need not lie on a multiple of 4: a copy does.
  return new Float32Array(bytes.slice(at, at + 4 * count).buffer);
}

function fromHalf(bytes: Uint8Array, at: number, count: number): Float32Array {
  const halves = new Uint16Array(bytes.slice(at, at + 2 * count).buffer);
  singles ??= Float32Array.from({ length: 65536 }, (_, half) => halfToSingle(half));
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = singles[halves[i] as number] as number;
  return values;
}

function fromBytes(bytes: Uint8Array, at: number, count: number): Float32Array {
  return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset + at, count));
}

const READ = { F16: fromHalf, F32: fromSingle, I8: fromBytes } as const;

/** Every half there is: a look-up is five times faster than the arithmetic. */
let singles: Float32Array | undefined;

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction. */
export function halfToSingle(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** The nearest binary16, halfway to the even one; past the largest: infinity. */
export function singleToHalf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)) - 1);
  // one step is 2^(exponent − 10): from 2,048 steps on the next exponent's are twice as large
  const up = size >= 2 ** (exponent + 1) ? 1 : 0;
  const steps = toEven(size / 2 ** (exponent + up - 10));
  return sign | (steps + 1024 * (exponent + up + 14));
}

function toEven(value: number): number {
  const low = Math.floor(value);
  const over = value - low;
  return over > 0.5 || (over === 0.5 && low % 2 === 1) ? low + 1 : low;
}

/**
 * Compares the file with its config's hash, before a number of it is used. WebCrypto: in page, worker and Node alike.
 * @throws GraderspaceError ModelTruncated, ModelHashDiffers
 */
export async function verifyHash(
  bytes: Uint8Array,
  expected: { file: string; sha256: string; bytes: number },
): Promise<void> {
  const { file } = expected;
  if (bytes.length < expected.bytes) throw truncated(file, bytes.length, expected.bytes);
  const found = await sha256(bytes);
  if (found === expected.sha256) return;
  const problem = say`its sha256 begins ${found.slice(0, 8)}, config.json says ${expected.sha256.slice(0, 8)}`;
  throw new GraderspaceError("ModelHashDiffers", { file, problem, remedy: REMEDY });
}

/** 64 hexadecimal digits; by WebCrypto where there is one (a page served over plain HTTP has none). */
async function sha256(bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return sha256Hex(bytes);
  const digest = await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function truncated(file: string, found: number, wanted: number): GraderspaceError {
  return new GraderspaceError("ModelTruncated", {
    file,
    problem: say`it ends after ${found} of ${wanted} bytes`,
    remedy: REMEDY,
  });
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: REMEDY });
}
