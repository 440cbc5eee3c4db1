import { GraderspaceError } from "../../core/errors.ts";
import { LIMITS } from "../bytes/limits.ts";

/**
 * Refuses a declared size before anything is made for it.
 * @throws DamagedFile where a side or the count is no positive whole number; TooLarge past the limits
 */
export function checkPictureSize(file: string, width: number, height: number, frames = 1): void {
  for (const side of [width, height, frames]) {
    if (!Number.isInteger(side) || side < 1) {
      throw new GraderspaceError("DamagedFile", {
        file,
        problem: `it declares ${frames} pictures of ${width} × ${height} pixels`,
        remedy: "export it again",
      });
    }
  }
  const problem = tooLarge(width, height, frames);
  if (problem) throw new GraderspaceError("TooLarge", { file, problem, remedy: "crop it or open a part of it" });
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
    problem: `${compressedBytes} bytes cannot hold the ${pixels} pixels it declares`,
    remedy: "export it again",
  });
}
