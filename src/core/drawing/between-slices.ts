import { emptyMask, type Mask } from "../values/slice.ts";
import { boxAround, depthIn, indexInWhole } from "./depth.ts";

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
      if (depth > 0) mask.bits[indexInWhole(box, i, width)] = 1;
    }
    return mask;
  });
}
