import type { Slice } from "../slice.ts";
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
  const opened = blur(overDisc(overDisc(dense, Math.min), Math.max), 0.8);
  return fieldOf(size, size, (x, y) => opened.values[(y + 2 * RADIUS) * wide + x + 2 * RADIUS] as number);
}

function overDisc(field: Field, pick: (a: number, b: number) => number): Field {
  const { width, height, values } = field;
  return fieldOf(width, height, (x, y) => {
    let found = values[y * width + x] as number;
    for (let dy = -RADIUS; dy <= RADIUS; dy++) {
      for (let dx = -RADIUS; dx <= RADIUS; dx++) {
        if (dx * dx + dy * dy > RADIUS * RADIUS) continue;
        const px = Math.min(width - 1, Math.max(0, x + dx));
        const py = Math.min(height - 1, Math.max(0, y + dy));
        found = pick(found, values[py * width + px] as number);
      }
    }
    return found;
  });
}
