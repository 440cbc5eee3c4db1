import { describe, expect, it } from "vitest";
import { blandAltman, blandAltmanRatio } from "../../../src/core/agreement/bland-altman.ts";
import { repeatabilityOf } from "../../../src/core/agreement/repeatability.ts";

/** Bland & Altman, Lancet 1986, table 1: peak expiratory flow rate, l/min, twice by each of two meters, 17 persons. */
const LARGE = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427];
const LARGE_AGAIN = [490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421];
const MINI = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451];

const zipped = (a: readonly number[], b: readonly number[]) => a.map((value, i) => [value, b[i] as number] as const);

describe("limits of agreement of the two flow meters of Bland & Altman 1986", () => {
  const found = blandAltman(zipped(LARGE, MINI));

  it("are −2.1 ∓ 1.96 × 38.8 l/min", () => {
    expect(found?.cases).toBe(17);
    expect(found?.bias).toBeCloseTo(-2.1, 1);
    expect(found?.lower).toBeCloseTo(-2.118 - 1.96 * 38.765, 1);
    expect(found?.upper).toBeCloseTo(-2.118 + 1.96 * 38.765, 1);
  });

  it("have the published intervals: −22.0 to 17.8, −114.3 to −45.1 and 40.9 to 110.1, which took 2 SD for 1.96", () => {
    const near = (span: readonly [number, number] | undefined, low: number, high: number) => {
      expect(Math.abs((span?.[0] ?? 0) - low)).toBeLessThan(2);
      expect(Math.abs((span?.[1] ?? 0) - high)).toBeLessThan(2);
    };
    near(found?.biasSpan, -22.0, 17.8);
    near(found?.lowerSpan, -114.3, -45.1);
    near(found?.upperSpan, 40.9, 110.1);
  });
});

describe("limits of agreement", () => {
  it("turn their sign with the readers", () => {
    const [one, other] = [blandAltman(zipped(LARGE, MINI)), blandAltman(zipped(MINI, LARGE))];
    expect(other?.bias).toBeCloseTo(-(one?.bias as number), 9);
    expect(other?.lower).toBeCloseTo(-(one?.upper as number), 9);
  });

  it("on the log scale are ratios, the same in every unit, without pairs of which one is 0", () => {
    const found = blandAltmanRatio([
      [2, 1],
      [8, 2],
      [0, 5],
    ]);
    expect(found?.cases).toBe(2);
    expect(found?.bias).toBeCloseTo(Math.sqrt(8), 9); // of 2 and 4
    const scaled = blandAltmanRatio([
      [20, 10],
      [80, 20],
    ]);
    expect(scaled?.upper).toBeCloseTo(found?.upper as number, 9);
  });

  it("are null for one pair", () => {
    expect(blandAltman([[1, 2]])).toBeNull();
  });
});

describe("repeatability", () => {
  it("of the large meter's two readings is 15.3 l/min within persons (Bland & Altman 1986), the coefficient 2.77 times that", () => {
    const found = repeatabilityOf(zipped(LARGE, LARGE_AGAIN));
    expect(found?.withinSd).toBeCloseTo(15.3, 1);
    expect(found?.coefficient).toBeCloseTo(2.772 * (found?.withinSd as number), 2);
  });

  it("relative to the mean is the root mean square over cases", () => {
    // (9, 11): variance 2, mean 10: .02; (5, 5): 0
    expect(repeatabilityOf([[9, 11], [5, 5], [7]])?.withinCv).toBeCloseTo(0.1, 12);
  });

  it("is null where every case was read once", () => {
    expect(repeatabilityOf([[1], [2]])).toBeNull();
  });
});
