import { decode } from "fast-png";
import { Unzlib } from "fflate";
import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Slice } from "../../core/values/slice.ts";
import { adler32 } from "../bytes/adler32.ts";
import { concat } from "../bytes/concat.ts";
import { crc32 } from "../bytes/crc32.ts";
import { startsWith } from "../bytes/letters.ts";
import { checkPictureSize } from "../bytes/limits.ts";
import { surplusNotes } from "../bytes/surplus.ts";
import { PNG_SIGNATURE } from "./png-signature.ts";
import { type Raster, rasterSlice } from "./raster.ts";

/** What the chunks say, before anything is unpacked. */
interface Layout {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly colourType: number;
  readonly interlaced: boolean;
  /** Signature, IHDR, PLTE, IDAT and IEND alone: nothing that text, profiles or animation could bring in. */
  readonly essential: Uint8Array;
  readonly packed: Uint8Array;
  readonly hasPalette: boolean;
}

/** What the pixels of a PNG may take: the largest picture that is read, in 32 bits. */
const MOST_BYTES = 64 << 20;

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Bits per sample that PNG allows for each colour type (PNG §11.2.1). */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/**
 * Reads 1- to 16-bit PNG with all its bits (a canvas would cut it to 8).
 * @throws DamagedFile, TooLarge, UnsupportedPixels
 */
export function decodePng(bytes: Uint8Array, file: string): Raster {
  const layout = scan(bytes, file);
  const { width, height, depth, colourType } = layout;
  checkPictureSize(file, width, height);
  const channels = CHANNELS[colourType];
  if (channels === undefined) throw damaged(file, say`its colour type is ${colourType}`);
  if (!DEPTHS[colourType]?.includes(depth)) {
    throw damaged(
      file,
      say`it declares ${depth} bits a sample, which PNG does not have for its colour type ${colourType}`,
    );
  }
  if (layout.interlaced && depth < 8) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`it is interlaced with ${depth} bits per pixel`,
      remedy: say`save it without interlacing`,
    });
  }
  if (Math.ceil((width * depth * channels) / 8) * height > MOST_BYTES) {
    throw new GraderspaceError("TooLarge", {
      file,
      problem: say`its pixels take over ${MOST_BYTES >> 20} MiB`,
      remedy: say`save it in grey, or crop it`,
    });
  }
  if (colourType === 3 && !layout.hasPalette) throw damaged(file, say`its pixels are of a palette, and it has none`);
  const notes = checkUnpacked(layout, channels, file);
  let decoded: ReturnType<typeof decode>;
  try {
    decoded = decode(layout.essential);
  } catch (error) {
    throw damaged(file, say`its pixels are broken (${error instanceof Error ? error.message : say`unknown reason`})`);
  }
  if (decoded.data.length < Math.ceil((width * depth * channels) / 8) * height * (depth === 16 ? 0.5 : 1)) {
    throw damaged(file, say`its pixels are cut short`);
  }
  const samples = depth < 8 ? unpack(decoded.data as Uint8Array, width, height, depth) : decoded.data;
  if (colourType !== 3) {
    return { width, height, channels, depth, samples: samples as Uint8Array | Uint16Array, indices: null, notes };
  }
  const indices = samples as Uint8Array;
  const palette = decoded.palette ?? [];
  const rgb = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) {
    const colour = palette[indices[i] as number];
    if (!colour)
      throw damaged(
        file,
        say`a pixel has colour ${indices[i] as number}, and its palette ends at ${palette.length - 1}`,
      );
    rgb.set(colour.slice(0, 3), i * 3);
  }
  return { width, height, channels: 3, depth: 8, samples: rgb, indices, notes };
}

/** In stored units. @throws as `decodePng`, and UnsupportedPixels for a colour picture */
export function pngSlice(bytes: Uint8Array, file: string): Slice {
  return rasterSlice(decodePng(bytes, file), file);
}

/** Chunk by chunk: sizes are checked against the file before anything is made. */
function scan(bytes: Uint8Array, file: string): Layout {
  if (!startsWith(bytes, PNG_SIGNATURE) || bytes.length < 45) throw damaged(file, say`it does not begin as a PNG`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const checkSum = (type: string, from: number, to: number) => {
    if (crc32(bytes.subarray(from + 4, to - 4)) === view.getUint32(to - 4)) return;
    throw damaged(file, say`the checksum of its ${type} is wrong`);
  };
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) throw damaged(file, say`its header is missing`);
  checkSum("IHDR", 8, 33);
  const kept: Uint8Array[] = [bytes.subarray(0, 33)];
  const packed: Uint8Array[] = [];
  let hasPalette = false;
  let at = 33;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const next = at + 12 + length;
    if (next > bytes.length) throw damaged(file, say`it is cut short`);
    if (type === "IDAT") packed.push(bytes.subarray(at + 8, at + 8 + length));
    if (type === "IDAT" || type === "PLTE") {
      checkSum(type, at, next);
      kept.push(bytes.subarray(at, next));
    }
    if (type === "PLTE") {
      if (hasPalette || length === 0 || length % 3 !== 0) throw damaged(file, say`its palette is broken`);
      hasPalette = true;
    }
    if (type === "IEND") break;
    // A capital first letter: without this chunk the picture may be another one (PNG §5.4).
    if (/^[A-Z]/.test(type) && type !== "IDAT" && type !== "PLTE")
      throw damaged(file, say`it holds a chunk ${type} that is not read`);
    at = next;
  }
  // An end of our own (its checksum is fixed), so that a file that lost its last bytes can still be read.
  kept.push(Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82));
  if (packed.length === 0) throw damaged(file, at + 12 > bytes.length ? say`it is cut short` : say`it holds no pixels`);
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: bytes[24] as number,
    colourType: bytes[25] as number,
    interlaced: bytes[28] === 1,
    essential: concat(Uint8Array, kept),
    packed: concat(Uint8Array, packed),
    hasPalette,
  };
}

/** First column and row of Adam7's seven passes, and the steps between (PNG §8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** What the pixels take unpacked: each row, or each row of each pass, behind its filter. */
function unpackedSize({ width, height, depth, interlaced }: Layout, channels: number): number {
  const bytes = (columns: number, rows: number) =>
    columns > 0 && rows > 0 ? (Math.ceil((columns * depth * channels) / 8) + 1) * rows : 0;
  if (!interlaced) return bytes(width, height);
  const passes = PASSES.map(([x, y, dx, dy]) => bytes(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)));
  return passes.reduce((sum, size) => sum + size);
}

/**
 * Unpacks once without keeping anything: fewer bytes than the size needs, or another checksum than the one behind them,
 * is damage, and many more a bomb. Answers the note for a few more: the rows declared may be too few.
 */
function checkUnpacked(layout: Layout, channels: number, file: string): Text[] {
  const { packed } = layout;
  const needed = unpackedSize(layout, channels);
  const most = 2 * needed + 65_536;
  let [length, sum] = [0, 1];
  const inflater = new Unzlib((chunk) => {
    length += chunk.length;
    sum = adler32(chunk, sum);
  });
  try {
    for (let at = 0; at < packed.length; at += 16_384) {
      inflater.push(packed.subarray(at, at + 16_384));
      if (length > most) throw new RangeError("too much");
    }
  } catch {
    throw damaged(file, length > most ? say`it unpacks to more pixels than it declares` : say`its pixels are broken`);
  }
  if (length < needed) throw damaged(file, say`its pixels are cut short`);
  const end = new DataView(packed.buffer, packed.byteOffset, packed.byteLength).getUint32(packed.length - 4);
  if (end !== sum) throw damaged(file, say`the checksum of its pixels is wrong`);
  return surplusNotes(file, needed, length);
}

function unpack(packed: Uint8Array, width: number, height: number, depth: number): Uint8Array {
  const stride = Math.ceil((width * depth) / 8);
  const samples = new Uint8Array(width * height);
  const most = (1 << depth) - 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const bit = x * depth;
      const byte = packed[y * stride + (bit >> 3)] as number;
      samples[y * width + x] = (byte >> (8 - depth - (bit & 7))) & most;
    }
  }
  return samples;
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`save it as PNG again` });
}
