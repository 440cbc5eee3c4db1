import { describe, expect, it } from "vitest";
import { warningsOf } from "../../../src/state/explore/warnings.ts";

const ct = (spacingMm: readonly [number, number] | null) => ({ spacingMm, modality: "CT" });

describe("warnings", () => {
  it("are none for a CT slice of a usual spacing with contrast, nor for what is not known", () => {
    expect(warningsOf(ct([0.7, 0.7]), false)).toEqual([]);
    expect(warningsOf({ spacingMm: null, modality: null }, false)).toEqual([]);
  });

  it("hold the borders 0.4 and 1.0 mm for usual", () => {
    expect(warningsOf(ct([0.4, 0.4]), false)).toEqual([]);
    expect(warningsOf(ct([1, 1]), false)).toEqual([]);
  });

  it("name a spacing outside of 0.4–1.0 mm, whichever way it lies", () => {
    expect(warningsOf(ct([1.25, 1.25]), false)).toEqual(["Pixels of 1.25 mm: the model has seen 0.4–1.0 mm only."]);
    expect(warningsOf(ct([0.3, 0.3]), false)).toEqual(["Pixels of 0.30 mm: the model has seen 0.4–1.0 mm only."]);
  });

  it("say that pixels are not square, and that they are drawn so", () => {
    expect(warningsOf(ct([0.9, 0.7]), false)).toEqual([
      "Rows lie 0.90 mm apart, columns 0.70 mm: drawn in true proportion; the model has seen square pixels of 0.4–1.0 mm only.",
    ]);
  });

  it("name a modality that is known and not CT", () => {
    expect(warningsOf({ spacingMm: null, modality: "MR" }, false)).toEqual([
      "This is MR, not CT: the model has seen chest CT only.",
    ]);
  });

  it("say that a region has no contrast, beside the others", () => {
    const all = warningsOf({ spacingMm: [2, 2], modality: "PT" }, true);
    expect(all.length).toBe(3);
    expect(all[2]).toContain("no contrast");
  });
});
