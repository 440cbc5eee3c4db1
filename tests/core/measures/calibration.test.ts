import { describe, expect, it } from "vitest";
import {
  addCalibration,
  addSaid,
  calibrationOver,
  eceOver,
  mergeCalibration,
  type Reliability,
  reliabilityFrom,
  startCalibration,
} from "../../../src/core/measures/calibration.ts";

function reliability(mean: Float32Array, share: Float32Array, bins = 10): Reliability {
  const sums = startCalibration(bins);
  addCalibration(sums, mean, share);
  return reliabilityFrom(sums);
}

describe("calibration of the mean against the graders' share", () => {
  it("each bin's distance counts by its pixels", () => {
    // bin [.2,.3): p = .25, .25, share 0, .5 → |.25 − .25| = 0; bin [.9,1]: p = 1, 1, share .5, .5 → ½. ECE = ½·0 + ½·½
    const { bins, ece } = reliability(Float32Array.of(0.25, 0.25, 1, 1), Float32Array.of(0, 0.5, 0.5, 0.5));
    expect(bins[2]).toEqual({ confidence: 0.25, frequency: 0.25, weight: 0.5 });
    expect(bins[9]).toEqual({ confidence: 1, frequency: 0.5, weight: 0.5 });
    expect(bins[5]).toEqual({ confidence: null, frequency: null, weight: 0 });
    expect(ece).toBe(0.25);
  });

  it("background that model and graders leave alone does not count; what only one of them marks does", () => {
    const background = reliability(new Float32Array(1000), new Float32Array(1000));
    expect(background.ece).toBe(0);
    // 1,000 pixels of background beside one missed pixel: |0 − 1| over that one
    const missed = new Float32Array(1001);
    missed[5] = 1;
    expect(reliability(new Float32Array(1001), missed).ece).toBe(1);
    expect(reliability(missed, new Float32Array(1001)).ece).toBe(1);
  });

  it("cases are added up before they are judged: two errors of opposite sign in a bin cancel", () => {
    const sums = startCalibration();
    addCalibration(sums, Float32Array.of(0.5), Float32Array.of(0.25));
    addCalibration(sums, Float32Array.of(0.5), Float32Array.of(0.75));
    expect(reliabilityFrom(sums).ece).toBe(0);
  });

  it("is between 0 and 1, and its weights sum to 1", () => {
    const mean = Float32Array.from({ length: 500 }, (_, i) => ((i * 37) % 101) / 100);
    const share = Float32Array.from({ length: 500 }, (_, i) => (i % 5) / 4);
    const { bins, ece } = reliability(mean, share, 7);
    expect(bins.length).toBe(7);
    expect(bins.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    expect(ece).toBeGreaterThan(0);
    expect(ece).toBeLessThan(1);
  });

  it("sums of several cases are those of all their pixels at once", () => {
    const [a, b, both] = [startCalibration(), startCalibration(), startCalibration()];
    const one = [Float32Array.of(0.2, 0.9), Float32Array.of(0.5, 1)] as const;
    const two = [Float32Array.of(0.25, 0.6), Float32Array.of(0, 0.25)] as const;
    addCalibration(a, ...one);
    addCalibration(b, ...two);
    addCalibration(both, ...one);
    addCalibration(both, ...two);
    expect(calibrationOver([a, b])).toEqual(both);
    expect(eceOver([a, b])).toBeCloseTo(reliabilityFrom(both).ece, 12);
    expect(eceOver([])).toBe(0);
    mergeCalibration(a, b);
    expect(a).toEqual(both);
  });

  it("holds whatever is said against what is seen, 1 in the last bin and 0 in the first", () => {
    const sums = startCalibration(2);
    addSaid(sums, 1, 0.5);
    addSaid(sums, 0.5, 1);
    addSaid(sums, 0, 0.25);
    // [0, .5): said 0, seen .25; [.5, 1]: said .75, seen .75: off by a quarter on one of three
    expect(reliabilityFrom(sums)).toEqual({
      bins: [
        { confidence: 0, frequency: 0.25, weight: 1 / 3 },
        { confidence: 0.75, frequency: 0.75, weight: 2 / 3 },
      ],
      ece: 0.25 / 3,
    });
  });
});
