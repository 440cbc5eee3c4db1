import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";

/**
 * What the readers accept. A declared size is compared with these before a buffer is made for it, so that a file of a
 * few bytes cannot ask for gigabytes. docs/files.md states them.
 */
const MIB = 1 << 20;

export const LIMITS = {
  /** One file as it lies on the disk. */
  fileBytes: 2048 * MIB,
  /** Pixels of one picture: 4096 × 4096. */
  pixelsPerFrame: 1 << 24,
  /** Longest side of a picture. */
  side: 65_535,
  /** Pictures in one file or series. */
  frames: 20_000,
  /** What a compressed file or entry may unpack to; larger files may unpack to `inflatedRatio` times their own size. */
  inflatedBytes: 192 * MIB,
  inflatedRatio: 16,
  /** Entries of a zip. */
  zipEntries: 20_000,
  /** Depth of DICOM sequences, and elements of a data set. */
  dicomDepth: 24,
  dicomElements: 500_000,
  /** A compressed picture over 2²⁰ pixels must hold at least a byte per this many pixels. */
  pixelsPerCompressedByte: 1024,
  /** JSON, NRRD, NIfTI and MetaImage headers. */
  headerBytes: 8 * MIB,
  /** What the marked pictures of all graders of one file may take, a byte per pixel. */
  markBytes: 256 * MIB,
} as const;

/** How much `compressed` bytes may unpack to. */
export function inflatedLimit(compressed: number): number {
  return Math.max(LIMITS.inflatedBytes, Math.min(LIMITS.fileBytes, compressed * LIMITS.inflatedRatio));
}

/** 157286400 → "150 MiB". */
export function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}

/**
 * Refuses a declared size before anything is made for it.
 * @throws DamagedFile where a side or the count is no positive whole number; TooLarge past the limits
 */
export function checkPictureSize(file: string, width: number, height: number, frames = 1): void {
  for (const side of [width, height, frames]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new GraderspaceError("DamagedFile", {
        file,
        problem: say`it declares ${frames} pictures of ${width} × ${height} pixels`,
        remedy: say`export it again`,
      });
    }
  }
  const problem = tooLarge(width, height, frames);
  if (problem) throw new GraderspaceError("TooLarge", { file, problem, remedy: say`crop it or open a part of it` });
}

function tooLarge(width: number, height: number, frames: number): string | null {
  if (Math.max(width, height) > LIMITS.side || width * height > LIMITS.pixelsPerFrame) {
    return `its pictures are ${width} × ${height} pixels, and pictures up to ${LIMITS.pixelsPerFrame} pixels are read`;
  }
  if (frames > LIMITS.frames) return `it has ${frames} pictures, and up to ${LIMITS.frames} are read`;
  return null;
}

/**
 * A large picture out of next to no bytes is a bomb, not a scan.
 * @throws DamagedFile
 */
export function checkCompressedSize(file: string, pixels: number, compressedBytes: number): void {
  if (pixels <= 1 << 20 || compressedBytes * LIMITS.pixelsPerCompressedByte >= pixels) return;
  throw new GraderspaceError("DamagedFile", {
    file,
    problem: say`${compressedBytes} bytes cannot hold the ${pixels} pixels it declares`,
    remedy: say`export it again`,
  });
}

/**
 * A volume that would unpack to `needed` bytes out of a file of `fileBytes`.
 * @throws TooLarge
 */
export function checkVolumeSize(file: string, needed: number, fileBytes: number): void {
  if (needed <= inflatedLimit(fileBytes)) return;
  const problem = say`its volume takes ${needed} bytes`;
  throw new GraderspaceError("TooLarge", { file, problem, remedy: say`save a part of it` });
}

/** @throws TooLarge where the marked pictures of one file take more than can be held at once */
export function checkMarkSize(file: string, bytes: number): void {
  if (bytes <= LIMITS.markBytes) return;
  const problem = say`its labels lie on more pictures than can be held at once`;
  throw new GraderspaceError("TooLarge", { file, problem, remedy: say`save the part around the lesion` });
}
