import { GraderspaceError } from "../../core/errors.ts";
import { brokenStream, jpegHeader } from "../dicom/codecs/codec.ts";
import { checkPictureSize } from "../open/picture-size.ts";
import { plainStack, type Stack } from "../open/stack.ts";
import { type Raster, rasterSlice } from "./png.ts";

/**
 * Reads an 8-bit JPEG picture: its grey values are stored units, never HU.
 * @throws DamagedFile, TooLarge, UnsupportedPixels (12 bits, colour)
 */
export async function decodeJpeg(bytes: Uint8Array, file: string): Promise<Raster> {
  const header = jpegHeader(bytes);
  if (!header) throw brokenPicture(file);
  const { width, height } = header;
  checkPictureSize(file, width, height);
  const { decodeJpegBaseline } = await import("../dicom/codecs/jpeg-baseline.ts");
  const picture = await decodeJpegBaseline(bytes, { width, height, file }, [1, 3]);
  return { width, height, channels: picture.components, depth: 8, samples: picture.bytes, indices: null };
}

export async function openJpeg(bytes: Uint8Array, file: string): Promise<Stack> {
  const slice = rasterSlice(await decodeJpeg(bytes, file), file);
  return plainStack({
    name: file,
    format: "jpeg",
    frames: 1,
    notes: [`${file}: JPEG has thrown detail away; grey levels are no HU`],
    slice: async () => slice,
  });
}

function brokenPicture(file: string): GraderspaceError {
  const { tag, facts } = brokenStream(file, "JPEG");
  return new GraderspaceError(tag, { ...facts, remedy: "save the picture again" });
}
