import { decode } from "fast-png";
import { Unzlib } from "fflate";
import { GraderspaceError } from "../../core/errors.ts";
import type { Slice } from "../../core/values/slice.ts";
import { concat } from "../bytes/concat.ts";
import { startsWith } from "../bytes/letters.ts";
import { checkPictureSize } from "../bytes/limits.ts";
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
  readonly packed: readonly Uint8Array[];
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
  if (channels === undefined) throw damaged(file, `its colour type is ${colourType}`);
  if (!DEPTHS[colourType]?.includes(depth)) {
    throw damaged(
      file,
      `it declares ${depth} bits a sample, which PNG does not have for its colour type ${colourType}`,
    );
  }
  if (layout.interlaced && depth < 8) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: `it is interlaced with ${depth} bits per pixel`,
      remedy: "save it without interlacing",
    });
  }
  if (Math.ceil((width * depth * channels) / 8) * height > MOST_BYTES) {
    throw new GraderspaceError("TooLarge", {
      file,
      problem: `its pixels take over ${MOST_BYTES >> 20} MiB`,
      remedy: "save it in grey, or crop it",
    });
  }
  checkUnpackedSize(layout, channels, file);
  let decoded: ReturnType<typeof decode>;
  try {
    decoded = decode(layout.essential, { checkCrc: true });
  } catch (error) {
    throw damaged(file, `its pixels are broken (${error instanceof Error ? error.message : "unknown reason"})`);
  }
  if (decoded.data.length < Math.ceil((width * depth * channels) / 8) * height * (depth === 16 ? 0.5 : 1)) {
    throw damaged(file, "its pixels are cut short");
  }
  const samples = depth < 8 ? unpack(decoded.data as Uint8Array, width, height, depth) : decoded.data;
  if (colourType !== 3) {
    return { width, height, channels, depth, samples: samples as Uint8Array | Uint16Array, indices: null };
  }
  const indices = samples as Uint8Array;
  const palette = decoded.palette ?? [];
  const rgb = new Uint8Array(indices.length * 3);
  for (let i = 0; i < indices.length; i++) rgb.set((palette[indices[i] as number] ?? [0, 0, 0]).slice(0, 3), i * 3);
  return { width, height, channels: 3, depth: 8, samples: rgb, indices };
}

/** In stored units. @throws as `decodePng`, and UnsupportedPixels for a colour picture */
export function pngSlice(bytes: Uint8Array, file: string): Slice {
  return rasterSlice(decodePng(bytes, file), file);
}

/** Chunk by chunk: sizes are checked against the file before anything is made. */
function scan(bytes: Uint8Array, file: string): Layout {
  if (!startsWith(bytes, PNG_SIGNATURE) || bytes.length < 45) throw damaged(file, "it does not begin as a PNG");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(8) !== 13 || view.getUint32(12) !== 0x49484452) throw damaged(file, "its header is missing");
  const kept: Uint8Array[] = [bytes.subarray(0, 33)];
  const packed: Uint8Array[] = [];
  let at = 33;
  while (at + 12 <= bytes.length) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const next = at + 12 + length;
    if (next > bytes.length) throw damaged(file, "it is cut short");
    if (type === "IDAT") packed.push(bytes.subarray(at + 8, at + 8 + length));
    if (type === "IDAT" || type === "PLTE") kept.push(bytes.subarray(at, next));
    if (type === "IEND") break;
    at = next;
  }
  // An end of our own (its checksum is fixed), so that a file that lost its last bytes can still be read.
  kept.push(Uint8Array.of(0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82));
  if (packed.length === 0) throw damaged(file, at + 12 > bytes.length ? "it is cut short" : "it holds no pixels");
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    depth: bytes[24] as number,
    colourType: bytes[25] as number,
    interlaced: bytes[28] === 1,
    essential: concat(Uint8Array, kept),
    packed,
  };
}

/** Unpacks once without keeping anything: fewer or many more bytes than the size needs is damage, or a bomb. */
function checkUnpackedSize(layout: Layout, channels: number, file: string): void {
  const rowBytes = Math.ceil((layout.width * layout.depth * channels) / 8) + 1;
  const least = rowBytes * layout.height;
  // Adam7's seven passes round up and filter each of their rows.
  const most = least + (layout.interlaced ? 8 * (layout.height + 8) * 2 : 0) + 65_536;
  let length = 0;
  const inflater = new Unzlib((chunk) => {
    length += chunk.length;
  });
  try {
    for (const part of layout.packed) {
      for (let at = 0; at < part.length; at += 16_384) {
        inflater.push(part.subarray(at, at + 16_384));
        if (length > most) throw new RangeError("too much");
      }
    }
  } catch {
    throw damaged(file, length > most ? "it unpacks to more pixels than it declares" : "its pixels are broken");
  }
  if (length < least) throw damaged(file, "its pixels are cut short");
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

function damaged(file: string, problem: string): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: "save it as PNG again" });
}
