import { GraderspaceError } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";

/**
 * DICOM RLE (PS3.5 annex G): up to 15 segments, each one byte plane packed by PackBits, the most significant first.
 * Returns the pixels little-endian, and how many of them are there where the data is cut short.
 * @throws DamagedFile where the segments do not fit the pixel size
 */
export function decodeRle(
  bytes: Uint8Array,
  pixels: number,
  bytesPerPixel: number,
  file: string,
): { bytes: Uint8Array; complete: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = bytes.length >= 64 ? view.getUint32(0, true) : 0;
  if (segments !== bytesPerPixel) {
    throw new GraderspaceError("DamagedFile", {
      file,
      problem: say`its RLE data has ${segments} segments where ${bytesPerPixel} are needed`,
      remedy: say`export it again as uncompressed DICOM`,
    });
  }
  const out = new Uint8Array(pixels * bytesPerPixel);
  let complete = pixels;
  for (let plane = 0; plane < segments; plane++) {
    const start = view.getUint32(4 + 4 * plane, true);
    const end = plane + 1 < segments ? view.getUint32(8 + 4 * plane, true) : bytes.length;
    const first = bytesPerPixel - 1 - plane;
    complete = Math.min(complete, unpackBits(bytes.subarray(start, Math.max(start, end)), out, first, bytesPerPixel));
  }
  return { bytes: out, complete };
}

/** PackBits into every `step`-th byte from `first`; the number of bytes written. */
function unpackBits(packed: Uint8Array, out: Uint8Array, first: number, step: number): number {
  let at = 0;
  let to = first;
  while (at < packed.length && to < out.length) {
    const control = packed[at++] as number;
    if (control === 128) continue;
    if (control < 128) {
      // The next control + 1 bytes as they are.
      for (let i = 0; i <= control && at < packed.length && to < out.length; i++, to += step)
        out[to] = packed[at++] as number;
    } else if (at < packed.length) {
      // The next byte 257 − control times.
      const value = packed[at++] as number;
      for (let i = 0; i < 257 - control && to < out.length; i++, to += step) out[to] = value;
    }
  }
  return Math.floor((to - first) / step);
}
