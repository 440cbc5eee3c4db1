import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fQuantile, tBothSides } from "../../../src/core/agreement/incomplete-beta.ts";

describe("the quantile of the F distribution", () => {
  it.each([
    [0.975, 5, 18, 3.38196780587524],
    [0.975, 3.7, 151.2, 2.95585627460058],
    [0.975, 2096, 699, 1.13088606802845],
    [0.025, 0.5, 1000, 1.05543192744065e-6],
    [0.975, 1, 1, 647.789011477844],
  ])("is SciPy's f.ppf(%d, %d, %d), as R's qf to six digits or more", (share, above, below, wanted) => {
    expect(fQuantile(share, above, below) / wanted).toBeCloseTo(1, 9);
  });

  it("with 2 and 2 degrees is p/(1 − p)", () => {
    expect(fQuantile(0.8, 2, 2)).toBeCloseTo(4, 10);
  });

  it("turns over with its degrees: F_p(a, b) = 1/F_(1−p)(b, a)", () => {
    const degrees = fc.double({ min: 0.5, max: 5000, noNaN: true });
    const check = (share: number, a: number, b: number) => {
      const [one, other] = [fQuantile(share, a, b), 1 / fQuantile(1 - share, b, a)];
      expect(one / other).toBeCloseTo(1, 8);
    };
    fc.assert(fc.property(fc.constantFrom(0.025, 0.3, 0.5, 0.7, 0.975), degrees, degrees, check), { numRuns: 50 });
  });
});

describe("Student's t on both sides", () => {
  it("is R's qt(.975, 16) = 2.11990529922125", () => {
    expect(tBothSides(0.95, 16)).toBeCloseTo(2.11990529922125, 10);
  });
});
