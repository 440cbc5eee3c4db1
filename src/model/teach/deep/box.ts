import type { SeenPixels } from "../../../core/teach/seen-pixels.ts";
import { CENTRE } from "../../presence.ts";

/** A part of a region around its centre. */
export interface CentredBox {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export function wholeBox(size: number): CentredBox {
  return { top: 0, left: 0, height: size, width: size };
}

/**
 * Around all pixels that are seen with `margin` more, and around what a gate looks at. The centre stays the region's: a
 * gate asks the middle.
 */
export function boxOf({ at, width, height }: SeenPixels, margin: number, gate: boolean): CentredBox {
  let [x, y] = gate ? [CENTRE.features / 2, CENTRE.features / 2] : [0, 0];
  for (const p of at) {
    const [column, row] = [p % width, Math.floor(p / width)];
    x = Math.max(x, width / 2 - column, column + 1 - width / 2);
    y = Math.max(y, height / 2 - row, row + 1 - height / 2);
  }
  const [halfWidth, halfHeight] = [Math.min(x + margin, width / 2), Math.min(y + margin, height / 2)];
  return {
    top: height / 2 - halfHeight,
    left: width / 2 - halfWidth,
    height: 2 * halfHeight,
    width: 2 * halfWidth,
  };
}

/** Where the pixels that are seen lie in the box, row by row. */
export function placesInBox({ at, width }: SeenPixels, box: CentredBox): Int32Array {
  return at.map((p) => (Math.floor(p / width) - box.top) * box.width + (p % width) - box.left);
}
