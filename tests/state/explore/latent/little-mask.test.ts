import { describe, expect, it } from "vitest";
import { lesionBox, shrink } from "../../../../src/state/explore/latent/little-mask.ts";

const SIZE = { width: 128, height: 128 };

/** A mean map with a square of `p` for each of [x, y, side, p]. */
function meanOf(...squares: readonly (readonly [number, number, number, number])[]): Float32Array {
  const mean = new Float32Array(SIZE.width * SIZE.height);
  for (const [x, y, side, p] of squares) {
    for (let v = y; v < y + side; v++) mean.fill(p, v * SIZE.width + x, v * SIZE.width + x + side);
  }
  return mean;
}

describe("the square of little masks", () => {
  it("lies round the lesion, with room for it to grow", () => {
    expect(lesionBox(meanOf([50, 40, 30, 0.9]), SIZE)).toEqual({ x: 42.5, y: 32.5, width: 45, height: 45 });
  });

  it("is a quarter of the region at least, and the middle where nothing is marked", () => {
    expect(lesionBox(meanOf([60, 60, 3, 0.5]), SIZE)).toMatchObject({ width: 32, height: 32 });
    expect(lesionBox(meanOf(), SIZE)).toEqual({ x: 16, y: 16, width: 96, height: 96 });
  });

  it("stays with the lesion where a few samples leak elsewhere, and follows a faint lesion", () => {
    const lesion = [50, 40, 30, 0.9] as const;
    expect(lesionBox(meanOf(lesion, [0, 100, 20, 0.1]), SIZE)).toEqual(lesionBox(meanOf(lesion), SIZE));
    expect(lesionBox(meanOf([50, 40, 30, 0.06]), SIZE)).toEqual(lesionBox(meanOf(lesion), SIZE));
  });

  it("is square in the patient where pixels are not, and reaches beyond a region that is too narrow for it", () => {
    // pixels twice as high as wide: 30 × 30 of them are 30 wide and 60 high, and the side is 1.5 · 60
    expect(lesionBox(meanOf([50, 40, 30, 0.9]), SIZE, 2)).toEqual({ x: 20, y: 32.5, width: 90, height: 45 });
    // all 128 rows are 256 wide: 64 columns too many on either side
    expect(lesionBox(meanOf([0, 0, 128, 0.9]), SIZE, 2)).toEqual({ x: -64, y: 0, width: 256, height: 128 });
  });

  it("stays inside the region", () => {
    expect(lesionBox(meanOf([0, 98, 30, 1]), SIZE)).toEqual({ x: 0, y: 83, width: 45, height: 45 });
  });
});

it("a little mask is empty beyond the region's edge", () => {
  const wide = shrink(new Float32Array(128 * 128).fill(1), 128, { x: -64, y: 0, width: 256, height: 128 });
  const row = Array.from(wide.subarray(0, 24));
  expect(row).toEqual([...Array(6).fill(0), ...Array(12).fill(255), ...Array(6).fill(0)]);
});

it("a little mask holds the mean of what each of its pixels covers", () => {
  const half = shrink(meanOf([0, 0, 64, 1]), SIZE.width, { x: 0, y: 0, width: 128, height: 128 });
  expect(half[0]).toBe(255);
  expect(half[23 * 24 + 23]).toBe(0);
  expect(half.reduce((sum, value) => sum + value / 255, 0) / half.length).toBeCloseTo(0.25, 1);
});
