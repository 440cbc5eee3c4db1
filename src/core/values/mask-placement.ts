import { areaPx, emptyMask, type Grader, type Mask } from "./slice.ts";

/** A region's mask within its slice: `origin` is the slice's column and row of the region's first pixel; what hangs over is dropped. */
export function placeMask(region: Mask, origin: readonly [number, number], width: number, height: number): Mask {
  const whole = emptyMask(width, height);
  copy(region.bits, region, whole.bits, whole, origin);
  return whole;
}

/** A region's map [H,W] within its slice; `outside` where the region does not reach. */
export function placeMap(
  values: Float32Array,
  region: { readonly width: number; readonly height: number },
  origin: readonly [number, number],
  width: number,
  height: number,
  outside = 0,
): Float32Array {
  const whole = new Float32Array(width * height).fill(outside);
  copy(values, region, whole, { width, height }, origin);
  return whole;
}

/** The part of a slice's mask under a square region: the inverse of `placeMask`; empty where the slice ends. */
export function cutMask(whole: Mask, origin: readonly [number, number], size: number): Mask {
  const region = emptyMask(size, size);
  copy(whole.bits, whole, region.bits, region, [-origin[0], -origin[1]]);
  return region;
}

/** What a grader marked within a square region of the slice, in its pixels from its corner. */
export interface GraderInRegion {
  readonly mask: Mask;
  /** [column, row] of nodules under 3 mm. */
  readonly points: readonly (readonly [number, number])[];
  /** A point and no outline: neither "drew nothing" nor an outline, so such a grader is in no figure here. */
  readonly small: boolean;
}

export function cutGrader(
  { mask: whole, points: all = [] }: Pick<Grader, "mask" | "points">,
  [x0, y0]: readonly [number, number],
  size: number,
): GraderInRegion {
  const mask = whole ? cutMask(whole, [x0, y0], size) : emptyMask(size, size);
  const moved = all.map(([x, y]) => [x - x0, y - y0] as const);
  const points = moved.filter(([x, y]) => x >= 0 && y >= 0 && x < size && y < size);
  return { mask, points, small: points.length > 0 && areaPx(mask) === 0 };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function copy<T extends Uint8Array | Float32Array>(
  from: T,
  source: Size,
  to: T,
  target: Size,
  [x0, y0]: readonly [number, number],
): void {
  const first = Math.max(0, -x0);
  const last = Math.min(source.width, target.width - x0);
  if (last <= first) return;
  for (let y = Math.max(0, -y0); y < Math.min(source.height, target.height - y0); y++) {
    const row = from.subarray(y * source.width + first, y * source.width + last);
    to.set(row, (y + y0) * target.width + x0 + first);
  }
}
