import { say, type Text } from "../../../core/language/say.ts";
import { checkVolumeSize } from "../../bytes/limits.ts";
import { surplusNotes } from "../../bytes/surplus.ts";
import { inflateFrame } from "../codecs/deflated-frame.ts";
import { decodeRle } from "../codecs/rle.ts";
import { type DicomFile, SYNTAX } from "../file.ts";
import { encapsulatedFrames } from "../frames.ts";
import type { PixelLayout } from "../header.ts";
import { frameSource, truncated } from "../pixels.ts";

/** Reads frame i as stored numbers: 0/1, 0…255 or 16 bits. */
interface SegFrames {
  read(frame: number): Promise<Uint8Array | Uint16Array>;
  readonly notes: readonly Text[];
}

/**
 * The frames of a segmentation, compressed or not. `layout` is that of whole bytes; `bitsStored` 1 says that a pixel is a bit.
 * @throws TruncatedFile, TooLarge; DamagedFile, UnsupportedPixels when a frame is read
 */
export function segFrames(file: DicomFile, layout: PixelLayout): SegFrames {
  const element = file.dataset.elements.get(layout.tag);
  const pixels = layout.width * layout.height;
  const bits = layout.bitsStored === 1;
  if (element?.undefinedLength) {
    const frameBytes = bits ? Math.ceil(pixels / 8) : pixels * (layout.bitsAllocated / 8);
    checkVolumeSize(file.name, frameBytes * layout.frames, file.dataset.bytes.length);
    if (bits && (file.syntax === SYNTAX.rle || file.syntax === SYNTAX.deflatedFrames)) return packedBits(file, layout);
  } else if (bits) return plainBits(file, layout);
  return wholeNumbers(file, layout);
}

function wholeNumbers(file: DicomFile, layout: PixelLayout): SegFrames {
  const pixels = layout.width * layout.height;
  const source = frameSource(file, layout);
  const read = async (frame: number) => {
    if (frame >= source.available) throw truncated(file.name, say`it ends after ${source.available} frames`);
    const raw = await source.read(frame);
    if (raw.complete < pixels) throw truncated(file.name, say`it ends inside frame ${frame + 1}`);
    if (raw.bitsAllocated === 8) return raw.bytes.subarray(0, pixels);
    const view = new DataView(raw.bytes.buffer, raw.bytes.byteOffset, raw.bytes.byteLength);
    return Uint16Array.from({ length: pixels }, (_, i) => view.getUint16(2 * i, !raw.bigEndian));
  };
  return { read, notes: source.notes };
}

/** One-bit pixels: little-endian bits in one stream over all frames (PS3.5 §8.1.1). */
function plainBits({ dataset, name }: DicomFile, layout: PixelLayout): SegFrames {
  const pixels = layout.width * layout.height;
  const bits = pixels * layout.frames;
  const raw = dataset.raw(layout.tag) ?? new Uint8Array(0);
  if (raw.length * 8 < bits) throw truncated(name, say`its pixel data ends after ${raw.length} bytes`);
  const swapped = dataset.encoding.bigEndian && dataset.elements.get(layout.tag)?.vr === "OW";
  const stream = swapped ? raw.map((_, i) => raw[i ^ 1] ?? 0) : raw;
  const notes = surplusNotes(name, Math.ceil(bits / 8), stream.length);
  return { read: async (frame) => bitsFrom(stream, frame * pixels, pixels), notes };
}

/**
 * One-bit pixels whose frames are compressed each: eight to a byte, the lowest bit first, each frame from a byte of its own
 * on. Writers that give every pixel a byte are understood too.
 */
function packedBits(file: DicomFile, layout: PixelLayout): SegFrames {
  const { name, syntax, dataset } = file;
  const pixels = layout.width * layout.height;
  const least = Math.ceil(pixels / 8);
  const element = dataset.elements.get(layout.tag);
  const { frames, streams } = element ? encapsulatedFrames(file, element, layout.frames) : { frames: [], streams: 0 };
  const read = async (frame: number) => {
    const found = frames[frame];
    if (!found) throw truncated(name, say`it ends after ${frames.length} frames`);
    const { bytes, length } =
      syntax === SYNTAX.rle ? unpackedRle(found.bytes, pixels, name) : await inflateFrame(found.bytes, pixels, name);
    if (length < least) throw truncated(name, say`it ends inside frame ${frame + 1}`);
    return length >= pixels ? bytes.subarray(0, pixels) : bitsFrom(bytes, 0, pixels);
  };
  const more = `${name}: it holds ${streams} compressed pictures and declares ${layout.frames}; its header may be wrong`;
  return { read, notes: streams > layout.frames ? [more] : [] };
}

function unpackedRle(packed: Uint8Array, most: number, name: string): { bytes: Uint8Array; length: number } {
  const { bytes, complete } = decodeRle(packed, most, 1, name);
  return { bytes, length: complete };
}

function bitsFrom(stream: Uint8Array, first: number, pixels: number): Uint8Array {
  const values = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) values[i] = ((stream[(first + i) >> 3] as number) >> ((first + i) & 7)) & 1;
  return values;
}
