import type { Box } from "../../../core/values/viewport.ts";

/** Pixels along one side of a little mask. */
export const CELL = 24;

/**
 * A box round what the samples may mark, square in the patient, its longer side at least a quarter of the region. From a
 * fifth of the mean's peak on: where a sample in twenty leaks along a vessel, the box stays with the lesion. `aspect`:
 * how many times as high as wide a pixel is; where the region is too narrow for a square, the box reaches beyond it.
 */
export function lesionBox(
  mean: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  aspect = 1,
): Box {
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
  const [wide, high] = [right - left + 1, bottom - top + 1];
  // In widths of a pixel.
  const most = Math.max(width, height * aspect);
  const side = Math.min(most, Math.max(most / 4, 1.5 * Math.max(wide, high * aspect)));
  const along = (centre: number, length: number, all: number) =>
    length >= all ? (all - length) / 2 : Math.max(0, Math.min(all - length, centre - length / 2));
  const [across, down] = [side, side / aspect];
  const [x, y] = [along((left + right + 1) / 2, across, width), along((top + bottom + 1) / 2, down, height)];
  return { x, y, width: across, height: down };
}

/**
 * The box of a probability map [H,`width`] as [CELL, CELL] bytes: each the mean of what it covers, 255 = 1. Beyond the
 * map's edge nothing is marked.
 */
export function shrink(map: Float32Array, width: number, box: Box): Uint8Array {
  const cell = new Uint8Array(CELL * CELL);
  const height = map.length / width;
  for (let row = 0; row < CELL; row++) {
    const [y0, y1] = covered(box.y, box.height / CELL, row);
    for (let column = 0; column < CELL; column++) {
      const [x0, x1] = covered(box.x, box.width / CELL, column);
      let sum = 0;
      for (let v = Math.max(0, y0); v < Math.min(height, y1); v++) {
        for (let u = Math.max(0, x0); u < Math.min(width, x1); u++) sum += map[v * width + u] as number;
      }
      cell[row * CELL + column] = Math.round((255 * sum) / ((x1 - x0) * (y1 - y0)));
    }
  }
  return cell;
}

/** First pixel, and one past the last, of one step along a side. */
function covered(start: number, step: number, index: number): readonly [number, number] {
  const first = Math.floor(start + index * step);
  return [first, Math.max(first + 1, Math.floor(start + (index + 1) * step))];
}
