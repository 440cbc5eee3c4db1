import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { checkPictureSize } from "../bytes/limits.ts";
import { bytesPerNumber, type NumberType } from "../bytes/numbers.ts";
import { type Affine, columnLength } from "../geometry/affine.ts";
import { isLength, spacingOf } from "../geometry/length.ts";

/** What reading needs, and writers copy. */
interface NiftiHeader {
  readonly littleEndian: boolean;
  /** Columns, rows, slices, and all further dimensions as one. */
  readonly size: readonly [number, number, number, number];
  readonly type: NumberType;
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly qformCode: number;
  readonly sformCode: number;
  /** Voxel → millimetres; null where the code says that there is none, or it is no use. */
  readonly qform: Affine | null;
  readonly sform: Affine | null;
  /** [between rows, between columns] of pixdim; null where it is no length. The forms, where there are any, count. */
  readonly pixdimMm: readonly [number, number] | null;
  /** What could not be used, as sentences. */
  readonly notes: readonly Text[];
}

/** The longest header, and where that of each version ends. */
export const NIFTI_HEADER = 552;
const ENDS = [348, 540] as const;

/** Numeric types by NIfTI's code. */
const TYPES: Readonly<Record<number, NumberType>> = {
  2: "u1",
  4: "i2",
  8: "i4",
  16: "f4",
  64: "f8",
  256: "i1",
  512: "u2",
  768: "u4",
  1024: "i8",
  1280: "u8",
};

const OTHER_TYPES: Readonly<Record<number, string>> = {
  1: "single bits",
  32: "complex numbers",
  128: "colours",
  1536: "128-bit floats",
  1792: "complex numbers",
  2048: "complex numbers",
  2304: "colours",
};

/** Where the fields stand, and as what: in NIfTI-1, in NIfTI-2 (nifti1.h, nifti2.h). */
const FIELDS = {
  dims: ["40 i2", "16 i8"],
  datatype: ["70 i2", "12 i2"],
  bitpix: ["72 i2", "14 i2"],
  pixdim: ["76 f4", "104 f8"],
  offset: ["108 f4", "168 i8"],
  slope: ["112 f4", "176 f8"],
  intercept: ["116 f4", "184 f8"],
  units: ["123 u1", "500 i4"],
  qformCode: ["252 i2", "344 i4"],
  sformCode: ["254 i2", "348 i4"],
  // b, c, d, and the offsets x, y, z behind them
  quaternion: ["256 f4", "352 f8"],
  sform: ["280 f4", "400 f8"],
} as const;

/** @throws DamagedFile, UnsupportedPixels, TooLarge */
export function readNiftiHeader(head: Uint8Array, name: string): NiftiHeader {
  if (head.length < ENDS[0]) throw damaged(name, say`it is too short for a header`);
  const copy = new Uint8Array(NIFTI_HEADER);
  copy.set(head.subarray(0, NIFTI_HEADER));
  const view = new DataView(copy.buffer);
  const littleEndian = ENDS.some((end) => view.getInt32(0, true) === end);
  const version = (ENDS as readonly number[]).indexOf(view.getInt32(0, littleEndian)) as 0 | 1 | -1;
  if (version === -1) throw damaged(name, say`its header is not one of NIfTI`);
  const field = (which: keyof typeof FIELDS, i = 0): number => {
    const [start, type] = FIELDS[which][version].split(" ") as [string, string];
    const at = Number(start) + i * Number(type[1]);
    if (type === "u1") return view.getUint8(at);
    if (type === "i2") return view.getInt16(at, littleEndian);
    if (type === "i4") return view.getInt32(at, littleEndian);
    if (type === "i8") return Number(view.getBigInt64(at, littleEndian));
    return type === "f4" ? view.getFloat32(at, littleEndian) : view.getFloat64(at, littleEndian);
  };
  const size = sizeOf(field, name);
  const type = TYPES[field("datatype")];
  if (!type) {
    const other = OTHER_TYPES[field("datatype")] ?? `items of type ${field("datatype")}`;
    throw unsupported(name, say`it holds ${other}, which are not read`, say`save it as int16 or float32`);
  }
  // The magic word is "n+1", or "ni1" where the voxels lie in a file of their own.
  if (copy[version === 0 ? 345 : 5] === 0x69) {
    throw unsupported(name, say`it is the header of a pair of files`, say`save it as one .nii file`);
  }
  const offset = field("offset");
  if (!(Number.isInteger(offset) && offset >= ENDS[version] && offset < 2 ** 40))
    throw damaged(name, say`its voxels begin at byte ${offset}`);
  const bits = 8 * bytesPerNumber(type);
  // 0: not said.
  if (field("bitpix") !== bits && field("bitpix") !== 0) {
    throw damaged(name, say`its header says ${field("bitpix")} bits a voxel, and voxels of its type take ${bits}`);
  }
  const [slope, intercept] = [field("slope"), field("intercept")];
  const scaled = slope !== 0 && Number.isFinite(slope) && Number.isFinite(intercept);
  const notes: Text[] = [];
  if (!scaled && slope !== 0) {
    notes.push(say`${name}: its slope and intercept (${slope}, ${intercept}) are no use, so stored values are shown`);
  }
  const units = field("units") & 7;
  const millimetres = units === 1 ? 1000 : units === 3 ? 0.001 : 1;
  const [qformCode, sformCode] = [field("qformCode"), field("sformCode")];
  return {
    littleEndian,
    size,
    type,
    offset,
    slope: scaled ? slope : 1,
    intercept: scaled ? intercept : 0,
    qformCode,
    sformCode,
    qform: qformCode > 0 ? usable(quaternionForm(field), millimetres) : null,
    sform: sformCode > 0 ? usable(sformOf(field), millimetres) : null,
    pixdimMm: spacingOf(Math.abs(field("pixdim", 2)) * millimetres, Math.abs(field("pixdim", 1)) * millimetres),
    notes,
  };
}

type Field = (which: keyof typeof FIELDS, i?: number) => number;

function sizeOf(field: Field, name: string): [number, number, number, number] {
  const rank = field("dims");
  if (!(rank >= 1 && rank <= 7)) throw damaged(name, say`it declares ${rank} dimensions`);
  const sides = Array.from({ length: rank }, (_, i) => field("dims", i + 1));
  // Two negative sides would make a positive product.
  if (sides.some((length) => length < 1)) throw damaged(name, say`it declares sides of ${sides.join(" × ")} voxels`);
  const side = (i: number) => sides[i - 1] ?? 1;
  const more = [4, 5, 6, 7].reduce((product, i) => product * side(i), 1);
  checkPictureSize(name, side(1), side(2), side(3) * more);
  return [side(1), side(2), side(3), more];
}

/** NIfTI-1 §orientation, method 3. */
function sformOf(field: Field): Affine {
  const row = (axis: number) =>
    [0, 1, 2, 3].map((i) => field("sform", 4 * axis + i)) as [number, number, number, number];
  return [row(0), row(1), row(2), [0, 0, 0, 1]];
}

/** NIfTI-1 §orientation, method 2. */
function quaternionForm(field: Field): Affine {
  const [b, c, d, x, y, z] = [0, 1, 2, 3, 4, 5].map((i) => field("quaternion", i)) as number[] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  // A rounded quaternion may be a little over 1 long.
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const [i, j, k] = [1, 2, 3].map((at) => field("pixdim", at)) as [number, number, number];
  const flip = field("pixdim") < 0 ? -k : k;
  return [
    [(a * a + b * b - c * c - d * d) * i, 2 * (b * c - a * d) * j, 2 * (b * d + a * c) * flip, x],
    [2 * (b * c + a * d) * i, (a * a + c * c - b * b - d * d) * j, 2 * (c * d - a * b) * flip, y],
    [2 * (b * d - a * c) * i, 2 * (c * d + a * b) * j, (a * a + d * d - c * c - b * b) * flip, z],
    [0, 0, 0, 1],
  ];
}

/** In millimetres; null where a number is missing or a step within the slice is no length. */
function usable(affine: Affine, millimetres: number): Affine | null {
  if (!affine.flat().every(Number.isFinite)) return null;
  const scaled =
    millimetres === 1
      ? affine
      : affine.map((row, axis) =>
          axis === 3 ? row : (row.map((part) => part * millimetres) as unknown as typeof row),
        );
  return [0, 1].every((c) => isLength(columnLength(scaled, c))) ? scaled : null;
}

function unsupported(file: string, problem: Text, remedy: Text): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", { file, problem, remedy });
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`export it again` });
}
