/**
 * Visits the pixels inside a closed contour of pixel centres (even–odd), the contour's own pixels left out: LIDC's
 * readers drew the first pixel outside. Under three points there is no inside.
 * @param points x0, y0, x1, y1, …; pixels outside width × height are not visited
 */
export function contourInterior(points: Int32Array, width: number, height: number, visit: (at: number) => void): void {
  const count = points.length / 2;
  if (count < 3) return;
  const crossings = rowCrossings(points, height);
  const drawn = new Set<number>();
  for (let i = 0; i < count; i++) {
    const [x, y] = [points[2 * i] as number, points[2 * i + 1] as number];
    if (x >= 0 && x < width && y >= 0 && y < height) drawn.add(y * width + x);
  }
  for (const [row, xs] of crossings) {
    xs.sort((a, b) => a - b);
    for (let i = 0; i + 1 < xs.length; i += 2) {
      const last = Math.min(width - 1, Math.floor(xs[i + 1] as number));
      for (let x = Math.max(0, Math.ceil(xs[i] as number)); x <= last; x++) {
        if (!drawn.has(row * width + x)) visit(row * width + x);
      }
    }
  }
}

/** Where the contour's edges cross each row's centre line; an edge owns its lower end but not its upper one. */
function rowCrossings(points: Int32Array, height: number): Map<number, number[]> {
  const crossings = new Map<number, number[]>();
  const count = points.length / 2;
  for (let i = 0; i < count; i++) {
    const j = (i + 1) % count;
    let [ax, ay] = [points[2 * i] as number, points[2 * i + 1] as number];
    let [bx, by] = [points[2 * j] as number, points[2 * j + 1] as number];
    if (ay === by) continue;
    if (ay > by) [ax, ay, bx, by] = [bx, by, ax, ay];
    for (let row = Math.max(0, ay); row < Math.min(height, by); row++) {
      const x = ax + ((row - ay) * (bx - ax)) / (by - ay);
      const before = crossings.get(row);
      if (before) before.push(x);
      else crossings.set(row, [x]);
    }
  }
  return crossings;
}
