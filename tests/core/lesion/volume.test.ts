import { describe, expect, it } from "vitest";
import { ReaderSizes } from "../../../src/core/lesion/reader-sizes.ts";
import { medianDistance, slabMm3, sliceThickness } from "../../../src/core/lesion/volume.ts";

describe("slices along the normal", () => {
  it("have the median distance of a table, which a missing slice does not move", () => {
    expect(medianDistance([0, 2.5, 5, 10, 12.5])).toBe(2.5);
    expect(medianDistance([0, 1, 4])).toBe(2); // of 1 and 3
    expect(medianDistance([0])).toBeNull();
  });
});

describe("the length that a slice stands for", () => {
  it("is half of the distance to either side: a gap is shared by the slices beside it", () => {
    expect(sliceThickness([0, 2, 4, 8, 10])).toEqual([2, 2, 3, 3, 2]);
    expect(sliceThickness([3])).toBeNull();
  });
});

describe("a reader's size", () => {
  const disc = (radius: number) => ({
    width: 64,
    height: 64,
    bits: Uint8Array.from({ length: 64 * 64 }, (_, i) =>
      Math.hypot((i % 64) - 31.5, (Math.floor(i / 64) - 31.5) * 0.5) <= radius ? 1 : 0,
    ),
  });

  it("of an ellipsoid cut every 1.25 mm is its volume within 2 %, and its axes within a pixel", () => {
    // half-axes 14, 14 and 10 mm; columns of 1 mm, rows of .5 mm
    const sizes = new ReaderSizes(1, [0.5, 1]);
    for (let z = -10; z <= 10; z += 1.25) sizes.add([disc(14 * Math.sqrt(1 - (z / 10) ** 2))], 1.25);
    const [size] = sizes.sizes();
    expect(Math.abs((size?.volumeMm3 ?? 0) / ((4 / 3) * Math.PI * 14 * 14 * 10) - 1)).toBeLessThan(0.02);
    expect(Math.abs((size?.longMm ?? 0) - 28)).toBeLessThan(1);
    expect(Math.abs((size?.shortMm ?? 0) - 28)).toBeLessThan(1.5);
  });

  it("of that ellipsoid with a slice missing is still within 2 %", () => {
    const places = Array.from({ length: 17 }, (_, i) => -10 + 1.25 * i).filter((_, i) => i !== 6);
    const thickness = sliceThickness(places) ?? [];
    const sizes = new ReaderSizes(1, [0.5, 1]);
    for (const [i, z] of places.entries()) sizes.add([disc(14 * Math.sqrt(1 - (z / 10) ** 2))], thickness[i] as number);
    expect(Math.abs((sizes.sizes()[0]?.volumeMm3 ?? 0) / ((4 / 3) * Math.PI * 14 * 14 * 10) - 1)).toBeLessThan(0.02);
  });

  it("takes the short axis from the slice with the longest long axis, and counts slices drawn on", () => {
    const row = (length: number, height: number) => ({
      width: 8,
      height: 4,
      bits: Uint8Array.from({ length: 32 }, (_, i) => (i % 8 < length && i < 8 * height ? 1 : 0)),
    });
    const sizes = new ReaderSizes(2, [1, 1]);
    sizes.add([row(4, 3), row(0, 0)], 2);
    sizes.add([row(7, 1), row(0, 0)], 2);
    expect(sizes.sizes()).toEqual([
      { volumeMm3: 2 * (12 + 7), longMm: 7, shortMm: 1, slices: 2 },
      { volumeMm3: 0, longMm: 0, shortMm: 0, slices: 0 },
    ]);
  });

  it("counts a voxel as row × column × thickness", () => {
    expect(slabMm3(3, [0.5, 0.8], 2.5)).toBeCloseTo(3, 12);
  });
});
