import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addSamples, startSums, statisticsFrom, statisticsOf } from "../../../src/core/network/statistics.ts";

const samplesOf = (probabilities: number[], count: number) => ({
  count,
  width: probabilities.length / count,
  height: 1,
  probabilities: Float32Array.from(probabilities),
});

describe("statistics over samples", () => {
  it("two opposite certain samples: variance ¼, and all entropy is disagreement", () => {
    // p = 0 and 1: mean ½, variance ¼, H(½) = log 2, H(0) = H(1) = 0
    const { mean, variance, entropy, mutualInformation } = statisticsOf(samplesOf([0, 1], 2));
    expect([mean[0], variance[0]]).toEqual([0.5, 0.25]);
    expect(entropy[0]).toBeCloseTo(Math.LN2, 6);
    expect(mutualInformation[0]).toBeCloseTo(Math.LN2, 6);
  });

  it("samples that agree on ½: full entropy, no variance, no disagreement", () => {
    const { variance, entropy, mutualInformation } = statisticsOf(samplesOf([0.5, 0.5, 0.5], 3));
    expect(variance[0]).toBe(0);
    expect(entropy[0]).toBeCloseTo(Math.LN2, 6);
    expect(mutualInformation[0]).toBe(0);
  });

  it("¼ and ¾: mutual information is log 2 − H(¼)", () => {
    // H(¼) = .562335; log 2 − .562335 = .130812; variance (.25)² = .0625
    const { variance, mutualInformation } = statisticsOf(samplesOf([0.25, 0.75], 2));
    expect(variance[0]).toBeCloseTo(0.0625, 7);
    expect(mutualInformation[0]).toBeCloseTo(0.130812, 6);
  });

  it("mean and variance alone are to the bit those of all four", () => {
    // pixels (.1, .7, .4) and (.9, .2, .2): mean .4, variance (.09 + .09 + 0) / 3 = .06
    const samples = samplesOf([0.1, 0.9, 0.7, 0.2, 0.4, 0.2], 3);
    const { mean, variance } = statisticsOf(samples);
    expect([mean[0], variance[0]].map((value) => value?.toFixed(6))).toEqual(["0.400000", "0.060000"]);
  });

  it("stay in their ranges, and batches give what one call gives", () => {
    const p = fc.float({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 12, maxLength: 12 }), (values) => {
        const whole = statisticsOf(samplesOf(values, 6));
        const sums = startSums(2);
        addSamples(sums, samplesOf(values.slice(0, 4), 2));
        addSamples(sums, samplesOf(values.slice(4), 4));
        expect(statisticsFrom(sums)).toEqual(whole);
        const within = (map: Float32Array, top: number) => map.every((value) => value >= 0 && value <= top + 1e-6);
        expect(within(whole.mean, 1)).toBe(true);
        expect(within(whole.variance, 0.25)).toBe(true);
        expect(within(whole.entropy, Math.LN2)).toBe(true);
        expect(whole.mutualInformation.every((value, i) => value <= whole.entropy[i]! + 1e-6)).toBe(true);
        expect(within(whole.mutualInformation, Math.LN2)).toBe(true);
      }),
    );
  });

  it("no samples give zeros, not NaN", () => {
    expect(Array.from(statisticsFrom(startSums(1)).mean)).toEqual([0]);
  });
});
