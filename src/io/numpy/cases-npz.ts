import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Mask, Slice } from "../../core/values/slice.ts";
import type { ZipEntry } from "../bytes/zip.ts";
import { storedSlice } from "../stack/stack.ts";
import { type NpzArray, openNpz } from "./npz.ts";

/** A set of crops with graders' masks, as `crops.npz`: `images` [N, H, W], `masks` [N, G, H, W] or bit-packed. */
export interface Cases {
  readonly rows: number;
  readonly width: number;
  readonly height: number;
  /** Mask slots per row; 0 where the file has no masks. */
  readonly graders: number;
  /** One row's picture. */
  slice(row: number): Promise<Slice>;
  /** One row's slots; an empty mask means that this grader drew nothing. */
  masks(row: number): Promise<Mask[]>;
  /** For runs over all rows: pictures, or masks, are unpacked as a whole when the first one is asked for, and kept. */
  keepWhole(): void;
  /** Text or number per row (`split`, `patient`, …); null where the file does not have it. */
  column(name: string): Promise<readonly (string | number)[] | null>;
}

/** True where a zip of arrays holds cases rather than one picture. */
export function looksLikeCases(arrays: ReadonlyMap<string, NpzArray>): boolean {
  return arrays.get("images")?.header.shape.length === 3 && arrays.has("masks");
}

/** @throws DamagedFile, UnsupportedPixels where `images` or `masks` are missing or do not fit each other */
export function openCases(entries: readonly ZipEntry[], file: string): Cases {
  const arrays = openNpz(entries, file);
  const images = arrays.get("images");
  const shape = images?.header.shape ?? [];
  if (!images || shape.length !== 3 || images.header.fortranOrder) {
    throw refused(file, say`it has no array \`images\` of the shape [cases, height, width]`);
  }
  const [rows = 0, height = 0, width = 0] = shape;
  const masks = arrays.get("masks") ?? null;
  const packed = masks ? maskLayout(masks, rows, height, width, file) : false;
  const graders = masks ? (masks.header.shape[1] as number) : 0;
  const rowsOf = { images: rowReader(images), masks: masks ? rowReader(masks) : null };
  return {
    rows,
    width,
    height,
    graders,
    slice: async (row) => storedSlice({ width, height }, await rowsOf.images.numbers(row), `${file}, case ${row}`),
    masks: async (row) =>
      rowsOf.masks ? splitMasks(await rowsOf.masks.bytes(row), graders, width, height, packed) : [],
    keepWhole: () => {
      rowsOf.images.keepWhole();
      rowsOf.masks?.keepWhole();
    },
    column: async (name) => {
      const array = arrays.get(name);
      if (!array) return null;
      const values = array.header.type.startsWith("U")
        ? await array.texts()
        : [...(await array.numbers(0, array.rows))];
      if (values.length !== rows)
        throw refused(file, say`its array \`${name}\` has ${values.length} items for ${rows} cases`);
      return values;
    },
  };
}

/** True where the masks are bit-packed along x. */
function maskLayout(masks: NpzArray, rows: number, height: number, width: number, file: string): boolean {
  const [n, , h, w] = masks.header.shape;
  const packed = w === Math.ceil(width / 8) && width > 1;
  const fits = masks.header.shape.length === 4 && n === rows && h === height && (packed || w === width);
  if (!fits || !/^[bu]1$/.test(masks.header.type) || masks.header.fortranOrder) {
    throw refused(
      file,
      say`its array \`masks\` is not u8 [cases, graders, height, width] or [cases, graders, height, width/8]`,
    );
  }
  return packed;
}

/** Reads a row at a time or, after `keepWhole`, out of the whole array, unpacked once. */
function rowReader(array: NpzArray) {
  let whole = false;
  let all: Promise<Uint8Array> | null = null;
  const rowBytes = array.rowItems * array.header.itemBytes;
  const bytes = async (row: number) => {
    if (!whole || row < 0 || row >= array.rows) return array.bytes(row, row + 1);
    all ??= array.bytes(0, array.rows);
    return (await all).subarray(row * rowBytes, (row + 1) * rowBytes);
  };
  return {
    bytes,
    numbers: async (row: number) => array.decode(await bytes(row)),
    keepWhole: () => {
      whole = true;
    },
  };
}

/** Bits along x, most significant first: pixel x is bit 7 − x mod 8 of byte x / 8. */
function splitMasks(bytes: Uint8Array, graders: number, width: number, height: number, packed: boolean): Mask[] {
  const stride = packed ? Math.ceil(width / 8) : width;
  return Array.from({ length: graders }, (_, grader) => {
    const bits = new Uint8Array(width * height);
    const base = grader * stride * height;
    for (let at = 0; at < stride * height; at++) {
      const byte = bytes[base + at] as number;
      if (byte === 0) continue; // nearly all of them
      const [x, y] = [at % stride, Math.floor(at / stride)];
      if (!packed) bits[at] = 1;
      else for (let i = 8 * x; i < Math.min(8 * x + 8, width); i++) bits[y * width + i] = (byte >> (7 - (i & 7))) & 1;
    }
    return { width, height, bits };
  });
}

function refused(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", {
    file,
    problem,
    remedy: say`save it as \`images\` [cases, height, width] and \`masks\` [cases, graders, height, width]`,
  });
}
