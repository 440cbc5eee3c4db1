/** What an npy file can hold here, by NumPy's names: '<f4', '|u1', '<i2', '<i4'. */
export type NpyData = Float32Array | Uint8Array | Int16Array | Int32Array;

/**
 * One array as npy version 1.0, C order, little-endian.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function writeNpy(values: NpyData, shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, length) => product * length, 1);
  if (count !== values.length)
    throw new RangeError(`shape [${shape.join(", ")}] does not hold ${values.length} values`);
  const header = headerOf(descriptor(values), shape);
  const out = new Uint8Array(header.length + values.byteLength);
  out.set(header);
  writeLittleEndian(new DataView(out.buffer, header.length), values);
  return out;
}

function descriptor(values: NpyData): string {
  if (values instanceof Float32Array) return "<f4";
  if (values instanceof Int16Array) return "<i2";
  return values instanceof Int32Array ? "<i4" : "|u1";
}

function headerOf(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const unpadded = 10 + text.length + 1;
  const length = Math.ceil(unpadded / 64) * 64 - 10;
  const line = `${text.padEnd(length - 1)}\n`;
  const bytes = new Uint8Array(10 + length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, length & 255, length >> 8]);
  for (let i = 0; i < line.length; i++) bytes[10 + i] = line.charCodeAt(i);
  return bytes;
}

function writeLittleEndian(view: DataView, values: NpyData): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (values instanceof Float32Array) view.setFloat32(4 * i, value, true);
    else if (values instanceof Int32Array) view.setInt32(4 * i, value, true);
    else if (values instanceof Int16Array) view.setInt16(2 * i, value, true);
    else view.setUint8(i, value);
  }
}
