import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { checkPictureSize } from "../bytes/limits.ts";
import { brokenStream } from "../dicom/codecs/codec.ts";
import { jpegHeader } from "../dicom/codecs/jpeg-markers.ts";
import type { Raster } from "./raster.ts";

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

function brokenPicture(file: string): GraderspaceError {
  const { tag, facts } = brokenStream(file, "JPEG");
  return new GraderspaceError(tag, { ...facts, remedy: say`save the picture again` });
}
