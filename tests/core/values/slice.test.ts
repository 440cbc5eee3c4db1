import { expect, it } from "vitest";
import { areaPx, emptyMask } from "../../../src/core/values/slice.ts";

it("an empty mask has no area, and each set pixel counts one", () => {
  const mask = emptyMask(3, 2);
  expect([mask.width, mask.height, mask.bits.length, areaPx(mask)]).toEqual([3, 2, 6, 0]);
  mask.bits[4] = 1;
  expect(areaPx(mask)).toBe(1);
});
