import { describe, expect, it } from "vitest";
import type { PresenceLaw } from "../../../src/core/config/model-config.ts";
import { presenceOdds } from "../../../src/core/measures/presence-law.ts";

const LAW: PresenceLaw = { intercept: 0, slope: 1, concentration: 2, draws: 128, slices: 1 };
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

describe("how many readers would draw it", () => {
  it("is as likely for each number where the beta distribution is flat", () => {
    // Half of the draws: a mean of ½, and with a concentration of 2 a = b = 1, where P(k) = 1/5 for k = 0 … 4.
    for (const p of presenceOdds(LAW, 8, 16, 4)) expect(p).toBeCloseTo(1 / 4, 12);
  });

  it("is the binomial of readers who do not hang together, without the none of them", () => {
    const odds = presenceOdds({ ...LAW, concentration: 1e9 }, 8, 16, 4); // 4, 6, 4, 1 of 15
    for (const [i, wanted] of [4, 6, 4, 1].entries()) expect(odds[i]).toBeCloseTo(wanted / 15, 6);
  });

  it("is what the beta function says", () => {
    // 4 of 16 draws: a mean of 4.5/17, a = 9/17, b = 2 − a. Of two readers P(1) ∝ 2·a·b and P(2) ∝ a·(a + 1).
    const [one, two] = presenceOdds(LAW, 4, 16, 2);
    const a = (2 * 4.5) / 17;
    expect((one ?? 0) / (two ?? 1)).toBeCloseTo((2 * a * (2 - a)) / (a * (a + 1)), 12);
  });

  it("moves to more readers as the model draws more often, by the law's own slope and intercept", () => {
    const mean = (law: PresenceLaw, drawn: number) =>
      presenceOdds(law, drawn, 16, 4).reduce((total, p, i) => total + p * (i + 1), 0);
    const means = [0, 4, 8, 12, 16].map((drawn) => mean(LAW, drawn));
    expect(means).toEqual([...means].sort((x, y) => x - y));
    expect(mean({ ...LAW, slope: 0 }, 0)).toBe(mean({ ...LAW, slope: 0 }, 16));
    expect(mean({ ...LAW, intercept: 1 }, 8)).toBeGreaterThan(mean(LAW, 8));
  });

  it("always sums to 1, also where none or all of the draws mark anything", () => {
    for (const drawn of [0, 16]) expect(sum(presenceOdds(LAW, drawn, 16, 4))).toBeCloseTo(1, 12);
  });
});
