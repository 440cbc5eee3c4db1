import { GraderspaceError } from "../../../core/errors.ts";
import { checkCompressedSize } from "../../open/picture-size.ts";

/** One decompressed picture, one sample per pixel. */
export interface DecodedPicture {
  readonly width: number;
  readonly height: number;
  /** Samples little-endian, row-major. */
  readonly bytes: Uint8Array;
  readonly bytesPerSample: 1 | 2;
  /** Interleaved samples per pixel: 1 grey, 3 colour. */
  readonly components: number;
}

/** What a stream's own header says of its picture. */
export interface StreamHeader {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits per sample. */
  readonly precision: number;
}

/** What the caller expects, which is checked before anything is decoded. */
export interface Expected {
  readonly width: number;
  readonly height: number;
  readonly file: string;
}

/** @throws DamagedFile where the stream's size is another than the file's header says; UnsupportedPixels for colour */
export function checkStream(
  header: StreamHeader,
  expected: Expected,
  compressedBytes: number,
  components: readonly number[] = [1],
): void {
  const { file, width, height } = expected;
  if (header.width !== width || header.height !== height) {
    throw new GraderspaceError("DamagedFile", {
      file,
      problem: `its compressed picture is ${header.width} × ${header.height} pixels and its header says ${width} × ${height}`,
      remedy: "export it again as uncompressed DICOM",
    });
  }
  if (!components.includes(header.components)) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: "its compressed picture is in colour, and colours are no measurement",
      remedy: "open the scan itself, not a screenshot of it",
    });
  }
  checkCompressedSize(file, width * height, compressedBytes);
}

/** The sentence for a stream that a codec gave up on. */
export function brokenStream(file: string, what: string): GraderspaceError {
  return new GraderspaceError("DamagedFile", {
    file,
    problem: `its ${what} data is broken or cut short`,
    remedy: "export it again as uncompressed DICOM",
  });
}

/** Looks for the frame header (SOF) of a JPEG or JPEG-LS stream: null where there is none. */
export function jpegHeader(bytes: Uint8Array): (StreamHeader & { readonly marker: number }) | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    // SOF0…SOF15 but for DHT, JPG and DAC; SOF55 is JPEG-LS.
    const frame = (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (frame) {
      const word = (offset: number) => (bytes[at + offset] as number) * 256 + (bytes[at + offset + 1] as number);
      return {
        marker,
        precision: bytes[at + 4] as number,
        height: word(5),
        width: word(7),
        components: bytes[at + 9] as number,
      };
    }
    if (marker === 0xd9 || marker === 0xda) return null;
    at += 2 + (bytes[at + 2] as number) * 256 + (bytes[at + 3] as number);
  }
  return null;
}

/** A big-endian word of a marker segment; 0 behind its end. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

/** One of the codecs that are our own: its name in sentences, and the marker of its frame header. */
export interface OwnCodec {
  readonly what: string;
  readonly marker: number;
}

/**
 * A stream of one component of 2 to 16 bits, checked before `decode` fills its samples. `decode` gives whether the stream
 * held them all. @throws DamagedFile, UnsupportedPixels
 */
export function decodeGrey(
  bytes: Uint8Array,
  expected: Expected,
  { what, marker }: OwnCodec,
  decode: (samples: Uint16Array, header: StreamHeader) => boolean,
): DecodedPicture {
  const header = jpegHeader(bytes);
  if (header?.marker !== marker || header.precision < 2 || header.precision > 16) {
    throw brokenStream(expected.file, what);
  }
  checkStream(header, expected, bytes.length);
  const samples = new Uint16Array(header.width * header.height);
  if (!decode(samples, header)) throw brokenStream(expected.file, what);
  return greyPicture(samples, header);
}

/** One component as the DICOM reader takes it: a byte a sample up to 8 bits, else two, little endian. */
function greyPicture(samples: Uint16Array, { width, height, precision }: StreamHeader): DecodedPicture {
  const bytesPerSample = precision <= 8 ? 1 : 2;
  const bytes = bytesPerSample === 1 ? Uint8Array.from(samples) : littleEndian16(samples);
  return { width, height, bytes, bytesPerSample, components: 1 };
}

function littleEndian16(samples: Uint16Array): Uint8Array {
  const out = new Uint8Array(2 * samples.length);
  const view = new DataView(out.buffer);
  for (let i = 0; i < samples.length; i++) view.setUint16(2 * i, samples[i] as number, true);
  return out;
}
