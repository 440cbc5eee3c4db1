import { describe, expect, it } from "vitest";
import { rateAt } from "../../../src/core/training/settings.ts";

describe("the learning rate", () => {
  it("stays for two thirds of the steps, then falls to a tenth, evenly in its logarithm", () => {
    const settings = { rate: 0.01, steps: 300 };
    expect(rateAt(settings, 0)).toBe(0.01);
    expect(rateAt(settings, 200)).toBe(0.01);
    expect(rateAt(settings, 250)).toBeCloseTo(0.01 / Math.sqrt(10), 12);
    expect(rateAt(settings, 300)).toBeCloseTo(0.001, 12);
    expect(rateAt(settings, 10_000)).toBeCloseTo(0.001, 12);
  });
});
