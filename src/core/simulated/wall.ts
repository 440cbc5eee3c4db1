import type { Slice } from "../values/slice.ts";
import { blur, type Field, fieldOf } from "./field.ts";

/** Denser than this is not lung. */
const DENSE_HU = -350;
/** Vessels are thinner than a disc of this radius (px), the chest wall and the mediastinum are not. */
const RADIUS = 5;

/**
 * Share of chest wall or mediastinum in each pixel of a patch of the slice, [size, size] in [0, 1]: the dense pixels
 * opened by a disc, so that vessels drop out, with a soft border.
 */
export function wallIn(slice: Slice, origin: readonly [number, number], size: number): Field {
  const wide = size + 4 * RADIUS; // both passes of the opening see past the patch
  const dense = fieldOf(wide, wide, (x, y) => {
    const sx = Math.min(slice.width - 1, Math.max(0, origin[0] + x - 2 * RADIUS));
    const sy = Math.min(slice.height - 1, Math.max(0, origin[1] + y - 2 * RADIUS));
    return (slice.values[sy * slice.width + sx] as number) > DENSE_HU ? 1 : 0;
  });
  const opened = blur(overDisc(overDisc(dense, 0), 1), 0.8);
  return fieldOf(size, size, (x, y) => opened.values[(y + 2 * RADIUS) * wide + x + 2 * RADIUS] as number);
}

/** Half the disc's width in each of its rows, from −RADIUS to RADIUS. */
const HALF_WIDTHS = Array.from({ length: 2 * RADIUS + 1 }, (_, k) =>
  Math.floor(Math.sqrt(RADIUS ** 2 - (k - RADIUS) ** 2)),
);

/** Erosion of a picture of 0 and 1 where `wanted` is 0 (a disc that meets a 0 becomes 0), dilation where it is 1. */
function overDisc({ width, height, values }: Field, wanted: 0 | 1): Field {
  return fieldOf(width, height, (x, y) => {
    for (const [k, half] of HALF_WIDTHS.entries()) {
      const row = Math.min(height - 1, Math.max(0, y + k - RADIUS)) * width;
      const last = Math.min(width - 1, x + half);
      for (let px = Math.max(0, x - half); px <= last; px++) if (values[row + px] === wanted) return wanted;
    }
    return 1 - wanted;
  });
}
