import { emptyMask, type Mask } from "../values/slice.ts";

/**
 * What a round brush passes over along a line [x1, y1, x2, y2, …] in pixel coordinates (centres whole): the pixels whose
 * centres lie within half the diameter of it, and those that its points lie in, however small the brush. `diameter` in
 * widths of a pixel; `aspect`: how many times as high as wide a pixel is, for the brush is round in the patient.
 */
export function brushStroke(
  line: ArrayLike<number>,
  diameter: number,
  width: number,
  height: number,
  aspect = 1,
): Mask {
  const mask = emptyMask(width, height);
  const radius = diameter / 2;
  for (let i = 0; i + 1 < line.length; i += 2) {
    const [x1, y1] = [line[i] as number, line[i + 1] as number];
    const before = Math.max(0, i - 2);
    const [x0, y0] = [line[before] as number, line[before + 1] as number];
    const [column, row] = [Math.round(x1), Math.round(y1)];
    if (column >= 0 && row >= 0 && column < width && row < height) mask.bits[row * width + column] = 1;
    const [left, right] = reach(x0, x1, radius, width);
    const [top, bottom] = reach(y0, y1, radius / aspect, height);
    const [dx, dy] = [x1 - x0, (y1 - y0) * aspect];
    const length2 = dx * dx + dy * dy;
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const [px, py] = [x - x0, (y - y0) * aspect];
        const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length2));
        if (Math.hypot(px - along * dx, py - along * dy) <= radius) mask.bits[y * width + x] = 1;
      }
    }
  }
  return mask;
}

/** First and last pixel that may lie within `radius` of a stretch. */
function reach(a: number, b: number, radius: number, length: number): readonly [number, number] {
  return [Math.max(0, Math.ceil(Math.min(a, b) - radius)), Math.min(length - 1, Math.floor(Math.max(a, b) + radius))];
}
