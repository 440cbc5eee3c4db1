import { brokenStream, checkStream, type DecodedPicture, type Expected, jpegHeader } from "./codec.ts";

/** Decodes JPEG lossless (Huffman, all seven predictors). @throws DamagedFile, UnsupportedPixels */
export async function decodeJpegLossless(bytes: Uint8Array, expected: Expected): Promise<DecodedPicture> {
  const header = jpegHeader(bytes);
  if (header?.marker !== 0xc3 || header.precision < 2 || header.precision > 16) {
    throw brokenStream(expected.file, "lossless JPEG");
  }
  checkStream(header, expected, bytes.length);
  const { Decoder } = await import("jpeg-lossless-decoder-js");
  const bytesPerSample = header.precision <= 8 ? 1 : 2;
  try {
    const decoded = new Decoder().decode(
      bytes.buffer as ArrayBuffer,
      bytes.byteOffset,
      bytes.byteLength,
      bytesPerSample,
    );
    const out = new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
    return { width: header.width, height: header.height, bytes: out, bytesPerSample, components: 1 };
  } catch {
    throw brokenStream(expected.file, "lossless JPEG");
  }
}
