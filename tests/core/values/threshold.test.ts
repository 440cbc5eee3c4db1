import { describe, expect, it } from "vitest";
import { maskOf, masksOf, sampleAt } from "../../../src/core/values/threshold.ts";

const samples = { count: 2, width: 2, height: 1, probabilities: Float32Array.of(0.5, 0.4, 0.25, 0.75) };

describe("from probabilities to masks", () => {
  it("lesion is where P reaches the threshold", () => {
    expect(masksOf(samples, 0.5).map((mask) => Array.from(mask.bits))).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it("samples of a model that draws no specks have none", () => {
    const probabilities = Float32Array.of(1, 1, 0, 1);
    const [found] = masksOf({ count: 1, width: 4, height: 1, probabilities, smallestPart: 2 }, 0.5);
    expect(found?.bits).toEqual(Uint8Array.of(1, 1, 0, 0));
    expect(masksOf({ count: 1, width: 4, height: 1, probabilities }, 0.5)[0]?.bits).toEqual(Uint8Array.of(1, 1, 0, 1));
  });

  it("a sample is a view of its own pixels", () => {
    expect(Array.from(sampleAt(samples, 1))).toEqual([0.25, 0.75]);
  });

  it("NaN is no lesion, and a wrong size is refused", () => {
    expect(Array.from(maskOf(Float32Array.of(Number.NaN, 1), 2, 1, 0.5).bits)).toEqual([0, 1]);
    expect(() => maskOf(new Float32Array(3), 2, 1, 0.5)).toThrow(/3 probabilities do not fill 2 × 1/);
  });
});
