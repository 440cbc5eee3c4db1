import { describe, expect, it } from "vitest";
import { bootstrapEce, bootstrapMean } from "../../../src/core/measures/bootstrap.ts";
import { addCalibration, startCalibration } from "../../../src/core/measures/calibration.ts";
import { uniforms } from "../../../src/core/random/random.ts";

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

  it("ends at the 2.5 % and 97.5 % quantiles of the resampled means, linear between the two nearest", () => {
    const values = [0.1, 0.25, 0.7, 0.95];
    // with 11 rounds the quantiles lie at 0.25 and 9.75: a quarter and three quarters of the way
    const means = Array.from({ length: 11 }, (_, round) =>
      Array.from(uniforms(0, [round], 4), (pick) => values[Math.floor(pick * 4)]!).reduce((a, b) => a + b / 4, 0),
    ).sort((a, b) => a - b);
    const { low, high } = bootstrapMean(values, null, 11);
    expect(low).toBeCloseTo(0.75 * means[0]! + 0.25 * means[1]!, 12);
    expect(high).toBeCloseTo(0.25 * means[9]! + 0.75 * means[10]!, 12);
  });

  it("gives the same interval on every run", () => {
    expect(bootstrapMean([1, 2, 5], null)).toEqual(bootstrapMean([1, 2, 5], null));
  });
});

describe("bootstrapEce", () => {
  const sums = (mean: number, share: number) => {
    const one = startCalibration();
    addCalibration(one, Float32Array.of(mean), Float32Array.of(share));
    return one;
  };

  it("is the error of all cases added up, not the mean of their errors: opposite ones cancel", () => {
    const { mean, low, high } = bootstrapEce([sums(0.5, 0.25), sums(0.5, 0.75)], null);
    expect(mean).toBe(0);
    expect([low, high]).toEqual([0, 0.25]); // the same case twice comes half of the time
  });

  it("takes the cases of one patient together", () => {
    expect(bootstrapEce([sums(0.5, 0.25), sums(0.5, 0.75)], ["a", "a"])).toEqual({ mean: 0, low: 0, high: 0 });
  });
});
