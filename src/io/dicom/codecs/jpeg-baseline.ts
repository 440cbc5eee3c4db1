import { GraderspaceError } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { brokenStream, type DecodedPicture, type ExpectedPicture } from "./codec.ts";
import { WasmCodec, type WasmFactory } from "./emscripten.ts";
import { hasHuffmanTables, jpegHeader } from "./jpeg-markers.ts";

const codec = new WasmCodec(
  "JPEG",
  "JPEGDecoder",
  new URL(
    "../../../../node_modules/@cornerstonejs/codec-libjpeg-turbo-8bit/dist/libjpegturbowasm_decode.wasm",
    import.meta.url,
  ),
  async () => (await import("@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs")).default as WasmFactory,
);

/** What a frame header's marker is called (ITU T.81 table B.1). */
const NAMES: Readonly<Record<number, string>> = {
  192: "baseline JPEG",
  193: "extended JPEG",
  194: "progressive JPEG",
  195: "lossless JPEG",
  247: "JPEG-LS",
};

/** Decodes 8-bit JPEG (libjpeg-turbo). @throws DamagedFile; UnsupportedPixels for 12 bits and other kinds of JPEG */
export async function decodeJpegBaseline(
  bytes: Uint8Array,
  expected: ExpectedPicture,
  components: readonly number[] = [1],
): Promise<DecodedPicture> {
  const header = jpegHeader(bytes);
  if (!header) throw brokenStream(expected.file, "JPEG");
  if (header.marker > 0xc2 || header.precision !== 8) {
    const name = NAMES[header.marker] ?? `JPEG of kind ${header.marker.toString(16)}`;
    throw new GraderspaceError("UnsupportedPixels", {
      file: expected.file,
      problem: say`its pixels are ${header.precision}-bit ${name}, and 8-bit baseline, extended and progressive are read`,
      remedy: say`export it as uncompressed DICOM`,
    });
  }
  if (!hasHuffmanTables(bytes, header.marker === 0xc2)) throw brokenStream(expected.file, "JPEG");
  return codec.decode(bytes, header, expected, components);
}
