import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  centralInterval,
  covered,
  crpsEnsemble,
  crpsNormal,
  fitLognormal,
  ratioOfFour,
} from "../../../src/core/lesion/volume-law.ts";
import { normals } from "../../../src/core/random/random.ts";

const values = fc.array(fc.double({ min: 1, max: 50, noNaN: true }), { minLength: 4, maxLength: 12 });

describe("the CRPS", () => {
  it("of samples 1 and 3 against 2 is 1 − ½·1 = .5", () => {
    // mean |x − y| = 1; |x − x′| over all four pairs: 0, 2, 2, 0
    expect(crpsEnsemble([3, 1], 2)).toBeCloseTo(0.5, 12);
  });

  it("of one sample is its distance", () => {
    expect(crpsEnsemble([5], 2)).toBe(3);
  });

  it("is the double sum, counted one by one", () => {
    const check = (samples: number[], y: number) => {
      const mean = (all: number[]) => all.reduce((sum, value) => sum + value, 0) / all.length;
      const apart = mean(samples.flatMap((a) => samples.map((b) => Math.abs(a - b))));
      expect(crpsEnsemble(samples, y)).toBeCloseTo(mean(samples.map((x) => Math.abs(x - y))) - apart / 2, 9);
    };
    fc.assert(fc.property(values, fc.double({ min: 1, max: 50, noNaN: true }), check));
  });

  it("of a normal law is that of very many samples of it", () => {
    const samples = Array.from(normals(0, [0], 20_000), (value) => 1 + 2 * value);
    for (const y of [-4, 0.5, 1, 3]) expect(crpsNormal(1, 2, y)).toBeCloseTo(crpsEnsemble(samples, y), 1.5);
  });

  it("of N(0, 1) at 0 is (√2 − 1)/√π, and far out |y| − 1/√π", () => {
    expect(crpsNormal(0, 1, 0)).toBeCloseTo((Math.SQRT2 - 1) / Math.sqrt(Math.PI), 14);
    expect(crpsNormal(0, 1, 30)).toBeCloseTo(30 - 1 / Math.sqrt(Math.PI), 12);
    expect(crpsNormal(0, 0, -3)).toBe(3);
  });
});

describe("an interval of samples", () => {
  it("has linear quantiles: of 0 … 10 the middle 90 % are .5 … 9.5", () => {
    const interval = centralInterval([10, 0, 5, 1, 2, 3, 4, 6, 7, 8, 9], 0.9);
    expect(interval[0]).toBeCloseTo(0.5, 12);
    expect(interval[1]).toBeCloseTo(9.5, 12);
  });

  it("covers its ends", () => {
    expect(covered([1, 2, 3, 4], [2, 3])).toBe(0.5);
  });
});

describe("largest to smallest of four", () => {
  it("is the mean over all fours, counted one by one", () => {
    const check = (all: number[]) => {
      let [sum, fours] = [0, 0];
      for (let a = 0; a < all.length; a++)
        for (let b = a + 1; b < all.length; b++)
          for (let c = b + 1; c < all.length; c++)
            for (let d = c + 1; d < all.length; d++) {
              const four = [all[a], all[b], all[c], all[d]] as number[];
              sum += Math.max(...four) / Math.min(...four);
              fours++;
            }
      expect(ratioOfFour(all)).toBeCloseTo(sum / fours, 9);
    };
    fc.assert(fc.property(values, check), { numRuns: 50 });
    expect(ratioOfFour([1, 2, 3])).toBeNull();
  });
});

describe("the lognormal law", () => {
  it("finds the line through exact powers: v = 2·V^½", () => {
    const law = fitLognormal([1, 4, 9, 100].map((mask) => ({ mask, reader: 2 * Math.sqrt(mask) })));
    expect(law?.a).toBeCloseTo(Math.LN2, 12);
    expect(law?.b).toBeCloseTo(0.5, 12);
    expect(law?.sigma).toBeCloseTo(0, 7);
  });

  it("has residuals over n − 2, and needs three pairs and two sizes", () => {
    // log v of 0, 1, 0, 1 at log V 0, 0, 1, 1: a = ½, b = 0, residuals' squares 4·¼
    const pairs = [
      [1, 1],
      [1, Math.E],
      [Math.E, 1],
      [Math.E, Math.E],
    ].map(([mask = 0, reader = 0]) => ({ mask, reader }));
    expect(fitLognormal(pairs)?.sigma).toBeCloseTo(Math.sqrt(1 / 2), 12);
    expect(fitLognormal(pairs.slice(0, 2))).toBeNull();
    expect(fitLognormal(Array.from({ length: 4 }, () => ({ mask: 3, reader: 2 })))).toBeNull();
  });
});
