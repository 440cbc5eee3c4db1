import { describe, expect, it } from "vitest";
import { type Candidate, pickCases, thinned } from "../../../src/core/measures/pick-cases.ts";

/** `count` candidates of as many patients, disagreement 0, 1/(count−1) … 1. */
function evenly(drew: number, count: number): Candidate[] {
  return Array.from({ length: count }, (_, i) => ({ patient: `${drew}/${i}`, drew, disagreement: i / (count - 1) }));
}

describe("picking cases for a pack", () => {
  it("takes equal shares of 2, 3 and 4 graders, none of 1", () => {
    const all = [1, 2, 3, 4].flatMap((drew) => evenly(drew, 20));
    expect(pickCases(all, 6).map(({ drew }) => drew)).toEqual([2, 2, 3, 3, 4, 4]);
    // 8 = 2 + 3 + 3: floor(8/3), floor(16/3) − 2, 8 − 5
    expect(pickCases(all, 8).map(({ drew }) => drew)).toEqual([2, 2, 3, 3, 3, 4, 4, 4]);
  });

  it("goes through a group's disagreement in even steps", () => {
    // 11 candidates at 0, .1 … 1; 5 picks at ranks (k + ½)/5 · 10 = 1, 3, 5, 7, 9
    const five = pickCases([...evenly(2, 11), ...evenly(3, 11), ...evenly(4, 11)], 15);
    expect(five.filter(({ drew }) => drew === 4).map(({ disagreement }) => disagreement)).toEqual([
      0.1, 0.3, 0.5, 0.7, 0.9,
    ]);
  });

  it("never takes two of one patient", () => {
    const twins = evenly(3, 10).map((one) => ({ ...one, patient: "same" }));
    expect(pickCases(twins, 6)).toHaveLength(1);
  });

  it("fills up from the other groups where one has too few", () => {
    const picked = pickCases([...evenly(2, 2), ...evenly(4, 30)], 12);
    expect(picked.map(({ drew }) => drew)).toEqual([2, 2, ...Array(10).fill(4)]);
  });

  it("picks the same from the same", () => {
    const all = [2, 3, 4].flatMap((drew) => evenly(drew, 9));
    expect(pickCases(all, 7)).toEqual(pickCases(all, 7));
  });
});

describe("thinning rows to a limit", () => {
  it("takes row floor(i·M/K)", () => {
    // M = 10, K = 4: 0, 2.5, 5, 7.5
    expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 4)).toEqual([0, 2, 5, 7]);
  });

  it("takes all where the limit is larger", () => {
    expect(thinned([3, 4], 10)).toEqual([3, 4]);
  });
});
