import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  byLongAxis,
  decisionOf,
  decisionsOf,
  isBelow,
  presetNamed,
  type Threshold,
  thresholdsText,
} from "../../../src/core/lesion/decisions.ts";

const FLEISCHNER = presetNamed("fleischner-2017");
const at6 = FLEISCHNER[0] as Threshold;
const size = (longMm: number, shortMm = longMm, volumeMm3 = 0) => ({ longMm, shortMm, volumeMm3, slices: 1 });

describe("a decision at a threshold", () => {
  it("is by the mean of both axes; the threshold itself is not below", () => {
    expect(isBelow(size(7, 4.9), at6)).toBe(true);
    expect(isBelow(size(7, 5), at6)).toBe(false);
    expect(isBelow(size(99, 99, 249.9), FLEISCHNER[3] as Threshold)).toBe(true);
  });

  it("differs in 3 of the 6 pairs where one of four is below", () => {
    expect(decisionOf([size(5), size(7), size(8), size(9)], at6)).toEqual({ below: 0.25, flip: 0.5 });
  });

  it("of one reader has no pair, of none no share", () => {
    expect(decisionOf([size(5)], at6)).toEqual({ below: 1, flip: null });
    expect(decisionOf([], at6)).toBeNull();
  });

  it("is taken over the samples and the graders who drew something", () => {
    const nothing = { ...size(0), slices: 0 };
    const [found] = decisionsOf({ samples: [nothing, size(5), size(7)], graders: [size(5), nothing] }, [at6]);
    expect(found).toEqual({
      threshold: at6,
      samples: { below: 0.5, flip: 1 },
      graders: { below: 1, flip: null },
      gradersBelow: 1,
      gradersDrew: 1,
    });
  });

  it("is the share of differing pairs, counted one by one, in any order of readers", () => {
    const check = (values: number[]) => {
      const sides = values.map((value) => value < 6);
      let [pairs, different] = [0, 0];
      sides.forEach((a, i) => {
        for (const b of sides.slice(i + 1)) {
          pairs++;
          if (a !== b) different++;
        }
      });
      const found = decisionOf(
        values.map((value) => size(value)),
        at6,
      );
      expect(found?.flip).toBeCloseTo(different / pairs, 12);
      expect(
        decisionOf(
          [...values].reverse().map((value) => size(value)),
          at6,
        ),
      ).toEqual(found);
    };
    fc.assert(fc.property(fc.array(fc.integer({ min: 3, max: 9 }), { minLength: 2, maxLength: 9 }), check));
  });
});

describe("a preset", () => {
  it("is a guideline's: Fleischner 2017 has two diameters and two volumes, Lung-RADS 2022 three diameters", () => {
    expect(FLEISCHNER.map(({ name }) => name)).toEqual(["6mm", "8mm", "100mm3", "250mm3"]);
    expect(presetNamed("lung-rads-2022").map(({ value }) => value)).toEqual([6, 8, 15]);
    expect(() => presetNamed("constructor")).toThrow(
      "give one of fleischner-2017, lung-rads-2022, or a list like 6mm,10mm,500mm3.",
    );
  });

  it("may be one's own, as a list, and are written as it is read", () => {
    const own = presetNamed("6mm, 12.5mm,500mm3");
    expect(own).toEqual([
      { name: "6mm", measure: "meanDiameterMm", value: 6 },
      { name: "12.5mm", measure: "meanDiameterMm", value: 12.5 },
      { name: "500mm3", measure: "volumeMm3", value: 500 },
    ]);
    expect(thresholdsText(own)).toBe("6mm,12.5mm,500mm3");
    expect(presetNamed(thresholdsText(FLEISCHNER))).toEqual(FLEISCHNER);
    for (const odd of ["6mm,", "6", "0mm", "-6mm", "6cm", ""]) expect(() => presetNamed(odd)).toThrow("no thresholds");
  });

  it("can decide on the long axis alone: 7 × 4 mm is then not below 6 mm", () => {
    const [long, ...rest] = byLongAxis(FLEISCHNER) as [Threshold, ...Threshold[]];
    expect(rest).toHaveLength(1);
    expect([isBelow(size(7, 4), at6), isBelow(size(7, 4), long)]).toEqual([true, false]);
  });
});
