import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axesOf } from "../../../src/core/lesion/axes.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

function mask(...rows: string[]): Mask {
  const [height, width] = [rows.length, rows[0]?.length ?? 0];
  return { width, height, bits: Uint8Array.from(rows.join(""), (sign) => (sign === "#" ? 1 : 0)) };
}

/** An ellipse turned by `angle` on pixels of row × column mm: half-axes in mm around the middle of the picture. */
function ellipse(a: number, b: number, angle: number, row: number, column: number): Mask {
  const [width, height] = [128, 128];
  const bits = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [((i % width) - 63.7) * column, (Math.floor(i / width) - 64.2) * row];
    const [u, v] = [x * Math.cos(angle) + y * Math.sin(angle), y * Math.cos(angle) - x * Math.sin(angle)];
    return (u / a) ** 2 + (v / b) ** 2 <= 1 ? 1 : 0;
  });
  return { width, height, bits };
}

describe("the axes of a mask", () => {
  it("reach from outer pixel edge to outer pixel edge: four columns by two rows", () => {
    const found = axesOf(mask("......", ".####.", ".####.", "......"), [1, 1]);
    // the diagonal's centres lie √10 apart, and one pixel is added
    expect(found?.longMm).toBeCloseTo(Math.sqrt(10) + 1, 12);
    expect(axesOf(mask(".####."), [1, 1])).toMatchObject({ longMm: 4, shortMm: 1 });
  });

  it("follow the spacing of rows and columns, each its own", () => {
    const column = mask("#", "#", "#");
    expect(axesOf(column, [2.5, 0.5])).toMatchObject({ longMm: 7.5, shortMm: 0.5 });
    expect(axesOf(mask("###"), [2.5, 0.5])).toMatchObject({ longMm: 2.5, shortMm: 1.5 }); // three columns are 1.5 mm, one row is 2.5
  });

  it("of one pixel are its sides", () => {
    expect(axesOf(mask("...", ".#."), [0.6, 0.8])).toEqual({
      longMm: 0.8,
      shortMm: 0.6,
      ends: [
        [1, 1],
        [1, 1],
      ],
    });
  });

  it("are null for an empty mask", () => {
    expect(axesOf(mask("...", "..."), [1, 1])).toBeNull();
  });

  it("name the pixels at the ends", () => {
    expect(axesOf(mask("#...", ".#..", "..#.", "...#"), [1, 1])?.ends).toEqual([
      [0, 0],
      [3, 3],
    ]);
  });

  it("do not see a dent: the short axis goes across the hull", () => {
    // a U on its side: 5 columns, 3 rows
    const found = axesOf(mask("#####", "#....", "#####"), [1, 1]);
    const full = axesOf(mask("#####", "#####", "#####"), [1, 1]);
    expect(found).toEqual(full);
  });

  it("of an ellipse are its diameters within a pixel (the short one within 1¼), however it lies and on unequal spacings", () => {
    const check = (a: number, share: number, angle: number, row: number, column: number) => {
      const found = axesOf(ellipse(a, a * share, angle, row, column), [row, column]);
      const pixel = Math.max(row, column);
      expect(Math.abs((found?.longMm ?? 0) - 2 * a)).toBeLessThan(pixel);
      expect(Math.abs((found?.shortMm ?? 0) - 2 * a * share)).toBeLessThan(1.25 * pixel);
    };
    const mm = fc.double({ min: 0.5, max: 1, noNaN: true });
    const [half, share] = [fc.double({ min: 6, max: 25, noNaN: true }), fc.double({ min: 0.4, max: 0.7, noNaN: true })];
    fc.assert(fc.property(half, share, fc.double({ min: 0, max: Math.PI, noNaN: true }), mm, mm, check), {
      numRuns: 200,
    });
  });

  it("grow with the millimetre", () => {
    const check = (factor: number) => {
      const [one, other] = [1, factor].map((f) => axesOf(ellipse(9, 5, 0.4, 0.7, 0.6), [0.7 * f, 0.6 * f]));
      expect(other?.longMm).toBeCloseTo(factor * (one?.longMm as number), 9);
      expect(other?.shortMm).toBeCloseTo(factor * (one?.shortMm as number), 9);
    };
    fc.assert(fc.property(fc.double({ min: 0.1, max: 10, noNaN: true }), check), { numRuns: 30 });
  });
});
