import { contours } from "d3-contour";
import type { Mask } from "./slice.ts";

/**
 * Outlines along the pixels' edges, one closed loop [x1, y1, x2, y2, …] per edge of a part or hole, the first point not
 * repeated. Coordinates are the pixels' (centres whole: pixel 0 reaches from −0.5 to 0.5). Clockwise on the screen
 * around a part, the other way around a hole; pixels that touch at a corner alone are parts of their own.
 */
export function outlineOf({ width, height, bits }: Mask): Float32Array[] {
  const set = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && bits[y * width + x] !== 0;
  const corners = width + 1;
  // Edges that leave each corner, as bits 1 << direction, the lesion on their right.
  const leaving = new Uint8Array(corners * (height + 1));
  const leave = (corner: number, direction: number) => {
    leaving[corner] = (leaving[corner] as number) | (1 << direction);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!set(x, y)) continue;
      const corner = y * corners + x;
      if (!set(x, y - 1)) leave(corner, EAST);
      if (!set(x + 1, y)) leave(corner + 1, SOUTH);
      if (!set(x, y + 1)) leave(corner + corners + 1, WEST);
      if (!set(x - 1, y)) leave(corner + corners, NORTH);
    }
  }
  const loops: Float32Array[] = [];
  for (let corner = 0; corner < leaving.length; corner++) {
    while (leaving[corner] !== 0) loops.push(follow(leaving, corner, corners));
  }
  return loops;
}

const EAST = 0;
const SOUTH = 1;
const WEST = 2;
const NORTH = 3;

/** Takes one loop of edges out of `leaving`, from `start` back to it; a point wherever it turns. */
function follow(leaving: Uint8Array, start: number, corners: number): Float32Array {
  const step = [1, corners, -1, -corners];
  const has = (corner: number, direction: number) => ((leaving[corner] as number) >> direction) & 1;
  const points: number[] = [];
  let corner = start;
  let direction = -1;
  do {
    // The right turn first: it stays with the same pixel where two touch at a corner.
    const order = direction < 0 ? [EAST, SOUTH, WEST, NORTH] : [1, 0, 3].map((turn) => (direction + turn) % 4);
    const next = order.find((way) => has(corner, way)) as number;
    if (next !== direction) points.push((corner % corners) - 0.5, Math.floor(corner / corners) - 0.5);
    leaving[corner] = (leaving[corner] as number) & ~(1 << next);
    corner += step[next] as number;
    direction = next;
  } while (corner !== start); // the loop's first corner in reading order, which it therefore passes only once
  return Float32Array.from(points);
}

/**
 * Lines of equal value around where a map [H,W] reaches `level`, linear between pixel centres; loops and coordinates as
 * in `outlineOf`. At the border they close along the pixels' outer edge. NaN is below every level.
 */
export function isoLines(values: Float32Array, width: number, height: number, level: number): Float32Array[] {
  // d3 reads by index alone, and takes NaN for less than anything; its types ask for an array.
  const { coordinates } = contours()
    .size([width, height])
    .contour(values as unknown as number[], level);
  // d3 puts pixel 0's centre at 0.5 and repeats a ring's first point at its end.
  return coordinates.flat().map((ring) => Float32Array.from(ring.slice(0, -1).flat(), (value) => value - 0.5));
}
