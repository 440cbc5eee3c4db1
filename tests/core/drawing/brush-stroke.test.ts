import { describe, expect, it } from "vitest";
import { brushStroke } from "../../../src/core/drawing/brush-stroke.ts";
import { areaPx } from "../../../src/core/values/slice.ts";

/** Rows of a mask, "#" where it is marked. */
const rows = ({ width, bits }: { width: number; bits: Uint8Array }) =>
  Array.from({ length: bits.length / width }, (_, y) =>
    Array.from(bits.subarray(y * width, (y + 1) * width), (bit) => (bit ? "#" : ".")).join(""),
  );

describe("a stroke of the brush", () => {
  it("marks the pixels whose centres lie within its radius of the line", () => {
    expect(rows(brushStroke([2, 2, 5, 2], 3, 8, 5))).toEqual([
      "........",
      ".######.", // (1, 1) lies √2 < 1.5 from the first point
      ".######.",
      ".######.",
      "........",
    ]);
  });

  it("marks the pixel under the pointer, however small it is", () => {
    expect(rows(brushStroke([1.4, 0.6], 0.1, 4, 3))).toEqual(["....", ".#..", "...."]);
  });

  it("leaves no gap between two places far apart, and ends at the picture's edge", () => {
    expect(rows(brushStroke([-3, 1, 9, 1], 1, 6, 3))).toEqual(["......", "######", "......"]);
  });

  it("is round in the patient where pixels are twice as high as wide", () => {
    const disc = rows(brushStroke([10, 10], 8, 21, 21, 2));
    expect(disc.filter((row) => row.includes("#"))).toHaveLength(5); // 2 rows of 2 widths up and down
    expect(disc[10]).toBe("......#########......"); // 4 widths to each side
  });

  it("has the area of its disc, for any place of its middle", () => {
    for (const [x, y] of [
      [30, 30],
      [30.5, 30.25],
      [29.9, 30.7],
    ] as const)
      expect(areaPx(brushStroke([x, y], 20, 60, 60)) / (Math.PI * 100)).toBeCloseTo(1, 1);
  });
});
