import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ged2 } from "../../../src/core/measures/agreement.ts";
import { representatives } from "../../../src/core/measures/representative.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

/** A bar of the first n of eight pixels in a row. */
const bar = (n: number): Mask => ({
  width: 8,
  height: 1,
  bits: Uint8Array.from({ length: 8 }, (_, x) => (x < n ? 1 : 0)),
});
const bars = fc.array(fc.integer({ min: 0, max: 8 }).map(bar), { minLength: 1, maxLength: 12 });

describe("representative samples", () => {
  it("begin with the one that is nearest to all, and are of each kind as often as that occurs", () => {
    const areas = [0, 0, 4, 4, 0, 4, 4, 4, 4]; // a third is empty
    const masks = areas.map(bar);
    expect(representatives(masks, 1)).toEqual({ places: [2], weights: [1] });
    // Of equals the first stands for all: the second of the two fours only makes the choice as spread as the draws.
    expect(representatives(masks, 3)).toEqual({ places: [0, 2, 3], weights: [3 / 9, 6 / 9, 0] });
  });

  it("each stand for the draws that are nearest to it", () => {
    // 1 − IoU of bars: 2 and 3 are .33 apart, 7 and 8 .125, and 3 from 7 .57.
    const { places, weights } = representatives([2, 3, 7, 8, 8].map(bar), 2);
    expect(places.map((place) => [2, 3, 7, 8, 8][place])).toEqual([3, 8]);
    expect(weights).toEqual([2 / 5, 3 / 5]);
  });

  it("bring the energy distance to all down most at every step", () => {
    const check = (masks: Mask[]) => {
      const sets = masks.map((_, k) => representatives(masks, k + 1).places);
      const chosen = sets.flatMap((places, k) => places.filter((place) => k === 0 || !sets[k - 1]?.includes(place)));
      expect([...chosen].sort((a, b) => a - b)).toEqual([...masks.keys()]); // each set holds the one before
      const at = (places: readonly number[]) => {
        const some = places.map((i) => masks[i] as Mask);
        return ged2(some, masks).ged2;
      };
      for (const [k, taken] of chosen.entries()) {
        const before = chosen.slice(0, k);
        const others = [...masks.keys()].filter((i) => !before.includes(i));
        const least = Math.min(...others.map((i) => at([...before, i])));
        expect(at([...before, taken])).toBeCloseTo(least, 12);
      }
    };
    fc.assert(fc.property(bars, check), { numRuns: 40 });
  });

  it("of masks that are all the same are the first ones", () => {
    expect(representatives([bar(3), bar(3), bar(3)], 2).places).toEqual([0, 1]);
  });

  it("cannot be more than there are", () => {
    expect(() => representatives([bar(1)], 2)).toThrow("2 representatives cannot be chosen out of 1 samples");
  });
});
