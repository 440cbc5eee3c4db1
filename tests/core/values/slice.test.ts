import { expect, it } from "vitest";
import { areaPx, emptyMask, pixelAspect } from "../../../src/core/values/slice.ts";

it("an empty mask has no area, and each set pixel counts one", () => {
  const mask = emptyMask(3, 2);
  expect([mask.width, mask.height, mask.bits.length, areaPx(mask)]).toEqual([3, 2, 6, 0]);
  mask.bits[4] = 1;
  expect(areaPx(mask)).toBe(1);
});

it("a pixel is as high as rows lie apart and as wide as columns do; square where nothing is known, or next to nothing differs", () => {
  expect(pixelAspect({ spacingMm: [1.4, 0.7] })).toBe(2);
  expect(pixelAspect({ spacingMm: [0.5, 1] })).toBe(0.5);
  expect(pixelAspect({ spacingMm: null })).toBe(1);
  // the lengths of an affine's columns, rounded
  expect(pixelAspect({ spacingMm: [0.70000005, 0.7] })).toBe(1);
});
