import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { readHeader, readSafetensors, SCALE, singleToHalf } from "../safetensors.ts";

interface Entry {
  readonly dtype: "F16" | "F32" | "I8";
  readonly shape: readonly number[];
  readonly data_offsets: readonly [from: number, to: number];
}

/**
 * A safetensors file with other values in some of its tensors, stored as the old ones were; those of 8 bits, whose scales
 * other values do not fit, in 16. All other tensors keep their bytes.
 * @throws GraderspaceError as `readSafetensors`; ModelMissingTensor
 */
export function withTensors(
  bytes: Uint8Array,
  file: string,
  values: ReadonlyMap<string, Float32Array>,
): Uint8Array<ArrayBuffer> {
  const stored = readSafetensors(bytes, file);
  const { entries, start } = readHeader(bytes, file);
  for (const [name, numbers] of values) {
    if (stored.get(name)?.values.length === numbers.length) continue;
    const problem = say`it has no tensor ${name} of ${numbers.length} numbers`;
    throw new GraderspaceError("ModelMissingTensor", { file, problem, remedy: say`download the model again` });
  }
  const header: Record<string, unknown> = {};
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const [name, read] of entries) {
    const entry = read as Entry;
    if (name === "__metadata__") header[name] = read;
    const scaled = name.endsWith(SCALE) && values.has(name.slice(0, -SCALE.length));
    if (name === "__metadata__" || scaled) continue;
    const numbers = values.get(name);
    const [from, to] = entry.data_offsets;
    const chunk = numbers ? bytesOf(numbers, entry.dtype) : bytes.subarray(start + from, start + to);
    const dtype = numbers && entry.dtype === "I8" ? "F16" : entry.dtype;
    header[name] = { dtype, shape: entry.shape, data_offsets: [at, at + chunk.length] };
    chunks.push(chunk);
    at += chunk.length;
  }
  return fileOf(header, chunks);
}

/** 8 bytes of header length, the header as JSON padded with spaces to 8, the numbers. */
function fileOf(header: Readonly<Record<string, unknown>>, chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const json = JSON.stringify(header);
  const text = new TextEncoder().encode(json.padEnd(8 * Math.ceil(json.length / 8)));
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 8 + text.length);
  const found = new Uint8Array(length);
  new DataView(found.buffer).setBigUint64(0, BigInt(text.length), true);
  found.set(text, 8);
  let at = 8 + text.length;
  for (const chunk of chunks) {
    found.set(chunk, at);
    at += chunk.length;
  }
  return found;
}

function bytesOf(numbers: Float32Array, dtype: Entry["dtype"]): Uint8Array {
  const size = dtype === "F32" ? 4 : 2;
  const found = new Uint8Array(size * numbers.length);
  const to = new DataView(found.buffer);
  for (const [i, value] of numbers.entries()) {
    if (size === 4) to.setFloat32(4 * i, value, true);
    else to.setUint16(2 * i, singleToHalf(value), true);
  }
  return found;
}
