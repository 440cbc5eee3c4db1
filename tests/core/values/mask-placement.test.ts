import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutGrader, cutMask, placeMap, placeMask } from "../../../src/core/values/mask-placement.ts";
import { areaPx } from "../../../src/core/values/slice.ts";

const two = { width: 2, height: 2, bits: Uint8Array.of(1, 0, 1, 1) };

describe("a region in its slice", () => {
  it("lies at its origin", () => {
    // 4 × 3, origin column 1, row 1
    expect(Array.from(placeMask(two, [1, 1], 4, 3).bits)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0]);
  });

  it("what hangs over the slice's end (the padding of a small slice) is dropped", () => {
    expect(Array.from(placeMask(two, [0, 0], 1, 1).bits)).toEqual([1]);
    expect(Array.from(placeMask(two, [2, 1], 3, 2).bits)).toEqual([0, 0, 0, 0, 0, 1]);
  });

  it("a map keeps its values and says what is outside", () => {
    const map = placeMap(Float32Array.of(0.25, 0.5), { width: 2, height: 1 }, [1, 0], 3, 2, -1);
    expect(Array.from(map)).toEqual([-1, 0.25, 0.5, -1, -1, -1]);
  });

  it("cut undoes place wherever the region lies inside", () => {
    const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(bits, fc.nat(4), fc.nat(2), (values, x, y) => {
        const region = { width: 3, height: 3, bits: Uint8Array.from(values) };
        expect(cutMask(placeMask(region, [x, y], 7, 5), [x, y], 3)).toEqual(region);
      }),
    );
  });

  it("a cut over the end of a small slice is empty there", () => {
    expect(Array.from(cutMask({ width: 2, height: 1, bits: Uint8Array.of(1, 1) }, [0, 0], 3).bits)).toEqual([
      1, 1, 0, 0, 0, 0, 0, 0, 0,
    ]);
    expect(cutMask(two, [50, 50], 2).bits.every((bit) => bit === 0)).toBe(true);
  });
});

describe("a grader in a region", () => {
  // 6 × 4: a pixel at (1, 1), a point at (4, 2)
  const mask = { width: 6, height: 4, bits: Uint8Array.from({ length: 24 }, (_, i) => (i === 7 ? 1 : 0)) };
  const grader = { mask, points: [[4, 2]] as const };

  it("has outline and points from the region's corner, those outside left out", () => {
    const near = cutGrader(grader, [0, 0], 3);
    expect([Array.from(near.mask.bits), near.points, near.small]).toEqual([[0, 0, 0, 0, 1, 0, 0, 0, 0], [], false]);
  });

  it("is small where a point lies in it and no outline; without either it drew nothing", () => {
    const far = cutGrader(grader, [3, 1], 3);
    expect([areaPx(far.mask), far.points, far.small]).toEqual([0, [[1, 1]], true]);
    expect(cutGrader({ mask: null }, [3, 1], 3)).toMatchObject({ points: [], small: false });
    // outline and point in one region: the outline counts
    expect(cutGrader(grader, [1, 0], 4)).toMatchObject({ points: [[3, 2]], small: false });
  });
});
