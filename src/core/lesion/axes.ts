import type { Mask } from "../values/slice.ts";
import type { PixelSpacing } from "./volume.ts";

type Point = readonly [x: number, y: number];

/** The two diameters of a lesion on one slice. */
export interface Axes {
  readonly longMm: number;
  readonly shortMm: number;
  /** Centres of the pixels at the long axis' ends, [column, row] each. */
  readonly ends: readonly [Point, Point];
}

/**
 * The long axis of a mask and the longest line perpendicular to it across its hull (RECIST 1.1, Eisenhauer et al. 2009;
 * Fleischner Society, Bankier et al. 2017), from outer pixel edge to outer pixel edge, mm: the distance of the two pixel
 * centres, and the width of one pixel in that direction u, √((column·u_x)² + (row·u_y)²), which is a column along a row,
 * a row along a column and never the diagonal. One pixel: its larger and its smaller side. Null for an empty mask.
 */
export function axesOf(mask: Mask, spacing: PixelSpacing): Axes | null {
  const [row, column] = spacing;
  const hull = hullOf(endsOfRows(mask, spacing));
  const first = hull[0];
  if (!first) return null;
  let [from, to, longMm] = [first, first, Math.max(row, column)];
  hull.forEach((a, i) => {
    for (const b of hull.slice(i + 1)) {
      const [distance, u] = between(a, b);
      const length = distance + pixelWidth(u, spacing);
      if (length > longMm) [from, to, longMm] = [a, b, length];
    }
  });
  const along = from === to ? ([column >= row ? 1 : 0, column >= row ? 0 : 1] as const) : between(from, to)[1];
  const across: Point = [-along[1], along[0]];
  const shortMm = longestChord(hull, along, across) + pixelWidth(across, spacing);
  return { longMm, shortMm, ends: [inPixels(from, spacing), inPixels(to, spacing)] };
}

function between([ax, ay]: Point, [bx, by]: Point): [number, Point] {
  const distance = Math.hypot(bx - ax, by - ay);
  return [distance, [(bx - ax) / distance, (by - ay) / distance]];
}

/** Width of a pixel in direction u, as of the ellipse that touches its four sides. */
function pixelWidth([ux, uy]: Point, [row, column]: PixelSpacing): number {
  return Math.hypot(column * ux, row * uy);
}

function inPixels([x, y]: Point, [row, column]: PixelSpacing): Point {
  return [Math.round(x / column), Math.round(y / row)];
}

/** Centres of the first and the last pixel of each row, mm, in the order of rows: no other can be on the hull. */
function endsOfRows({ width, height, bits }: Mask, [row, column]: PixelSpacing): Point[] {
  const points: Point[] = [];
  for (let y = 0; y < height; y++) {
    const start = y * width;
    const first = bits.subarray(start, start + width).indexOf(1);
    if (first < 0) continue;
    let last = width - 1;
    while (bits[start + last] === 0) last--;
    points.push([first * column, y * row]);
    if (last !== first) points.push([last * column, y * row]);
  }
  return points;
}

/** Convex hull, without points on its edges (Andrew's monotone chain, Inf. Process. Lett. 9, 1979). `points` by rows. */
function hullOf(points: readonly Point[]): Point[] {
  if (points.length < 3) return [...points];
  const half = (ordered: readonly Point[]) => {
    const kept: Point[] = [];
    for (const point of ordered) {
      while (kept.length > 1 && turn(kept.at(-2) as Point, kept.at(-1) as Point, point) <= 0) kept.pop();
      kept.push(point);
    }
    return kept.slice(0, -1);
  };
  return [...half(points), ...half([...points].reverse())];
}

function turn(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}

/** The longest line across a convex hull in direction `across`: it goes through a corner. */
function longestChord(hull: readonly Point[], along: Point, across: Point): number {
  const placed = hull.map(([x, y]) => [x * along[0] + y * along[1], x * across[0] + y * across[1]] as const);
  let longest = 0;
  for (const [at] of placed) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    placed.forEach(([s, t], i) => {
      const [s2, t2] = placed[(i + 1) % placed.length] as readonly [number, number];
      if ((s - at) * (s2 - at) > 0) return; // the edge lies on one side
      const crossing = s === s2 ? [t, t2] : [t + ((t2 - t) * (at - s)) / (s2 - s)];
      low = Math.min(low, ...crossing);
      high = Math.max(high, ...crossing);
    });
    longest = Math.max(longest, high - low);
  }
  return longest;
}
