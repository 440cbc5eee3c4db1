/** Where a slice lies in the patient, in DICOM's LPS millimetres (PS3.3 C.7.6.2). */
export interface Geometry {
  /** Centre of the first pixel. */
  readonly position: readonly [number, number, number];
  /** Unit vector along a row: the direction in which the column index x grows. */
  readonly rowDirection: readonly [number, number, number];
  /** Unit vector down a column: the direction in which the row index y grows. */
  readonly columnDirection: readonly [number, number, number];
  /** Slice thickness in mm; null where the source does not say. */
  readonly thicknessMm: number | null;
}

/** One picture of numbers. Pixels are indexed column x, row y, from 0, at their centres. */
export interface Slice {
  readonly width: number;
  readonly height: number;
  /** Row-major [height, width], HU or stored units. */
  readonly values: Float32Array;
  readonly unit: "HU" | "stored";
  /** [between rows, between columns]; null where unknown. */
  readonly spacingMm: readonly [number, number] | null;
  readonly geometry: Geometry | null;
  /** Pixels that hold no measurement (PixelPaddingValue); null where every pixel does. 1 = padding. */
  readonly padding: Uint8Array | null;
  readonly modality: string | null;
  /** MONOCHROME1: low values are shown bright. The values themselves stay as they are. */
  readonly inverted?: boolean;
  /** Shown to the person, never exported. */
  readonly name: string;
}

/** A binary picture: bits[y * width + x] is 0 or 1. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

/**
 * One grader's marking of a slice. A null mask: looked, and drew nothing; with `points`, marked and not outlined
 * (`markedSmall`).
 */
export interface Grader {
  readonly name: string;
  readonly mask: Mask | null;
  /** [column, row] of each nodule under 3 mm: LIDC marks those by one point, without an outline. */
  readonly points?: readonly (readonly [number, number])[];
  /** LIDC's ratings, 1…5 (1…6 for internal structure), by name: malignancy, subtlety, … */
  readonly ratings?: Readonly<Record<string, number>>;
}

/**
 * "Marked, under 3 mm": a grader who set a point and drew no outline. Neither "drew nothing" nor an outline, so such a
 * grader is in no figure of overlap (GED², IoU, Dice, consensus) and in no share of graders who drew.
 */
export function markedSmall({ mask, points }: Grader): boolean {
  return mask === null && points !== undefined && points.length > 0;
}

/** Spacings that differ by less than this share are the same: lengths of an affine's columns are rounded. */
const SAME_SPACING = 1e-3;

/** How many times as high as wide a pixel is; 1 where the spacing is not known. */
export function pixelAspect({ spacingMm }: Pick<Slice, "spacingMm">): number {
  const aspect = spacingMm ? spacingMm[0] / spacingMm[1] : 1;
  return Math.abs(aspect - 1) < SAME_SPACING ? 1 : aspect;
}

export function emptyMask(width: number, height: number): Mask {
  return { width, height, bits: new Uint8Array(width * height) };
}

/** Number of pixels set. */
export function areaPx(mask: Mask): number {
  let area = 0;
  for (const bit of mask.bits) area += bit;
  return area;
}
