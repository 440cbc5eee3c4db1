import { squaredDistances } from "../agreement/distance-transform.ts";
import type { Mask } from "../values/slice.ts";

/** A part of a picture, in its pixels. */
export interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A box round all that is marked, `margin` pixels wider on every side: from one on, distances within it are those of the
 * whole picture. Null where a mask is empty.
 */
export function boxAround(masks: readonly Mask[], margin = 1): PixelBox | null {
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, -1, Number.POSITIVE_INFINITY, -1];
  for (const { bits, width, height } of masks) {
    if (!bits.includes(1)) return null;
    bits.forEach((bit, at) => {
      if (bit === 0) return;
      const [x, y] = [at % width, Math.floor(at / width)];
      [left, right] = [Math.min(left, Math.max(0, x - margin)), Math.max(right, Math.min(width - 1, x + margin))];
      [top, bottom] = [Math.min(top, Math.max(0, y - margin)), Math.max(bottom, Math.min(height - 1, y + margin))];
    });
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Place in the whole picture of pixel `at` of the box, both row-major. */
export function indexInWhole({ left, top, width }: PixelBox, at: number, wholeWidth: number): number {
  return (top + Math.floor(at / width)) * wholeWidth + left + (at % width);
}

/** Distance to the nearest pixel on the other side of the edge, mm: positive within. No further than the box is long. */
export function depthIn(mask: Mask, box: PixelBox, spacingMm: readonly [number, number]): Float64Array {
  const inside = Uint8Array.from(
    { length: box.width * box.height },
    (_, i) => mask.bits[indexInWhole(box, i, mask.width)] as number,
  );
  const grid = { size: [box.height, box.width], spacingMm };
  const [toInside, toOutside] = [
    squaredDistances(grid, inside),
    squaredDistances(
      grid,
      inside.map((bit) => 1 - bit),
    ),
  ];
  const most = Math.hypot(box.height * spacingMm[0], box.width * spacingMm[1]); // a picture marked whole has no outside
  return toInside.map((d2, i) => Math.min(most, Math.sqrt(toOutside[i] as number)) - Math.sqrt(d2));
}
