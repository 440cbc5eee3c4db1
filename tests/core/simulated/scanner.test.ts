import { describe, expect, it } from "vitest";
import { edgeSigma, measureScanner } from "../../../src/core/simulated/scanner.ts";
import { LUNG_SLICE, lungSlice } from "../../support/lung-slice.ts";

describe("measuring a scanner", () => {
  it("finds the noise and the blur that a slice was made with", () => {
    const found = measureScanner(lungSlice());
    expect(Math.abs(found.noiseHu / LUNG_SLICE.noiseHu - 1)).toBeLessThan(0.15);
    expect(Math.abs(found.noiseBlurPx - LUNG_SLICE.noiseBlurPx)).toBeLessThan(0.1);
    // the sharpest twentieth of noisy profiles is asked, so it comes out somewhat sharp
    expect(found.edgeBlurPx).toBeLessThan(1.05 * LUNG_SLICE.edgeBlurPx);
    expect(found.edgeBlurPx).toBeGreaterThan(0.7 * LUNG_SLICE.edgeBlurPx);
  });
});

it("the blur of a slice's borders is measured row by row, where one is steep", () => {
  // lung of −800 HU but for row 5, which comes up to 0 over the steps 200, 400 and 200
  const [width, height] = [40, 24];
  const values = new Float32Array(width * height).fill(-800);
  values.set([-600, -200, ...Array(14).fill(0)], 5 * width + 20);
  const slice = { ...lungSlice(), width, height, values };
  expect(measureScanner(slice).edgeBlurPx).toBeCloseTo(800 / (400 * Math.sqrt(2 * Math.PI)), 6);
  expect(measureScanner({ ...slice, values: values.map(() => -800) }).edgeBlurPx).toBe(1); // it has no border
});

describe("the blur of a border", () => {
  it("follows from its height and its steepest step", () => {
    // from −800 to 0, the middle step 400: 800 / (400 √2π) = 0.798 px
    const profile = [-800, -800, -800, -800, -800, -600, -200, 0, 0, 0, 0];
    expect(edgeSigma(profile)).toBeCloseTo(800 / (400 * Math.sqrt(2 * Math.PI)), 6);
  });

  it("is asked between −950 and −700 HU on one side and −150 and 250 HU on the other, both included", () => {
    const border = (low: number, high: number) =>
      edgeSigma([low, low, low, low, low, low + 1, high - 1, high, high, high, high]) !== null;
    expect([border(-950, 0), border(-951, 0), border(-700, 0), border(-699, 0)]).toEqual([true, false, true, false]);
    expect([border(-800, -150), border(-800, -151), border(-800, 250), border(-800, 251)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  it("is the same whichever side is lung, and each plateau is the mean of three samples", () => {
    const profile = [-790, -800, -810, -800, -800, -600, -200, 0, 10, 0, -10];
    const sigma = 800 / (400 * Math.sqrt(2 * Math.PI));
    expect(edgeSigma(profile)).toBeCloseTo(sigma, 6);
    // read from the other end, the middle step is from −200 to −600 where it begins one sample earlier
    expect(edgeSigma([0, 10, -10, 0, 0, -200, -600, -800, -810, -790, -800])).toBeCloseTo(sigma, 6);
  });

  it("is not asked beside bone, nor where the middle crosses nothing", () => {
    expect(edgeSigma([-800, -800, -800, -800, -800, -600, 300, 600, 600, 600, 600])).toBeNull();
    expect(edgeSigma([-800, -800, -800, -800, -800, -790, -780, -400, 0, 0, 0])).toBeNull();
  });
});
