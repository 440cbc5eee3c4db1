import { brokenStream, type DecodedPicture, type Expected, jpegHeader } from "./codec.ts";
import { WasmCodec, type WasmFactory } from "./emscripten.ts";

const codec = new WasmCodec(
  "JPEG-LS",
  "JpegLSDecoder",
  new URL("../../../node_modules/@cornerstonejs/codec-charls/dist/charlswasm_decode.wasm", import.meta.url),
  async () => (await import("@cornerstonejs/codec-charls/decodewasmjs")).default as WasmFactory,
);

/** Decodes JPEG-LS, lossless and near-lossless (CharLS). @throws DamagedFile, UnsupportedPixels */
export async function decodeJpegLs(bytes: Uint8Array, expected: Expected): Promise<DecodedPicture> {
  const header = jpegHeader(bytes);
  if (header?.marker !== 0xf7) throw brokenStream(expected.file, "JPEG-LS");
  return codec.decode(bytes, header, expected);
}
