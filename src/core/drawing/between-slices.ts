import { squaredDistances } from "../agreement/distance-transform.ts";
import { emptyMask, type Mask } from "../values/slice.ts";

/**
 * Outlines between two that were drawn, one for each share of the way from the first (0) to the second (1): shape-based
 * interpolation (Raya & Udupa, IEEE Transactions on Medical Imaging 9:32, 1990). Each pixel's distance to the outline's
 * edge, positive within and negative without, is blended linearly between the two; what is positive lies within. At 0
 * and 1 the two themselves; shapes that do not overlap may leave nothing half way. `spacingMm`: [between rows, between
 * columns]. An empty outline gives empty ones.
 */
export function betweenSlices(
  first: Mask,
  second: Mask,
  shares: readonly number[],
  spacingMm: readonly [number, number],
): Mask[] {
  const { width, height } = first;
  const box = boxAround([first, second]);
  if (!box) return shares.map(() => emptyMask(width, height));
  const [from, to] = [first, second].map((mask) => depthIn(mask, box, spacingMm)) as [Float64Array, Float64Array];
  return shares.map((share) => {
    const mask = emptyMask(width, height);
    for (let i = 0; i < from.length; i++) {
      const depth = (1 - share) * (from[i] as number) + share * (to[i] as number);
      if (depth > 0) mask.bits[placeIn(box, i, width)] = 1;
    }
    return mask;
  });
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A box round all that is marked, a pixel wider on every side: distances within it are those of the whole picture. */
function boxAround(masks: readonly Mask[]): Box | null {
  let [left, right, top, bottom] = [Number.POSITIVE_INFINITY, -1, Number.POSITIVE_INFINITY, -1];
  for (const { bits, width, height } of masks) {
    if (!bits.includes(1)) return null;
    bits.forEach((bit, at) => {
      if (bit === 0) return;
      const [x, y] = [at % width, Math.floor(at / width)];
      [left, right] = [Math.min(left, Math.max(0, x - 1)), Math.max(right, Math.min(width - 1, x + 1))];
      [top, bottom] = [Math.min(top, Math.max(0, y - 1)), Math.max(bottom, Math.min(height - 1, y + 1))];
    });
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function placeIn({ left, top, width }: Box, at: number, wholeWidth: number): number {
  return (top + Math.floor(at / width)) * wholeWidth + left + (at % width);
}

/** Distance to the nearest pixel on the other side of the edge, mm: positive within. No further than the box is long. */
function depthIn(mask: Mask, box: Box, spacingMm: readonly [number, number]): Float64Array {
  const inside = Uint8Array.from(
    { length: box.width * box.height },
    (_, i) => mask.bits[placeIn(box, i, mask.width)] as number,
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
