import { GraderspaceError } from "../../core/errors.ts";
import { checkPictureSize, LIMITS } from "../bytes/limits.ts";
import type { NumberType } from "../bytes/numbers.ts";
import type { Vector } from "../geometry/vector.ts";

/** How the numbers of an NRRD lie, and where in the patient. */
export interface NrrdHeader {
  readonly type: NumberType;
  readonly littleEndian: boolean;
  readonly encoding: "raw" | "gzip" | "text";
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
  const typeName = (field("type") ?? "").toLowerCase();
  const type = TYPES.find(([, pattern]) => pattern.test(typeName))?.[0];
  if (!type) throw unsupported(file, `its items are of type "${typeName.slice(0, 40)}"`);
  if (field("data file") ?? field("datafile")) throw unsupported(file, "its numbers lie in another file");
  const encoding = encodingOf(field("encoding") ?? "raw", file);
  const sizes = numbers(field("sizes"));
  const dimension = Number(field("dimension"));
  if (sizes.length !== dimension || dimension < 2 || dimension > 4) {
    throw unsupported(file, `its sizes are [${sizes.join(", ").slice(0, 60)}]`);
  }
  const directions = vectors(field("space directions"), dimension);
  const kinds = (field("kinds") ?? "").split(/\s+/);
  const list = listAxis(dimension, directions, kinds);
  if (list !== -1 && /color|complex|vector|matrix/i.test(kinds[list] ?? "")) {
    throw unsupported(file, `each of its pixels holds several numbers (${kinds[list]?.slice(0, 40)})`);
  }
  const spatial = sizes.map((_, axis) => axis).filter((axis) => axis !== list);
  if (spatial.length > 3 || (list > 0 && list < dimension - 1))
    throw unsupported(file, "its axes are in no usual order");
  const size = [0, 1, 2].map((i) => (spatial[i] === undefined ? 1 : (sizes[spatial[i] as number] as number)));
  const layers = list === -1 ? 1 : (sizes[list] as number);
  const [width = 0, height = 0, depth = 1] = size;
  checkPictureSize(file, width, height, depth * layers);
  const place = placeOf(field("space"), directions, numbers(field("space origin")), spatial);
  const plain = numbers(field("spacings"));
  const between = (i: number) => place.lengths?.[i] ?? Math.abs(plain[spatial[i] as number] ?? Number.NaN);
  const known = [between(0), between(1)].every((side) => Number.isFinite(side) && side > 0);
  return {
    type,
    littleEndian: (field("endian") ?? "little").toLowerCase() !== "big",
    encoding,
    size: [width, height, depth],
    layers,
    layersFirst: list === 0,
    directions: place.directions,
    origin: place.origin,
    spacingMm: known ? [between(1), between(0)] : null,
    offset,
    lineSkip: Number(field("line skip") ?? field("lineskip") ?? 0),
    byteSkip: Number(field("byte skip") ?? field("byteskip") ?? 0),
    pairs,
  };
}

/** The header ends with an empty line. */
function readLines(bytes: Uint8Array, file: string) {
  const fields = new Map<string, string>();
  const pairs = new Map<string, string>();
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(10, at);
    if (end < 0 || end > LIMITS.headerBytes) {
      throw new GraderspaceError("DamagedFile", {
        file,
        problem: "its header has no end",
        remedy: "save it again as one .nrrd file",
      });
    }
    const line = new TextDecoder().decode(bytes.subarray(at, end)).replace(/\r$/, "");
    at = end + 1;
    if (line === "") return { fields, pairs, offset: at };
    if (line.startsWith("#") || line.startsWith("NRRD")) continue;
    const pair = line.indexOf(":=");
    const field = line.indexOf(": ");
    if (field >= 0 && (pair < 0 || field < pair))
      fields.set(line.slice(0, field).toLowerCase(), line.slice(field + 2).trim());
    else if (pair >= 0) pairs.set(line.slice(0, pair), line.slice(pair + 2));
  }
}

function encodingOf(name: string, file: string): NrrdHeader["encoding"] {
  const encoding = name.toLowerCase();
  if (encoding === "raw") return "raw";
  if (encoding === "gzip" || encoding === "gz") return "gzip";
  if (encoding === "text" || encoding === "txt" || encoding === "ascii") return "text";
  throw unsupported(file, `its numbers are packed as "${name.slice(0, 40)}"`);
}

function numbers(text: string | null): number[] {
  return (text?.match(/[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|nan/gi) ?? []).map(Number);
}

/** "none (0,0.7,0) …" → one vector or null per axis. */
function vectors(text: string | null, dimension: number): (Vector | null)[] {
  const parts = text?.match(/none|\([^)]*\)/g) ?? [];
  return Array.from({ length: dimension }, (_, axis) => {
    const [x, y, z, ...more] = numbers(parts[axis] ?? "");
    if (x === undefined || y === undefined || z === undefined || more.length > 0) return null;
    return [x, y, z] as const;
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

function unsupported(file: string, problem: string): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", {
    file,
    problem: `${problem}, which is not read`,
    remedy: "save it as one .nrrd file, raw or gzip",
  });
}
