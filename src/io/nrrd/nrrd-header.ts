import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { decimalOf } from "../bytes/decimal.ts";
import { checkPictureSize, LIMITS } from "../bytes/limits.ts";
import { bytesPerNumber, type NumberType } from "../bytes/numbers.ts";
import { isSheared } from "../geometry/affine-geometry.ts";
import { spacingOf } from "../geometry/length.ts";
import type { Vector } from "../geometry/vector.ts";

/** How the numbers of an NRRD lie, and where in the patient. */
export interface NrrdHeader {
  readonly type: NumberType;
  readonly littleEndian: boolean;
  readonly encoding: "raw" | "gzip" | "text" | "hex";
  /** Columns, rows, slices. */
  readonly size: readonly [number, number, number];
  /** Items of a list axis (layers of a segmentation, time); 1 where there is none. */
  readonly layers: number;
  /** True where the list axis runs fastest. */
  readonly layersFirst: boolean;
  /** Step of each spatial axis in LPS millimetres; null where the space is unknown. */
  readonly directions: readonly [Vector, Vector, Vector] | null;
  readonly origin: Vector | null;
  /** [between rows, between columns]; null where unknown. */
  readonly spacingMm: readonly [number, number] | null;
  /** Where the data begins, from the start of the file. */
  readonly offset: number;
  readonly lineSkip: number;
  /** Of uncompressed data; −1: the data is the end of the file. */
  readonly byteSkip: number;
  /** `key:=value` pairs, as Slicer's segmentations use. */
  readonly pairs: ReadonlyMap<string, string>;
  /** Why its place is not used, as sentences. */
  readonly notes: readonly Text[];
}

/** All the names a type goes by (teem's format definition, §type). */
const TYPES: readonly (readonly [NumberType, RegExp])[] = [
  ["i1", /^(signed char|int8|int8_t)$/],
  ["u1", /^(uchar|unsigned char|uint8|uint8_t)$/],
  ["i2", /^(short|short int|signed short|signed short int|int16|int16_t)$/],
  ["u2", /^(ushort|unsigned short|unsigned short int|uint16|uint16_t)$/],
  ["i4", /^(int|signed int|int32|int32_t)$/],
  ["u4", /^(uint|unsigned int|uint32|uint32_t)$/],
  ["i8", /^(longlong|long long|long long int|signed long long|signed long long int|int64|int64_t)$/],
  ["u8", /^(ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t)$/],
  ["f4", /^float$/],
  ["f8", /^double$/],
];

/** @throws DamagedFile, UnsupportedPixels, TooLarge */
export function readNrrdHeader(bytes: Uint8Array, file: string): NrrdHeader {
  const { fields, pairs, offset } = readLines(bytes, file);
  const field = (name: string) => fields.get(name) ?? null;
  const numbers = (name: string) => numbersIn(field(name) ?? "", name, file);
  const whole = (name: string) => wholeNumber(field(name) ?? field(name.replace(" ", "")) ?? "0", name, file);
  const typeName = (field("type") ?? "").toLowerCase();
  const type = TYPES.find(([, pattern]) => pattern.test(typeName))?.[0];
  if (!type) throw unsupported(file, say`its items are of type "${typeName.slice(0, 40)}"`);
  const elsewhere = field("data file") ?? field("datafile");
  if (elsewhere !== null) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its numbers lie in another file (${elsewhere.slice(0, 60)})`,
      remedy: say`drop both files together`,
    });
  }
  const encoding = encodingOf(field("encoding") ?? "raw", file);
  const sizes = numbers("sizes");
  const dimension = whole("dimension");
  if (sizes.length !== dimension || dimension < 2 || dimension > 4) {
    throw unsupported(file, say`its sizes are [${sizes.join(", ").slice(0, 60)}]`);
  }
  const space = (field("space") ?? "").toLowerCase();
  const timed = /(-time|^(lps|ras|las)t|^3d-.*-time)$/.test(space);
  const directions = vectors(field("space directions"), dimension, timed, file);
  const kinds = (field("kinds") ?? "").split(/\s+/);
  const list = listAxis(dimension, directions, kinds);
  if (list !== -1 && /color|complex|vector|matrix/i.test(kinds[list] ?? "")) {
    throw unsupported(file, say`each of its pixels holds several numbers (${kinds[list]?.slice(0, 40) ?? ""})`);
  }
  const spatial = sizes.map((_, axis) => axis).filter((axis) => axis !== list);
  if (spatial.length > 3 || (list > 0 && list < dimension - 1))
    throw unsupported(file, say`its axes are in no usual order`);
  const size = [0, 1, 2].map((i) => (spatial[i] === undefined ? 1 : (sizes[spatial[i] as number] as number)));
  const layers = list === -1 ? 1 : (sizes[list] as number);
  const [width = 0, height = 0, depth = 1] = size;
  checkPictureSize(file, width, height, depth * layers);
  const origin = numbersIn((field("space origin") ?? "").replace(/[(),]/g, " "), "space origin", file);
  const place = placeOf(timed ? null : space, directions, origin, spatial);
  const plain = numbers("spacings");
  const between = (i: number) => place.lengths?.[i] ?? Math.abs(plain[spatial[i] as number] ?? Number.NaN);
  const notes: Text[] = [];
  if (timed) notes.push(say`${file}: its space has a time axis, so its place in the patient is not used`);
  else if (place.directions && isSheared(place.directions[0], place.directions[1])) {
    notes.push(say`${file}: its axes are sheared, so its place in the patient is not used`);
  }
  if (origin.length > 0 && !(origin.length >= 3 && origin.every(Number.isFinite))) {
    notes.push(say`${file}: its space origin is no place in the patient and is left out`);
  }
  if (field("endian") === null && encoding !== "text" && bytesPerNumber(type) > 1) {
    notes.push(say`${file}: it does not say the byte order of its numbers; they are read as little-endian`);
  }
  const spacingMm = spacingOf(between(1), between(0));
  if (!spacingMm && (place.lengths || plain.length > 0)) {
    notes.push(say`${file}: its spacing is no length of .001 to 1,000 mm and is left out`);
  }
  return {
    type,
    littleEndian: littleEndianOf(field("endian"), file),
    encoding,
    size: [width, height, depth],
    layers,
    layersFirst: list === 0,
    directions: place.directions,
    origin: place.origin,
    spacingMm,
    offset,
    lineSkip: whole("line skip"),
    byteSkip: whole("byte skip"),
    pairs,
    notes,
  };
}

/** The header ends with an empty line. */
function readLines(bytes: Uint8Array, file: string) {
  const fields = new Map<string, string>();
  const pairs = new Map<string, string>();
  let at = 0;
  for (;;) {
    const found = bytes.indexOf(10, at);
    // A header whose numbers lie in another file may be all there is.
    const detached = found < 0 && (at >= bytes.length || bytes.length - at < 256) && namesAnother(fields);
    if (detached) return { fields, pairs, offset: bytes.length };
    const end = found;
    if (end < 0 || end > LIMITS.headerBytes) {
      throw new GraderspaceError("DamagedFile", {
        file,
        problem: say`its header has no end`,
        remedy: say`save it again as one .nrrd file`,
      });
    }
    const line = new TextDecoder().decode(bytes.subarray(at, end)).replace(/\r$/, "");
    at = end + 1;
    if (line === "") return { fields, pairs, offset: at };
    if (line.startsWith("#") || line.startsWith("NRRD")) continue;
    const pair = line.indexOf(":=");
    const field = line.indexOf(": ");
    if (field >= 0 && (pair < 0 || field < pair)) {
      const name = line.slice(0, field).toLowerCase();
      if (fields.has(name)) throw damaged(file, say`its header has the field "${name.slice(0, 40)}" twice`);
      fields.set(name, line.slice(field + 2).trim());
    } else if (pair >= 0) pairs.set(line.slice(0, pair), line.slice(pair + 2));
  }
}

function encodingOf(name: string, file: string): NrrdHeader["encoding"] {
  const encoding = name.toLowerCase();
  if (encoding === "raw") return "raw";
  if (encoding === "gzip" || encoding === "gz") return "gzip";
  if (encoding === "hex") return "hex";
  if (encoding === "text" || encoding === "txt" || encoding === "ascii") return "text";
  throw unsupported(file, say`its numbers are packed as "${name.slice(0, 40)}"`);
}

function namesAnother(fields: ReadonlyMap<string, string>): boolean {
  return fields.has("data file") || fields.has("datafile");
}

function littleEndianOf(word: string | null, file: string): boolean {
  const endian = (word ?? "little").toLowerCase();
  if (endian === "little" || endian === "big") return endian === "little";
  throw damaged(file, say`its byte order is "${endian.slice(0, 40)}"`);
}

/** Numbers between blanks; NaN stands for "not known" there. @throws DamagedFile where a word is no number */
function numbersIn(text: string, name: string, file: string): number[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return words.map((word) => {
    if (!isNrrdNumber(word)) throw damaged(file, say`its ${name} holds "${word.slice(0, 40)}", which is no number`);
    return Number(word);
  });
}

/** Also "nan" and "inf", as teem writes them. */
export function isNrrdNumber(word: string): boolean {
  return !Number.isNaN(decimalOf(word)) || /^[-+]?(nan|inf)$/i.test(word);
}

function wholeNumber(text: string, name: string, file: string): number {
  if (/^[-+]?\d{1,15}$/.test(text)) return Number(text);
  throw damaged(file, say`its ${name} is "${text.slice(0, 40)}", which is no whole number`);
}

/** "none (0,0.7,0) …" → one vector or null per axis. In a space with time the fourth number of each is time. */
function vectors(text: string | null, dimension: number, timed: boolean, file: string): (Vector | null)[] {
  const parts = text?.match(/none|\([^)]*\)/g) ?? [];
  return Array.from({ length: dimension }, (_, axis) => {
    const part = parts[axis];
    if (part === undefined || part === "none") return null;
    const [x, y, z, ...more] = numbersIn(part.replace(/[(),]/g, " "), "space directions", file);
    if (x === undefined || y === undefined || z === undefined || more.length > (timed ? 1 : 0)) return null;
    return timed && x === 0 && y === 0 && z === 0 ? null : ([x, y, z] as const);
  });
}

/** The axis that is no direction of space; −1 where all are. */
function listAxis(dimension: number, directions: (Vector | null)[], kinds: readonly string[]): number {
  if (dimension === 2) return -1;
  const spaceless = directions.indexOf(null);
  if (spaceless >= 0 && directions.some((direction) => direction !== null)) return spaceless;
  const named = kinds.findIndex((kind) => /^(list|time|.*color|.*vector|.*matrix|complex)$/i.test(kind));
  return named >= 0 ? named : dimension === 4 ? 3 : -1;
}

/** Signs that turn a space's axes into LPS; null for spaces that are no patient's. */
function spaceSigns(space: string | null): Vector | null {
  const name = (space ?? "").toLowerCase();
  if (name === "left-posterior-superior" || name === "lps") return [1, 1, 1];
  if (name === "right-anterior-superior" || name === "ras") return [-1, -1, 1];
  return name === "left-anterior-superior" || name === "las" ? [1, -1, 1] : null;
}

function placeOf(
  space: string | null,
  all: (Vector | null)[],
  start: readonly number[],
  spatial: readonly number[],
): Pick<NrrdHeader, "directions" | "origin"> & { lengths: number[] | null } {
  const used = spatial.map((axis) => all[axis] ?? null);
  if (used.some((v) => v === null || !v.every(Number.isFinite)))
    return { directions: null, origin: null, lengths: null };
  const lengths = used.map((v) => Math.hypot(...(v as Vector)));
  const signs = spaceSigns(space);
  const [ox, oy, oz] = start;
  if (!signs || ox === undefined || oy === undefined || oz === undefined || used.length < 2) {
    return { directions: null, origin: null, lengths };
  }
  const turned = (v: readonly number[]) =>
    [0, 1, 2].map((i) => (signs[i] as number) * (v[i] as number)) as unknown as Vector;
  const [x, y] = [turned(used[0] as Vector), turned(used[1] as Vector)];
  const normal: Vector = used[2] ? turned(used[2]) : [0, 0, 0];
  return { directions: [x, y, normal], origin: turned([ox, oy, oz]), lengths };
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`save it again as one .nrrd file` });
}

function unsupported(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", {
    file,
    problem: say`${problem}, which is not read`,
    remedy: say`save it as one .nrrd file, raw or gzip`,
  });
}
