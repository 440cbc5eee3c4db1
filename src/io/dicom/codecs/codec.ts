import { GraderspaceError } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { checkCompressedSize } from "../../bytes/limits.ts";

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
export interface ExpectedPicture {
  readonly width: number;
  readonly height: number;
  readonly file: string;
}

/** @throws DamagedFile where the stream's size is another than the file's header says; UnsupportedPixels for colour */
export function checkStream(
  header: StreamHeader,
  expected: ExpectedPicture,
  compressedBytes: number,
  components: readonly number[] = [1],
): void {
  const { file, width, height } = expected;
  if (header.width !== width || header.height !== height) {
    throw new GraderspaceError("DamagedFile", {
      file,
      problem: say`its compressed picture is ${header.width} × ${header.height} pixels and its header says ${width} × ${height}`,
      remedy: say`export it again as uncompressed DICOM`,
    });
  }
  if (!components.includes(header.components)) {
    throw new GraderspaceError("UnsupportedPixels", {
      file,
      problem: say`its compressed picture is in colour, and colours are no measurement`,
      remedy: say`open the scan itself, not a screenshot of it`,
    });
  }
  checkCompressedSize(file, width * height, compressedBytes);
}

/** The sentence for a stream that a codec gave up on. */
export function brokenStream(file: string, what: string): GraderspaceError {
  return new GraderspaceError("DamagedFile", {
    file,
    problem: say`its ${what} data is broken or cut short`,
    remedy: say`export it again as uncompressed DICOM`,
  });
}
