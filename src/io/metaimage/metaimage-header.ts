import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { decimalOf } from "../bytes/decimal.ts";
import { checkPictureSize, LIMITS } from "../bytes/limits.ts";
import type { NumberType } from "../bytes/numbers.ts";
import { isSheared, sliceGeometry } from "../geometry/affine-geometry.ts";
import { spacingOf } from "../geometry/length.ts";
import { times, type Vector } from "../geometry/vector.ts";

/** How the numbers of a MetaImage lie, and where in the patient. */
export interface MetaImageHeader {
  readonly type: NumberType;
  readonly littleEndian: boolean;
  readonly compressed: boolean;
  /** Of the compressed data; null: the rest of the file. */
  readonly compressedBytes: number | null;
  /** Columns, rows, slices. */
  readonly size: readonly [number, number, number];
  /** How many such volumes follow each other (a fourth axis: time, or a label each). */
  readonly volumes: number;
  /** [between rows, between columns]; null where unknown. */
  readonly spacingMm: readonly [number, number] | null;
  /** The first voxel and the step along each axis in LPS millimetres; null where the place is unknown. */
  readonly place: { readonly origin: Vector; readonly steps: readonly [Vector, Vector, Vector] } | null;
  /** Where the data begins, from the start of the file. */
  readonly offset: number;
  /** What was odd about its place or spacing, as sentences. */
  readonly notes: readonly Text[];
}

type Fields = ReadonlyMap<string, string>;

const TYPES: ReadonlyMap<string, NumberType> = new Map([
  ["MET_CHAR", "i1"],
  ["MET_UCHAR", "u1"],
  ["MET_SHORT", "i2"],
  ["MET_USHORT", "u2"],
  ["MET_INT", "i4"],
  ["MET_UINT", "u4"],
  ["MET_FLOAT", "f4"],
  ["MET_DOUBLE", "f8"],
]);

/** Keys that stand for one another. */
const ORIGIN = ["Offset", "Position", "Origin"];
const MATRIX = ["TransformMatrix", "Rotation", "Orientation"];
const BYTE_ORDER = ["BinaryDataByteOrderMSB", "ElementByteOrderMSB"];

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** @throws DamagedFile, UnsupportedPixels, TooLarge */
export function readMetaImageHeader(bytes: Uint8Array, file: string): MetaImageHeader {
  const { fields, offset } = readLines(bytes, file);
  const dimensions = numbersIn(required(fields, "NDims", file), "NDims", 1, file)[0] as number;
  if (![2, 3, 4].includes(dimensions)) throw unsupported(file, say`it has ${dimensions} axes`);
  const sides = numbersIn(required(fields, "DimSize", file), "DimSize", dimensions, file);
  const [width = 0, height = 0, depth = 1, volumes = 1] = sides;
  for (const count of [depth, volumes]) checkPictureSize(file, width, height, count);
  checkPictureSize(file, width, height, depth * volumes);
  const typeName = required(fields, "ElementType", file);
  const type = TYPES.get(typeName);
  if (!type) throw unsupported(file, say`its items are of type "${typeName.slice(0, 40)}"`);
  refuseOtherData(fields, file);
  const compressedBytes = numbersOf(fields, ["CompressedDataSize"], 1, file)?.[0] ?? 0;
  if (!Number.isInteger(compressedBytes) || compressedBytes < 0) {
    throw damaged(file, say`its CompressedDataSize is ${compressedBytes}`);
  }
  return {
    type,
    littleEndian: !isTrue(fields, BYTE_ORDER, false, file),
    compressed: isTrue(fields, ["CompressedData"], false, file),
    // 0 is what writers say that do not know it yet.
    compressedBytes: compressedBytes || null,
    size: [width, height, depth],
    volumes,
    offset,
    ...placeOf(fields, dimensions, file),
  };
}

/** The header's last line says where the data is. @throws DamagedFile where there is none */
function readLines(bytes: Uint8Array, file: string): { fields: Fields; offset: number } {
  const fields = new Map<string, string>();
  const most = Math.min(bytes.length, LIMITS.headerBytes);
  for (let at = 0; at < most; ) {
    const found = bytes.indexOf(10, at);
    const end = found < 0 ? bytes.length : found;
    if (end > LIMITS.headerBytes) break;
    const line = new TextDecoder().decode(bytes.subarray(at, end));
    at = end + 1;
    const equals = line.indexOf("=");
    if (equals < 0) continue;
    const key = line.slice(0, equals).trim();
    if (fields.has(key)) throw damaged(file, say`its header has ${key.slice(0, 40)} twice`);
    fields.set(key, line.slice(equals + 1).trim());
    if (key === "ElementDataFile") return { fields, offset: at };
  }
  throw damaged(file, say`its header has no ElementDataFile`);
}

/** @throws UnsupportedPixels where the numbers lie elsewhere, are text, or several are one pixel */
function refuseOtherData(fields: Fields, file: string): void {
  const data = required(fields, "ElementDataFile", file);
  if (data.toUpperCase() !== "LOCAL") {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its numbers lie in another file (${data.slice(0, 60)})`,
      remedy: say`drop both files together`,
    });
  }
  const [channels = 1] = numbersOf(fields, ["ElementNumberOfChannels"], 1, file) ?? [];
  if (channels !== 1) throw unsupported(file, say`each of its pixels holds several numbers (${channels})`);
  if (!isTrue(fields, ["BinaryData"], true, file)) throw unsupported(file, say`its numbers are written as text`);
  const [skip = 0] = numbersOf(fields, ["HeaderSize"], 1, file) ?? [];
  if (skip !== 0) throw unsupported(file, say`its HeaderSize is ${skip}`);
}

/**
 * Each axis steps by its spacing along its row of the matrix, in LPS as in ITK. What a file does not say of its place is
 * not guessed, but for the matrix, which is the identity where there is none.
 */
function placeOf(
  fields: Fields,
  dimensions: number,
  file: string,
): Pick<MetaImageHeader, "spacingMm" | "place" | "notes"> {
  const spacing = numbersOf(fields, ["ElementSpacing"], dimensions, file);
  const origin = numbersOf(fields, ORIGIN, dimensions, file);
  const matrix = numbersOf(fields, MATRIX, dimensions ** 2, file);
  const [mmX = Number.NaN, mmY = Number.NaN, mmZ = Number.NaN] = spacing ?? [];
  const plain = spacingOf(Math.abs(mmY), Math.abs(mmX));
  const notes = spacing && !plain ? [say`${file}: its spacing is no length of .001 to 1,000 mm and is left out`] : [];
  if (!origin || dimensions === 2) {
    return {
      spacingMm: plain,
      place: null,
      notes: [...notes, say`${file}: it does not say where it lies in the patient`],
    };
  }
  if (!plain) {
    const said = `${file}: without a spacing its place in the patient is not used`;
    return { spacingMm: null, place: null, notes: [...notes, said] };
  }
  // Of four axes the first three are those of space, and the matrix must not mix time into them.
  const side = matrix ? dimensions : 3;
  const row = (axis: number) => (matrix ?? IDENTITY).slice(side * axis, side * axis + 3) as unknown as Vector;
  const steps = [times(mmX, row(0)), times(mmY, row(1)), times(mmZ, row(2))] as const;
  const start = origin.slice(0, 3) as unknown as Vector;
  const spacingMm = spacingOf(Math.hypot(...steps[1]), Math.hypot(...steps[0])) ?? plain;
  if (sliceGeometry(start, ...steps, 0)) return { spacingMm, place: { origin: start, steps }, notes };
  const why = isSheared(steps[0], steps[1]) ? say`its axes are sheared` : say`its TransformMatrix or Offset gives none`;
  return { spacingMm, place: null, notes: [...notes, say`${file}: ${why}, so its place in the patient is not used`] };
}

/** @throws DamagedFile where a word is no number, or there are not `count` */
function numbersIn(text: string, key: string, count: number, file: string): number[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length !== count) throw damaged(file, say`its ${key} holds ${words.length} numbers, not ${count}`);
  return words.map((word) => {
    const value = decimalOf(word);
    if (Number.isNaN(value)) throw damaged(file, say`its ${key} holds "${word.slice(0, 40)}", which is no number`);
    return value;
  });
}

/**
 * Of these keys, which stand for one another; null where none is there.
 * @throws DamagedFile where two of them say two things
 */
function numbersOf(fields: Fields, keys: readonly string[], count: number, file: string): number[] | null {
  const [key, ...others] = keys.filter((name) => fields.has(name));
  if (key === undefined) return null;
  const numbers = numbersIn(fields.get(key) as string, key, count, file);
  for (const other of others) {
    const again = numbersIn(fields.get(other) as string, other, count, file);
    if (again.some((value, i) => value !== numbers[i])) throw damaged(file, say`its ${key} and its ${other} differ`);
  }
  return numbers;
}

function isTrue(fields: Fields, keys: readonly string[], otherwise: boolean, file: string): boolean {
  const said = keys.filter((name) => fields.has(name));
  const [first = otherwise, ...others] = said.map((key) => {
    const word = fields.get(key) as string;
    if (/^(true|t|1)$/i.test(word)) return true;
    if (/^(false|f|0)$/i.test(word)) return false;
    throw damaged(file, say`its ${key} is "${word.slice(0, 40)}", neither True nor False`);
  });
  if (others.some((other) => other !== first)) throw damaged(file, say`its ${said.join(" and its ")} differ`);
  return first;
}

function required(fields: Fields, key: string, file: string): string {
  const value = fields.get(key);
  if (value === undefined || value === "") throw damaged(file, say`its header has no ${key}`);
  return value;
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`save it again as one .mha file` });
}

function unsupported(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", {
    file,
    problem: say`${problem}, which is not read`,
    remedy: say`save it as one .mha file of one number a pixel`,
  });
}
