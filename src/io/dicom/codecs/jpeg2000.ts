import { brokenStream, type DecodedPicture, type ExpectedPicture, type StreamHeader } from "./codec.ts";
import { WasmCodec, type WasmFactory } from "./emscripten.ts";

const codec = new WasmCodec(
  "JPEG 2000",
  "J2KDecoder",
  new URL("../../../../node_modules/@cornerstonejs/codec-openjpeg/dist/openjpegwasm_decode.wasm", import.meta.url),
  async () => (await import("@cornerstonejs/codec-openjpeg/decodewasmjs")).default as WasmFactory,
);

/** Decodes a JPEG 2000 codestream or JP2 file (OpenJPEG). @throws DamagedFile, UnsupportedPixels */
export async function decodeJpeg2000(bytes: Uint8Array, expected: ExpectedPicture): Promise<DecodedPicture> {
  const stream = codestream(bytes);
  const header = stream && sizeOf(stream);
  if (!header) throw brokenStream(expected.file, "JPEG 2000");
  return codec.decode(bytes, header, expected);
}

/** Behind the boxes of a JP2 file, where there are any. */
function codestream(bytes: Uint8Array): Uint8Array | null {
  if (bytes[0] === 0xff && bytes[1] === 0x4f) return bytes;
  for (let at = bytes.indexOf(0xff); at >= 0 && at < 4096; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === 0x4f && bytes[at + 2] === 0xff && bytes[at + 3] === 0x51) return bytes.subarray(at);
  }
  return null;
}

/** The SIZ marker (ISO 15444-1 A.5.1); null where its tiles would be too many, or outside the picture. */
function sizeOf(bytes: Uint8Array): StreamHeader | null {
  if (bytes.length < 48 || bytes[2] !== 0xff || bytes[3] !== 0x51) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [right, bottom, left, top] = [8, 12, 16, 20].map((at) => view.getUint32(at)) as [
    number,
    number,
    number,
    number,
  ];
  const [tileWidth, tileHeight] = [view.getUint32(24), view.getUint32(28)];
  if (right <= left || bottom <= top || tileWidth === 0 || tileHeight === 0) return null;
  if (Math.ceil(right / tileWidth) * Math.ceil(bottom / tileHeight) > 65_535) return null;
  const components = view.getUint16(40);
  // Subsampling of a single component would change its size.
  if (bytes[43] !== 1 || bytes[44] !== 1) return null;
  return { width: right - left, height: bottom - top, components, precision: ((bytes[42] as number) & 0x7f) + 1 };
}
