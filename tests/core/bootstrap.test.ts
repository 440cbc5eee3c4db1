import { describe, expect, it } from "vitest";
import { bootstrapMean } from "../../src/core/bootstrap.ts";

describe("bootstrapMean", () => {
  it("gives equal values no width", () => {
    expect(bootstrapMean([2, 2, 2], null)).toEqual({ mean: 2, low: 2, high: 2 });
  });

  it("is as wide as a binomial of independent cases: 0.5 ± 1.96·√(0.25 / 400) = 0.451 … 0.549", () => {
    const { mean, low, high } = bootstrapMean(
      Array.from({ length: 400 }, (_, i) => i % 2),
      null,
    );
    expect(mean).toBe(0.5);
    expect(low).toBeCloseTo(0.451, 2);
    expect(high).toBeCloseTo(0.549, 2);
  });

  it("takes the slices of one patient together: four patients of 100 equal slices are four values", () => {
    const values = Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 1));
    const patients = values.map((_, i) => Math.floor(i / 100));
    const { low, high } = bootstrapMean(values, patients);
    // All four picks alike has a chance of 1/16 per side, over 2.5 %: the interval reaches both ends.
    expect([low, high]).toEqual([0, 1]);
  });

  it("leaves out cases that have no value", () => {
    expect(bootstrapMean([1, Number.NaN, 1], ["a", "b", "c"]).mean).toBe(1);
  });

  it("gives the same interval on every run", () => {
    expect(bootstrapMean([1, 2, 5], null)).toEqual(bootstrapMean([1, 2, 5], null));
  });
});
