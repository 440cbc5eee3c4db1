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

describe("the blur of a border", () => {
  it("follows from its height and its steepest step", () => {
    // from −800 to 0, the middle step 400: 800 / (400 √2π) = 0.798 px
    const profile = [-800, -800, -800, -800, -800, -600, -200, 0, 0, 0, 0];
    expect(edgeSigma(profile)).toBeCloseTo(800 / (400 * Math.sqrt(2 * Math.PI)), 6);
  });

  it("is not asked beside bone, nor where the middle crosses nothing", () => {
    expect(edgeSigma([-800, -800, -800, -800, -800, -600, 300, 600, 600, 600, 600])).toBeNull();
    expect(edgeSigma([-800, -800, -800, -800, -800, -790, -780, -400, 0, 0, 0])).toBeNull();
  });
});
