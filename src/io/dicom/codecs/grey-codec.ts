import { brokenStream, checkStream, type DecodedPicture, type ExpectedPicture, type StreamHeader } from "./codec.ts";
import { jpegHeader } from "./jpeg-markers.ts";

/** One of the codecs that are our own: its name in sentences, and the marker of its frame header. */
interface OwnCodec {
  readonly what: string;
  readonly marker: number;
}

/**
 * A stream of one component of 2 to 16 bits, checked before `decode` fills its samples. `decode` gives whether the stream
 * held them all. @throws DamagedFile, UnsupportedPixels
 */
export function decodeGrey(
  bytes: Uint8Array,
  expected: ExpectedPicture,
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
