import { describe, expect, it } from "vitest";
import { readerPairs } from "../../../src/core/agreement/case-pairs.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

/** A slice of 6 × 2 pixels with columns from … to − 1 of its first row marked. */
function row(from: number, to: number): Mask {
  const bits = Uint8Array.from({ length: 12 }, (_, i) => (i >= from && i < to ? 1 : 0));
  return { width: 6, height: 2, bits };
}

describe("pairs of readers", () => {
  it("count overlap through all slices: 2 + 1 of 3 + 2 pixels in common is an IoU of 3/5", () => {
    const [pair] = readerPairs(
      [
        [row(0, 3), row(0, 2)],
        [row(1, 3), row(1, 2)],
      ],
      [2, 1, 1],
    );
    expect(pair).toMatchObject({ a: 0, b: 1, iou: 3 / 5, dice: 6 / 8 });
    expect(pair?.hd95Mm).toBe(1);
    expect(pair?.assdMm).toBeCloseTo(2 / 8, 12); // two voxels of eight lie 1 mm off
  });

  it("cut both to the box around their marks, of several rows and slices", () => {
    const mask = (...marked: readonly number[]): Mask => ({
      ...{ width: 4, height: 4 },
      bits: Uint8Array.from({ length: 16 }, (_, i) => (marked.includes(i) ? 1 : 0)),
    });
    // rows 1 to 3, columns 1 and 2; the second reader leaves one pixel of the last row out on the second slice
    const [pair] = readerPairs(
      [
        [mask(5, 9, 14), mask(6, 13, 14)],
        [mask(5, 9, 14), mask(6, 13)],
      ],
      [1, 1, 1],
    );
    expect(pair).toMatchObject({ iou: 5 / 6, dice: 10 / 11 });
    expect(pair?.assdMm).toBeCloseTo(1 / 11, 12);
  });

  it("measure in the plane where there is one slice", () => {
    const [pair] = readerPairs([[row(0, 1)], [row(4, 5)]], [1, 0.5]);
    expect(pair).toMatchObject({ iou: 0, dice: 0, hd95Mm: 2, assdMm: 2 });
  });

  it("have no distance where one drew nothing or no spacing is known; two empty masks are alike", () => {
    const [one, other, empty] = readerPairs([[row(0, 1)], [row(0, 0)], [row(0, 0)]], [1, 1]);
    expect(one).toMatchObject({ iou: 0, hd95Mm: null, assdMm: null });
    expect(other?.b).toBe(2);
    expect(empty).toMatchObject({ a: 1, b: 2, iou: 1, dice: 1, hd95Mm: null });
    expect(readerPairs([[row(0, 1)], [row(0, 1)]], null)[0]).toMatchObject({ iou: 1, hd95Mm: null });
  });
});
