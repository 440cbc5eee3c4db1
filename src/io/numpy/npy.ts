import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import { checkPictureSize } from "../bytes/limits.ts";
import { type NumberType, readNumbers } from "../bytes/numbers.ts";
import { storedSlice } from "../stack/stack.ts";
import { isNpy } from "./npy-signature.ts";

/** What stands before the numbers of an npy file. */
export interface NpyHeader {
  /** "u1", "i2", "f4", "b1", "U5", …: kind and bytes per item (characters for U). */
  readonly type: string;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the items begin. */
  readonly offset: number;
  readonly itemBytes: number;
}

/** The longest header that is read; numpy's own are under 200 bytes. */
export const NPY_HEADER = 4096;

/** What numpy's types are read as; b1 is a byte per truth value. */
export function numberType(type: string): NumberType | null {
  if (type === "b1") return "u1";
  return /^([ui][1248]|f[248])$/.test(type) ? (type as NumberType) : null;
}

/**
 * Reads the header of an npy file (numpy format 1, 2 or 3) from its first bytes.
 * @throws DamagedFile; UnsupportedPixels for items that are no numbers and no text
 */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  if (!isNpy(bytes) || bytes.length < 12) throw damaged(file, say`it does not begin as an npy file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] as number;
  if (version < 1 || version > 3) throw damaged(file, say`it is of npy version ${version}, and 1 to 3 are read`);
  const wide = version >= 2;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = wide ? 12 : 10;
  if (start + length > bytes.length) throw damaged(file, say`its header is cut short`);
  const text = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  for (const key of ["descr", "fortran_order", "shape"]) {
    const count = text.split(new RegExp(`['"]${key}['"]\\s*:`)).length - 1;
    if (count !== 1)
      throw damaged(file, count === 0 ? say`its header has no ${key}` : say`its header has ${key} twice`);
  }
  const descr = /['"]descr['"]\s*:\s*['"]([<>|=]?)([a-zA-Z])(\d+)['"]/.exec(text);
  const order = /['"]fortran_order['"]\s*:\s*(True|False)/.exec(text);
  const shape = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/.exec(text);
  if (!order) throw damaged(file, say`its fortran_order is neither True nor False`);
  const sides = (shape?.[1] ?? "").split(",").flatMap((side) => side.trim() || []);
  if (!shape || !sides.every((side) => /^\d+L?$/.test(side)))
    throw damaged(file, say`its shape is no list of whole numbers`);
  if (!descr) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its items are neither numbers nor text`,
      remedy: say`save one plain array of numbers`,
    });
  }
  const [, endian = "", kind = "", digits = ""] = descr;
  const type = kind + digits;
  if (kind !== "U" && numberType(type) === null) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its items are of numpy's type ${type}, which is not read`,
      remedy: say`save it as uint8, int16 or float32`,
    });
  }
  return {
    type,
    littleEndian: endian !== ">",
    fortranOrder: order[1] === "True",
    shape: sides.map((side) => Number.parseInt(side, 10)),
    offset: start + length,
    itemBytes: kind === "U" ? 4 * Number(digits) : Number(digits),
  };
}

/** Number of items that the shape declares. @throws DamagedFile past 2⁵³ */
export function itemCount(header: NpyHeader, file: string): number {
  const count = header.shape.reduce((product, side) => product * side, 1);
  if (!Number.isSafeInteger(count * Math.max(1, header.itemBytes)))
    throw damaged(file, say`its shape is beyond counting`);
  return count;
}

/** `count` items as float32, from item `from` of `items`, which begin at the first byte of `bytes`. */
export function readItems(bytes: Uint8Array, header: NpyHeader, from: number, count: number): Float32Array {
  const type = numberType(header.type) ?? "u1";
  return readNumbers(bytes, type, from * header.itemBytes, count, header.littleEndian);
}

/** The texts of a `<U5` array: UTF-32, filled up with zeros. */
export function readTexts(bytes: Uint8Array, header: NpyHeader, count: number): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: count }, (_, i) => {
    let text = "";
    for (let at = i * header.itemBytes; at < (i + 1) * header.itemBytes; at += 4) {
      const code = view.getUint32(at, header.littleEndian);
      if (code === 0) break;
      text += code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
    }
    return text;
  });
}

/** How an array is looked at as pictures. */
interface PictureShape {
  readonly frames: number;
  readonly height: number;
  readonly width: number;
}

/**
 * [H, W] is one picture, [N, H, W] is N of them; sides of 1 before and after are dropped.
 * @throws UnsupportedPixels for other shapes, colour among them; DamagedFile, TooLarge as `checkPictureSize`
 */
export function pictureShape(header: NpyHeader, file: string): PictureShape {
  const shape = [...header.shape];
  while (shape.length > 2 && shape[0] === 1) shape.shift();
  while (shape.length > 2 && shape.at(-1) === 1) shape.pop();
  const [first = 0, second = 0, third] = shape;
  const colour = third !== undefined && third >= 3 && third <= 4 && first > 4;
  if (shape.length < 2 || shape.length > 3 || colour || header.type.startsWith("U")) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its shape is [${header.shape.join(", ")}]${colour ? say`, which is a colour picture` : ""}`,
      remedy: say`save one picture [height, width] or several [number, height, width]`,
    });
  }
  const picture =
    third === undefined ? { frames: 1, height: first, width: second } : { frames: first, height: second, width: third };
  checkPictureSize(file, picture.width, picture.height, picture.frames);
  return picture;
}

/** Items of picture `frame` in row order, whatever the order in the file; `bytes` are all items. */
export function readPicture(bytes: Uint8Array, header: NpyHeader, picture: PictureShape, frame: number): Float32Array {
  const { frames, height, width } = picture;
  if (!header.fortranOrder) return readItems(bytes, header, frame * width * height, width * height);
  // Fortran: the first index runs fastest, item (n, y, x) is at n + N·(y + H·x).
  const all = readItems(bytes, header, 0, frames * width * height);
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = all[frame + frames * (y + height * x)] as number;
  }
  return values;
}

/** The first picture of an npy file. @throws DamagedFile, UnsupportedPixels, TooLarge */
export function npySlice(bytes: Uint8Array, file: string): Slice {
  const header = readNpyHeader(bytes, file);
  const picture = pictureShape(header, file);
  return storedSlice(picture, readPicture(bytes.subarray(header.offset), header, picture, 0), file);
}

export function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`save the array again` });
}
