import { emptyMask, type Mask } from "./slice.ts";

/**
 * The pixels whose centres lie inside a closed line [x1, y1, x2, y2, …] in pixel coordinates (centres whole; the last
 * point joins the first). Where the line crosses itself everything it goes around counts (nonzero winding), as a hand
 * that draws a lasso means it; of two polygons that share an edge, each pixel belongs to one.
 */
export function fillPolygon(points: ArrayLike<number>, width: number, height: number): Mask {
  return fillPolygons([points], width, height);
}

/** Several lines at once: one that runs the other way round cuts a hole, as `outlineOf` gives them. */
export function fillPolygons(lines: readonly ArrayLike<number>[], width: number, height: number): Mask {
  const mask = emptyMask(width, height);
  const crossings: Crossing[][] = Array.from({ length: height }, () => []);
  for (const line of lines) addCrossings(line, crossings);
  crossings.forEach((row, y) => {
    row.sort((a, b) => a.x - b.x);
    let winding = 0;
    row.forEach(({ x, turn }, i) => {
      winding += turn;
      const next = row[i + 1];
      if (winding === 0 || !next) return;
      const first = Math.max(0, Math.ceil(x));
      const end = Math.min(width, Math.ceil(next.x));
      if (first < end) mask.bits.fill(1, y * width + first, y * width + end);
    });
  });
  return mask;
}

/** Where a line passes a row of pixel centres, and whether downwards (1) or upwards (−1). */
interface Crossing {
  readonly x: number;
  readonly turn: 1 | -1;
}

function addCrossings(line: ArrayLike<number>, rows: Crossing[][]): void {
  const count = Math.floor(line.length / 2);
  for (let i = 0; i < count; i++) {
    const [x0, y0] = [line[2 * i] as number, line[2 * i + 1] as number];
    const j = (i + 1) % count;
    const [x1, y1] = [line[2 * j] as number, line[2 * j + 1] as number];
    const first = Math.max(0, Math.ceil(Math.min(y0, y1)));
    const end = Math.min(rows.length, Math.ceil(Math.max(y0, y1)));
    for (let y = first; y < end; y++) {
      (rows[y] as Crossing[]).push({ x: x0 + ((y - y0) / (y1 - y0)) * (x1 - x0), turn: y1 > y0 ? 1 : -1 });
    }
  }
}
