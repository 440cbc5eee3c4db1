import { expect, it } from "vitest";
import type { Grader } from "../../../src/core/values/slice.ts";
import { fullestOfEach, markedParts, type ReadPart } from "../../../src/io/dataset/marked-parts.ts";

/** 20 × 20 pixels, those of the rectangles marked: [x, y, width, height]. */
function drew(...rectangles: readonly (readonly [number, number, number, number])[]): Grader {
  const bits = new Uint8Array(400);
  for (const [x, y, width, height] of rectangles)
    for (let row = y; row < y + height; row++) bits.fill(1, 20 * row + x, 20 * row + x + width);
  return { name: "", mask: { width: 20, height: 20, bits } };
}

it("a lesion is what two readers drew, of twenty pixels or more, in whatever others drew elsewhere", () => {
  const graders = [
    drew([0, 0, 5, 4], [10, 10, 4, 4], [0, 15, 5, 4]), // 20 pixels, 16 pixels, 20 pixels
    drew([1, 0, 5, 4], [10, 10, 4, 4]),
    { name: "", mask: null },
  ];
  // Both share 16 of 24 pixels and none with the third: over the nine ordered pairs 2 (1/3 + 1 + 1) / 9.
  const [part, ...more] = markedParts(graders);
  expect(more).toEqual([]);
  expect(part).toMatchObject({ drew: 2, pixels: 24, centre: [2.5, 1.5] });
  expect(part?.disagreement).toBeCloseTo(14 / 27, 12);
});

it("two outlines that just miss each other are one lesion, and nobody's marks none", () => {
  expect(markedParts([drew([0, 0, 5, 4]), drew([7, 0, 5, 4])])).toHaveLength(1);
  expect(markedParts([{ name: "", mask: null }])).toEqual([]);
});

it("the fullest of an image is the slice that most readers drew, then the one with the largest lesion", () => {
  const part = (of: string, drew: number, pixels: number): ReadPart => ({
    ...{ of, drew, pixels, patient: of, disagreement: 0, centre: [0, 0] },
  });
  const parts = [part("a", 2, 90), part("a", 3, 20), part("a", 3, 30), part("b", 2, 5), part("a", 3, 10)];
  expect(fullestOfEach(parts)).toEqual([parts[2], parts[3]]);
});
