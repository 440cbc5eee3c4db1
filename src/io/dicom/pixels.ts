import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { checkCompressedSize } from "../bytes/limits.ts";
import { surplusNotes } from "../bytes/surplus.ts";
import type { DecodedPicture, ExpectedPicture } from "./codecs/codec.ts";
import { jpegHeader } from "./codecs/jpeg-markers.ts";
import { decodeRle } from "./codecs/rle.ts";
import { type DicomFile, SYNTAX } from "./file.ts";
import { type EncapsulatedFrames, encapsulatedFrames } from "./frames.ts";
import type { FrameHeader, ModalityLut, PixelLayout } from "./header.ts";

/** Bytes of one frame as they would lie uncompressed. */
interface RawFrame {
  readonly bytes: Uint8Array;
  readonly bigEndian: boolean;
  readonly bitsAllocated: 8 | 16 | 32 | 64;
  /** Pixels that are there, from the first on; fewer than all where the file is cut short. */
  readonly complete: number;
}

/** Where the frames of a file are, compressed or not. */
interface FrameSource {
  /** Frames that are there, whole or in part. */
  readonly available: number;
  /** What is there and not declared, as sentences. */
  readonly notes: readonly Text[];
  read(frame: number): Promise<RawFrame>;
}

/** Names of syntaxes that no kept codec reads, for the sentence. */
const UNREAD: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2.4.92": "JPEG 2000 part 2",
  "1.2.840.10008.1.2.4.93": "JPEG 2000 part 2",
  "1.2.840.10008.1.2.4.94": "JPIP",
  "1.2.840.10008.1.2.4.95": "JPIP",
  "1.2.840.10008.1.2.4.100": "MPEG-2 video",
  "1.2.840.10008.1.2.4.101": "MPEG-2 video",
  "1.2.840.10008.1.2.4.102": "MPEG-4 video",
  "1.2.840.10008.1.2.4.103": "MPEG-4 video",
  "1.2.840.10008.1.2.4.107": "HEVC video",
  "1.2.840.10008.1.2.4.201": "High-Throughput JPEG 2000",
  "1.2.840.10008.1.2.4.202": "High-Throughput JPEG 2000",
  "1.2.840.10008.1.2.4.203": "High-Throughput JPEG 2000",
};

type Codec = (bytes: Uint8Array, expected: ExpectedPicture) => Promise<DecodedPicture>;

const JPEG_FAMILY = "1.2.840.10008.1.2.4.";

/** Codecs are loaded when a file needs them. */
async function codecOf(bytes: Uint8Array, file: DicomFile): Promise<Codec> {
  const name = UNREAD[file.syntax];
  if (name === undefined && (file.syntax.startsWith(JPEG_FAMILY) || isKnownStream(bytes))) {
    // The stream itself is believed before the syntax: some writers name the wrong one.
    if (isJpeg2000(bytes)) return (await import("./codecs/jpeg2000.ts")).decodeJpeg2000;
    const marker = jpegHeader(bytes)?.marker;
    if (marker === 0xf7) return (await import("./codecs/jpeg-ls.ts")).decodeJpegLs;
    if (marker === 0xc3) return (await import("./codecs/jpeg-lossless.ts")).decodeJpegLossless;
    return (await import("./codecs/jpeg-baseline.ts")).decodeJpegBaseline;
  }
  throw new GraderspaceError("UnsupportedPixels", {
    file: file.name,
    problem: say`its pixels are compressed as ${name ?? say`transfer syntax ${file.syntax}`}, which is not read`,
    remedy: say`export it as uncompressed DICOM`,
  });
}

function isJpeg2000(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0x4f) || (bytes[4] === 0x6a && bytes[5] === 0x50 && bytes[3] === 12);
}

function isKnownStream(bytes: Uint8Array): boolean {
  return isJpeg2000(bytes) || (bytes[0] === 0xff && bytes[1] === 0xd8);
}

/** @throws TruncatedFile where no frame is there; UnsupportedPixels later, when a frame is read */
export function frameSource(file: DicomFile, layout: PixelLayout): FrameSource {
  const element = file.dataset.elements.get(layout.tag);
  if (!element) throw new GraderspaceError("NotAnImage", { file: file.name, problem: say`it holds no picture` });
  // Some writers give a length to compressed pixels, which the standard forbids: the first item's tag tells.
  const items = file.syntax === SYNTAX.rle || file.syntax.startsWith(JPEG_FAMILY);
  const [first, second, third, fourth] = file.dataset.bytes.subarray(element.offset, element.offset + 4);
  const encapsulatedAnyway = items && first === 0xfe && second === 0xff && third === 0 && fourth === 0xe0;
  if (!element.undefinedLength && !encapsulatedAnyway)
    return nativeFrames(file, layout, element.offset, element.length);
  const encapsulated = encapsulatedFrames(file, element, layout.frames);
  return compressedFrames(file, layout, encapsulated);
}

function nativeFrames(file: DicomFile, layout: PixelLayout, offset: number, length: number): FrameSource {
  const { bitsAllocated } = layout;
  const pixels = layout.width * layout.height;
  const frameBytes = pixels * (bitsAllocated / 8);
  const available = Math.min(layout.frames, Math.ceil(length / frameBytes));
  const { bytes, encoding, elements } = file.dataset;
  // Eight-bit pixels written as big-endian words lie swapped in pairs (PS3.5 §8.1.1, OW).
  const swapped = encoding.bigEndian && bitsAllocated === 8 && elements.get(layout.tag)?.vr === "OW";
  return {
    available,
    notes: surplusNotes(file.name, frameBytes * layout.frames, length),
    read: async (frame) => {
      const start = offset + frame * frameBytes;
      const end = Math.min(start + frameBytes, offset + length);
      const part = swapped ? swapPairs(bytes, start, end) : bytes.subarray(start, end);
      const complete = Math.floor(part.length / (bitsAllocated / 8));
      return { bytes: part, bigEndian: encoding.bigEndian, bitsAllocated, complete };
    },
  };
}

function swapPairs(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const out = new Uint8Array(end - start);
  for (let i = 0; i < out.length; i++) out[i] = bytes[(start + i) ^ 1] ?? 0;
  return out;
}

function compressedFrames(file: DicomFile, layout: PixelLayout, found: EncapsulatedFrames): FrameSource {
  const pixels = layout.width * layout.height;
  const { frames, streams } = found;
  const more = `${file.name}: it holds ${streams} compressed pictures and declares ${layout.frames}; its header may be wrong`;
  return {
    available: Math.min(layout.frames, frames.length),
    notes: streams > layout.frames ? [more] : [],
    read: async (frame) => {
      const { bytes, whole } = frames[frame] as { bytes: Uint8Array; whole: boolean };
      if (file.syntax === SYNTAX.rle) {
        checkCompressedSize(file.name, pixels, bytes.length);
        const { bitsAllocated } = layout;
        const unpacked = decodeRle(bytes, pixels, bitsAllocated / 8, file.name);
        return { bytes: unpacked.bytes, bigEndian: false, bitsAllocated, complete: unpacked.complete };
      }
      if (file.syntax === SYNTAX.deflatedFrames) {
        const size = pixels * (layout.bitsAllocated / 8);
        const { inflateFrame } = await import("./codecs/deflated-frame.ts");
        checkCompressedSize(file.name, pixels, bytes.length);
        const { bytes: unpacked, length } = await inflateFrame(bytes, size, file.name);
        const complete = Math.floor(Math.min(length, size) / (layout.bitsAllocated / 8));
        return { bytes: unpacked, bigEndian: false, bitsAllocated: layout.bitsAllocated, complete };
      }
      const codec = await codecOf(bytes, file);
      if (!whole) throw truncated(file.name, say`its compressed picture is cut short`);
      const picture = await codec(bytes, { width: layout.width, height: layout.height, file: file.name });
      const bitsAllocated = picture.bytesPerSample === 1 ? 8 : 16;
      return { bytes: picture.bytes, bigEndian: false, bitsAllocated, complete: pixels };
    },
  };
}

export function truncated(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("TruncatedFile", { file, problem, remedy: say`download or export it again` });
}

/**
 * Stored values → measurements: bits outside BitsStored are masked off (old files keep overlays there), the sign is
 * extended by PixelRepresentation whatever a codec thought, then the modality LUT, or slope and intercept.
 * Missing pixels become 0 and count as padding.
 */
export function toValues(
  raw: RawFrame,
  layout: PixelLayout,
  header: FrameHeader,
): { values: Float32Array; padding: Uint8Array | null } {
  const pixels = layout.width * layout.height;
  const values = new Float32Array(pixels);
  const { slope, intercept, lut } = header;
  const complete = Math.min(raw.complete, pixels);
  const padding = header.padding || complete < pixels ? new Uint8Array(pixels) : null;
  const [from, to] = header.padding ?? [1, 0];
  const read = reader(raw, layout);
  const stored = storedOf(raw, layout);
  let padded = complete < pixels;
  for (let i = 0; i < complete; i++) {
    const bits = read(i);
    const value = stored(bits);
    values[i] = lut ? lookUp(lut, value) : value * slope + intercept;
    if (padding && ((value >= from && value <= to) || (bits >= from && bits <= to))) {
      padding[i] = 1;
      padded = true;
    }
  }
  padding?.fill(1, complete);
  return { values, padding: padded ? padding : null };
}

/** All allocated bits of pixel i, signed where the file says so. */
function reader(raw: RawFrame, layout: PixelLayout): (i: number) => number {
  const { bytes, bitsAllocated } = raw;
  const little = !raw.bigEndian;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (layout.float) {
    return bitsAllocated === 64 ? (i) => view.getFloat64(8 * i, little) : (i) => view.getFloat32(4 * i, little);
  }
  if (bitsAllocated === 8) return layout.signed ? (i) => view.getInt8(i) : (i) => bytes[i] as number;
  if (bitsAllocated === 16) {
    return layout.signed ? (i) => view.getInt16(2 * i, little) : (i) => view.getUint16(2 * i, little);
  }
  return layout.signed ? (i) => view.getInt32(4 * i, little) : (i) => view.getUint32(4 * i, little);
}

/** The stored value within its allocated bits. */
function storedOf(raw: RawFrame, layout: PixelLayout): (bits: number) => number {
  const { bitsStored, highBit, signed } = layout;
  const allocated = raw.bitsAllocated;
  const drop = highBit + 1 - bitsStored;
  if (layout.float || allocated === 64 || (bitsStored >= allocated && drop === 0)) return (bits) => bits;
  const up = 32 - Math.min(32, bitsStored + drop);
  const down = 32 - bitsStored;
  return signed ? (bits) => (bits << up) >> down : (bits) => (bits << up) >>> down;
}

function lookUp(lut: ModalityLut, value: number): number {
  const at = Math.max(0, Math.min(lut.values.length - 1, value - lut.first));
  return lut.values[at] as number;
}
