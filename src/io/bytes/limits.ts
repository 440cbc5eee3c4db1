/**
 * What the readers accept. A declared size is compared with these before a buffer is made for it, so that a file of a
 * few bytes cannot ask for gigabytes. The README states them.
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
  /** JSON, NRRD and NIfTI headers. */
  headerBytes: 8 * MIB,
} as const;

/** How much `compressed` bytes may unpack to. */
export function inflatedLimit(compressed: number): number {
  return Math.max(LIMITS.inflatedBytes, Math.min(LIMITS.fileBytes, compressed * LIMITS.inflatedRatio));
}
