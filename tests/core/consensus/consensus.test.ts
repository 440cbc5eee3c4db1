import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consensusOf, majority, shareOfMasks, staple } from "../../../src/core/consensus/consensus.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

const mask = (row: string): Mask => ({ width: row.length, height: 1, bits: Uint8Array.from(row, Number) });
const masks = (...rows: string[]) => rows.map(mask);

describe("majority", () => {
  it("is what at least half of the graders mark: 2 of 4, 2 of 3, 1 of 2", () => {
    expect(majority(masks("1110", "1100", "1000", "0000")).bits.join("")).toBe("1100");
    expect(majority(masks("110", "100", "000")).bits.join("")).toBe("100");
    expect(majority(masks("10", "00")).bits.join("")).toBe("10");
  });

  it("the graders' share counts heads", () => {
    expect(Array.from(shareOfMasks(masks("110", "100")))).toEqual([1, 0.5, 0]);
  });

  it("needs masks, all of one size", () => {
    expect(() => majority([])).toThrow(/1 to 30 masks/);
    expect(() => majority(masks("0", "00"))).toThrow(/of one size/);
  });
});

/** STAPLE as the paper writes it: pixel by pixel, equations 14, 18 and 19. */
function slowStaple(all: Mask[], steps: number) {
  const n = all[0]!.bits.length;
  const f = all.reduce((sum, { bits }) => sum + bits.reduce((a, b) => a + b, 0), 0) / (all.length * n);
  let p = all.map(() => 0.99999);
  let q = all.map(() => 0.99999);
  let w: number[] = [];
  for (let step = 0; step < steps; step++) {
    w = Array.from({ length: n }, (_, i) => {
      const a = all.reduce((product, { bits }, j) => product * (bits[i] ? p[j]! : 1 - p[j]!), f);
      const b = all.reduce((product, { bits }, j) => product * (bits[i] ? 1 - q[j]! : q[j]!), 1 - f);
      return a / (a + b);
    });
    const sum = (values: number[]) => values.reduce((x, y) => x + y, 0);
    p = all.map(({ bits }) => sum(w.map((wi, i) => wi * bits[i]!)) / sum(w));
    q = all.map(({ bits }) => sum(w.map((wi, i) => (1 - wi) * (1 - bits[i]!))) / (n - sum(w)));
  }
  return { w, p, q };
}

describe("STAPLE", () => {
  const three = masks("1111000000", "1111000000", "1100001100");

  it("one step from .99999 by hand: the two who agree outvote the third", () => {
    // f = 12/30 = .4. Pixel 3 (marks 1, 1, 0): a = .4·.99999²·1e-5, b = .6·1e-10·.99999 → w = 1 − 1.5e-5.
    // Pixel 7 (0, 0, 1): a = .4·1e-10·.99999, b = .6·.99999²·1e-5 → w = 6.7e-6. So Σw ≈ 4: p = 1, 1, ½; q = 1, 1, 4/6.
    const { probability, sensitivity, specificity } = staple(three, 1);
    expect(probability[2]).toBeCloseTo(1 - 1.5e-5, 7);
    expect(probability[6]).toBeCloseTo(0.67e-5, 7);
    expect(sensitivity[2]).toBeCloseTo(0.5, 4);
    expect(specificity[2]).toBeCloseTo(2 / 3, 4);
    expect(sensitivity[0]).toBeCloseTo(1, 4);
  });

  it("follows the paper's equations pixel by pixel", () => {
    const rows = fc.array(fc.array(fc.constantFrom("0", "0", "1"), { minLength: 12, maxLength: 12 }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 12 }), (sets, steps) => {
        const all = sets.map((bits) => mask(bits.join("")));
        const marked = all.some(({ bits }) => bits.includes(1));
        fc.pre(marked);
        const found = staple(all, steps, 0);
        const wanted = slowStaple(all, steps);
        fc.pre(wanted.w.every(Number.isFinite) && [...wanted.p, ...wanted.q].every(Number.isFinite));
        found.probability.forEach((value, i) => void expect(value).toBeCloseTo(wanted.w[i]!, 5));
        found.sensitivity.forEach((value, j) => void expect(value).toBeCloseTo(wanted.p[j]!, 5));
        found.specificity.forEach((value, j) => void expect(value).toBeCloseTo(wanted.q[j]!, 5));
      }),
    );
  });

  it("goes on until no step changes anything: the two who agree are certain in the end", () => {
    // after one step pixel 3 is at 1 − 1.5e-5 and pixel 7 at 6.7e-6 (above)
    const { probability } = staple(three);
    expect(probability[2]).toBe(1);
    expect(probability[6]).toBeLessThan(1e-8);
  });

  it("masks that all agree are the truth", () => {
    expect(Array.from(staple(masks("0110", "0110", "0110")).probability, Math.round)).toEqual([0, 1, 1, 0]);
  });

  it("empty masks have no lesion, full ones nothing else; no NaN", () => {
    expect(Array.from(staple(masks("000", "000")).probability)).toEqual([0, 0, 0]);
    expect(Array.from(staple(masks("111", "111")).probability)).toEqual([1, 1, 1]);
  });

  it("stays between 0 and 1", () => {
    const rows = fc.array(fc.array(fc.constantFrom("0", "1"), { minLength: 9, maxLength: 9 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(rows, (sets) => {
        const { probability, sensitivity, specificity } = staple(sets.map((bits) => mask(bits.join(""))));
        for (const value of [...probability, ...sensitivity, ...specificity]) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1 + 1e-12);
        }
      }),
    );
  });
});

it("a consensus is the majority, STAPLE and share·(1 − share) of the marks", () => {
  // shares 1, ½ and 0 have variances 0, ¼ and 0
  const all = masks("110", "100");
  const found = consensusOf(all);
  expect(found.majority.bits.join("")).toBe("110");
  expect(found.staple).toEqual(staple(all).probability);
  expect([...found.variance]).toEqual([0, 0.25, 0]);
});
