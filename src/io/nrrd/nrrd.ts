import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Geometry } from "../../core/values/slice.ts";
import { inflateUpTo } from "../bytes/inflate.ts";
import { checkVolumeSize, LIMITS } from "../bytes/limits.ts";
import { bytesPerNumber, type NumberType, readNumbers } from "../bytes/numbers.ts";
import { surplusNotes } from "../bytes/surplus.ts";
import { sliceGeometry } from "../geometry/affine-geometry.ts";
import type { Stack } from "../stack/stack.ts";
import { volumeStack } from "../stack/volume-stack.ts";
import { isNrrdNumber, type NrrdHeader, readNrrdHeader } from "./nrrd-header.ts";

/** A volume read one slice at a time. */
export interface NrrdVolume {
  readonly header: NrrdHeader;
  readonly notes: readonly Text[];
  /** [rows, columns] of slice k of a layer. @throws TruncatedFile */
  values(k: number, layer: number): Float32Array;
  geometry(k: number): Geometry | null;
}

/** Reads .nrrd: raw, gzip, text and hex, both byte orders. @throws DamagedFile, TruncatedFile, UnsupportedPixels, TooLarge */
export async function openNrrd(bytes: Uint8Array, name: string): Promise<NrrdVolume> {
  const header = readNrrdHeader(bytes, name);
  const [width, height, depth] = header.size;
  const items = width * height * depth * header.layers;
  checkVolumeSize(name, items * (header.encoding === "text" ? 8 : bytesPerNumber(header.type)), bytes.length);
  const packed = bytes.subarray(skipLines(bytes, header.offset, header.lineSkip));
  const stored = await numbersOf(packed, header, items, name);
  const surplus = header.byteSkip === -1 ? [] : surplusNotes(name, items * bytesPerNumber(stored.type), stored.length);
  const there = Math.floor(stored.bytes.length / bytesPerNumber(stored.type));
  const read = (first: number, count: number) =>
    readNumbers(stored.bytes, stored.type, first * bytesPerNumber(stored.type), count, stored.littleEndian);
  return {
    header,
    notes: [...header.notes, ...surplus],
    geometry: (k) => geometryOf(header, k),
    values: (k, layer) => {
      const pixels = width * height;
      const [first, stride] = header.layersFirst
        ? [header.layers * k * pixels, header.layers]
        : [(layer * depth + k) * pixels, 1];
      if (first + stride * pixels > there) {
        throw new GraderspaceError("TruncatedFile", {
          file: name,
          problem: say`it ends before slice ${k + 1} of ${depth} is complete`,
          remedy: say`download or export it again`,
        });
      }
      const all = read(first, stride * pixels);
      return stride === 1 ? all : Float32Array.from({ length: pixels }, (_, i) => all[layer + stride * i] as number);
    },
  };
}

interface StoredNumbers {
  readonly bytes: Uint8Array;
  /** Bytes there are, also where not all are kept. */
  readonly length: number;
  readonly type: NumberType;
  readonly littleEndian: boolean;
}

async function numbersOf(packed: Uint8Array, header: NrrdHeader, items: number, name: string): Promise<StoredNumbers> {
  const { type, littleEndian, byteSkip } = header;
  if (header.encoding === "text") {
    const words = new TextDecoder()
      .decode(packed.subarray(0, LIMITS.inflatedBytes / 8))
      .trim()
      .split(/[\s,]+/, items + 1);
    const there = words.length === 1 && words[0] === "" ? 0 : words.length;
    const view = new DataView(new ArrayBuffer(8 * there));
    for (const [i, word] of words.slice(0, there).entries()) {
      if (!isNrrdNumber(word)) throw damaged(name, say`its numbers hold "${word.slice(0, 40)}", which is none`);
      view.setFloat64(8 * i, Number(word), true);
    }
    return { bytes: new Uint8Array(view.buffer), length: 8 * there, type: "f8", littleEndian: true };
  }
  const size = items * bytesPerNumber(type);
  if (header.encoding === "hex") {
    if (byteSkip < 0 || byteSkip > packed.length) throw damaged(name, say`its byte skip is ${byteSkip}`);
    return { ...hexBytes(packed.subarray(byteSkip), size, name), type, littleEndian };
  }
  const most = header.encoding === "gzip" ? LIMITS.headerBytes : packed.length;
  if (byteSkip < -1 || byteSkip > most) throw damaged(name, say`its byte skip is ${byteSkip}`);
  const skip = Math.max(0, byteSkip);
  const unpacked =
    header.encoding === "gzip"
      ? await inflateUpTo(packed, "gzip", skip + size, name)
      : { bytes: packed, length: packed.length };
  const start = byteSkip === -1 ? Math.max(0, unpacked.bytes.length - size) : skip;
  return { bytes: unpacked.bytes.subarray(start), length: unpacked.length - start, type, littleEndian };
}

/** Two digits a byte, blanks between them anywhere; the first `most` bytes are kept. @throws DamagedFile */
function hexBytes(text: Uint8Array, most: number, name: string): { bytes: Uint8Array; length: number } {
  const bytes = new Uint8Array(Math.min(most, text.length >> 1));
  let [digits, high] = [0, 0];
  for (const letter of text) {
    if (letter === 0x20 || (letter >= 9 && letter <= 13)) continue;
    const digit = Number.parseInt(String.fromCharCode(letter), 16);
    if (Number.isNaN(digit)) {
      throw damaged(name, say`its numbers hold "${String.fromCharCode(letter)}", which is no hexadecimal digit`);
    }
    if (digits % 2 === 0) high = digit;
    else if (digits >> 1 < bytes.length) bytes[digits >> 1] = 16 * high + digit;
    digits++;
  }
  const length = digits >> 1;
  return { bytes: bytes.subarray(0, length), length };
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`save it again as one .nrrd file` });
}

function skipLines(bytes: Uint8Array, offset: number, lines: number): number {
  let at = offset;
  for (let i = 0; i < Math.min(lines, 1000); i++) {
    const end = bytes.indexOf(10, at);
    if (end < 0) return at;
    at = end + 1;
  }
  return at;
}

/** A volume as a stack of its slices, layer after layer. */
export function nrrdStack({ header, notes, values, geometry }: NrrdVolume, name: string): Stack {
  const [width, height, depth] = header.size;
  const { type, spacingMm, layers } = header;
  return volumeStack({
    name,
    format: "nrrd",
    width,
    height,
    frames: depth * layers,
    type,
    channels: layers,
    spacingMm,
    notes,
    start: Math.floor((depth - 1) / 2),
    geometry: (frame) => geometry(frame % depth),
    values: (frame) => values(frame % depth, Math.floor(frame / depth)),
  });
}

function geometryOf({ directions, origin }: NrrdHeader, k: number): Geometry | null {
  return directions && origin ? sliceGeometry(origin, ...directions, k) : null;
}
