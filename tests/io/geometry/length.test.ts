import { describe, expect, it } from "vitest";
import { isLength, lengthsDiffer, spacingOf } from "../../../src/io/geometry/length.ts";

describe("a length", () => {
  it("is of .001 to 1,000 mm, as float32 rounds it", () => {
    for (const mm of [0.001, Math.fround(0.001), 0.7, 1000]) expect(isLength(mm)).toBe(true);
    for (const mm of [0, -0.7, 0.0009, 1001, 1e38, Number.NaN, Number.POSITIVE_INFINITY, null, undefined])
      expect(isLength(mm)).toBe(false);
  });

  it("makes a spacing with another one only", () => {
    expect(spacingOf(0.7, 0.6)).toEqual([0.7, 0.6]);
    expect(spacingOf(0.7, 5000)).toBeNull();
  });

  it("of two sources differs where it is more than rounded", () => {
    expect([lengthsDiffer(0.7, 0.7003), lengthsDiffer(0.7, 0.702), lengthsDiffer(0.7, Number.NaN)]).toEqual([
      false,
      true,
      true,
    ]);
  });
});
