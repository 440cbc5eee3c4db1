/** Pixels along one side of a little mask. */
export const CELL = 24;

/** A square of a region, in its pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/**
 * A square round what the samples may mark, at least a quarter of the region. From a fifth of the mean's peak on: where a
 * sample in twenty leaks along a vessel, the square stays with the lesion.
 */
export function lesionBox(mean: Float32Array, { width, height }: { width: number; height: number }): Box {
  let [left, right, top, bottom] = [width, -1, height, -1];
  const floor = 0.2 * mean.reduce((most, p) => Math.max(most, p), 0.25);
  for (let i = 0; i < mean.length; i++) {
    if ((mean[i] as number) < floor) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  if (right < 0) [left, right, top, bottom] = [width / 4, (3 * width) / 4 - 1, height / 4, (3 * height) / 4 - 1];
  const side = Math.min(width, height, Math.max(width / 4, 1.5 * Math.max(right - left + 1, bottom - top + 1)));
  const within = (centre: number, length: number) => Math.max(0, Math.min(length - side, centre - side / 2));
  return { x: within((left + right + 1) / 2, width), y: within((top + bottom + 1) / 2, height), side };
}

/** The box of a probability map as [CELL, CELL] bytes: each the mean of what it covers, 255 = 1. */
export function shrink(map: Float32Array, width: number, { x, y, side }: Box): Uint8Array {
  const cell = new Uint8Array(CELL * CELL);
  const step = side / CELL;
  for (let row = 0; row < CELL; row++) {
    for (let column = 0; column < CELL; column++) {
      const [x0, y0] = [Math.floor(x + column * step), Math.floor(y + row * step)];
      const [x1, y1] = [
        Math.max(x0 + 1, Math.floor(x + (column + 1) * step)),
        Math.max(y0 + 1, Math.floor(y + (row + 1) * step)),
      ];
      let sum = 0;
      for (let v = y0; v < y1; v++) for (let u = x0; u < x1; u++) sum += map[v * width + u] ?? 0;
      cell[row * CELL + column] = Math.round((255 * sum) / ((x1 - x0) * (y1 - y0)));
    }
  }
  return cell;
}
