import type { Geometry } from "../../../../../src/core/values/slice.ts";
import { between, type Picture, pick, type Roll, stored } from "../mutant.ts";

/** Code, bytes and bounds of the values that a seed has in each numeric type. */
const TYPES = [
  { code: 2, size: 1, low: 0, high: 255 },
  { code: 256, size: 1, low: -128, high: 127 },
  { code: 4, size: 2, low: -32768, high: 32767 },
  { code: 512, size: 2, low: 0, high: 65535 },
  { code: 8, size: 4, low: -8e6, high: 8e6 },
  { code: 768, size: 4, low: 0, high: 8e6 },
  { code: 1024, size: 8, low: -8e6, high: 8e6 },
  { code: 16, size: 4, low: -9999, high: 9999 },
  { code: 64, size: 8, low: -9999, high: 9999 },
] as const;

/** The fields of a header by their names in nifti1.h and nifti2.h. A change sets some of them. */
export interface Fields {
  sizeofHdr: number;
  dims: number[];
  datatype: number;
  bitpix: number;
  pixdim: number[];
  offset: number;
  slope: number;
  intercept: number;
  units: number;
  qformCode: number;
  sformCode: number;
  /** b, c, d and the offsets x, y, z. */
  quaternion: number[];
  sform: number[];
  magic: string;
  description: string;
}

export interface Seed {
  readonly version: 1 | 2;
  readonly little: boolean;
  readonly fields: Fields;
  readonly values: number[];
  readonly mm: readonly [number, number, number];
  readonly start: readonly [number, number, number];
  readonly frames: readonly Picture[];
}

const PLACES = {
  1: {
    dims: 40,
    datatype: 70,
    pixdim: 76,
    offset: 108,
    units: 123,
    codes: 252,
    quaternion: 256,
    sform: 280,
    text: 148,
  },
  2: {
    dims: 16,
    datatype: 12,
    pixdim: 104,
    offset: 168,
    units: 500,
    codes: 344,
    quaternion: 352,
    sform: 400,
    text: 240,
  },
} as const;

/** A volume whose sform and qform say the same place: rows along R→L, columns along P→A, slices upwards. */
export function seedOf(roll: Roll): Seed {
  const version = pick(roll, [1, 1, 2] as const);
  const type = pick(roll, TYPES);
  const [width, height, slices] = [between(roll, 2, 5), between(roll, 2, 5), between(roll, 1, 3)];
  const mm = [pick(roll, [0.5, 0.75, 1, 2]), pick(roll, [0.5, 0.75, 1, 2]), pick(roll, [1, 2.5])] as const;
  const start = [between(roll, -99, 99), between(roll, -99, 99), between(roll, -99, 99)] as const;
  const values = Array.from({ length: width * height * slices }, () => between(roll, type.low, type.high));
  const fields: Fields = {
    sizeofHdr: version === 1 ? 348 : 540,
    dims: [3, width, height, slices, 1, 1, 1, 1],
    datatype: type.code,
    bitpix: 8 * type.size,
    pixdim: [1, ...mm, 1, 1, 1, 1],
    offset: version === 1 ? 352 : 544,
    slope: 1,
    intercept: 0,
    units: 2,
    qformCode: 1,
    sformCode: 1,
    quaternion: [0, 0, 0, ...start],
    sform: [mm[0], 0, 0, start[0], 0, mm[1], 0, start[1], 0, 0, mm[2], start[2]],
    magic: version === 1 ? "n+1\0" : "n+2\0\r\n\x1a\n",
    description: "",
  };
  const frames = picturesOf(values, fields, mm, start);
  return { version, little: roll(2) === 0, fields, values, mm, start, frames };
}

/** RAS → LPS: both x and y turn round. */
function placeOf(mm: readonly number[], start: readonly number[], k: number): Geometry {
  const [x, y, z] = start as [number, number, number];
  const thicknessMm = mm[2] as number;
  return {
    position: [-x, -y, z + k * thicknessMm],
    rowDirection: [-1, 0, 0],
    columnDirection: [0, -1, 0],
    thicknessMm,
  };
}

export function picturesOf(values: readonly number[], fields: Fields, mm: readonly number[], start: readonly number[]) {
  const [, width = 1, height = 1, slices = 1, more = 1] = fields.dims;
  return Array.from({ length: slices * more }, (_, frame) => {
    const numbers = values.slice(frame * width * height, (frame + 1) * width * height);
    const spacingMm = [mm[1] as number, mm[0] as number] as const;
    return stored(width, height, numbers, { spacingMm, geometry: placeOf(mm, start, frame % slices) });
  });
}

export function bytesOf({ version, little }: Seed, f: Fields, values: readonly number[], behind = 0): Uint8Array {
  const size = Math.max(1, TYPES.find(({ code }) => code === f.datatype)?.size ?? f.bitpix / 8);
  const first = Number.isFinite(f.offset) ? Math.min(4096, Math.max(552, f.offset)) : 552;
  const data = f.offset >= 352 && f.offset < 4096 ? Math.round(f.offset) : first;
  const bytes = new Uint8Array(data + size * values.length + behind);
  const view = new DataView(bytes.buffer);
  const at = PLACES[version];
  const real = (place: number, i: number, value: number) =>
    version === 1 ? view.setFloat32(place + 4 * i, value, little) : view.setFloat64(place + 8 * i, value, little);
  view.setInt32(0, f.sizeofHdr, little);
  for (const [i, side] of f.dims.entries()) {
    if (version === 1) view.setInt16(at.dims + 2 * i, side, little);
    else view.setBigInt64(at.dims + 8 * i, BigInt(side), little);
  }
  view.setInt16(at.datatype, f.datatype, little);
  view.setInt16(at.datatype + 2, f.bitpix, little);
  for (const [i, mm] of f.pixdim.entries()) real(at.pixdim, i, mm);
  if (version === 1) view.setFloat32(at.offset, f.offset, little);
  else view.setBigInt64(at.offset, BigInt(Number.isFinite(f.offset) ? Math.round(f.offset) : 0), little);
  real(at.offset + (version === 1 ? 4 : 8), 0, f.slope);
  real(at.offset + (version === 1 ? 8 : 16), 0, f.intercept);
  if (version === 1) view.setUint8(at.units, f.units);
  else view.setInt32(at.units, f.units, little);
  for (const [i, code] of [f.qformCode, f.sformCode].entries()) {
    if (version === 1) view.setInt16(at.codes + 2 * i, code, little);
    else view.setInt32(at.codes + 4 * i, code, little);
  }
  for (const [i, part] of f.quaternion.entries()) real(at.quaternion, i, part);
  for (const [i, part] of f.sform.entries()) real(at.sform, i, part);
  bytes.set(Buffer.from(f.description, "latin1").subarray(0, 79), at.text);
  bytes.set(Buffer.from(f.magic, "latin1"), version === 1 ? 344 : 4);
  for (const [i, value] of values.entries()) number(view, data + size * i, f.datatype, value, little);
  return bytes;
}

function number(view: DataView, at: number, code: number, value: number, little: boolean): void {
  if (code === 2) view.setUint8(at, value);
  else if (code === 256) view.setInt8(at, value);
  else if (code === 4) view.setInt16(at, value, little);
  else if (code === 512) view.setUint16(at, value, little);
  else if (code === 8) view.setInt32(at, value, little);
  else if (code === 768) view.setUint32(at, value, little);
  else if (code === 1024) view.setBigInt64(at, BigInt(value), little);
  else if (code === 16) view.setFloat32(at, value, little);
  else if (code === 64) view.setFloat64(at, value, little);
}
