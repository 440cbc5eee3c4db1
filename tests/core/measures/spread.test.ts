import { describe, expect, it } from "vitest";
import { diversity, iou } from "../../../src/core/measures/agreement.ts";
import { correlation, overDifferent } from "../../../src/core/measures/spread.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

const distance = (a: Mask, b: Mask) => 1 - iou(a, b);

describe("overDifferent", () => {
  it("is the mean over the pairs of different masks", () => {
    const mask = (...bits: number[]) => ({ width: 4, height: 1, bits: Uint8Array.from(bits) });
    const masks = [mask(1, 1, 0, 0), mask(1, 0, 0, 0), mask(0, 0, 1, 1)];
    const [a, b, c] = masks as [(typeof masks)[0], (typeof masks)[0], (typeof masks)[0]];
    const pairs = (distance(a, b) + distance(a, c) + distance(b, c)) / 3; // (½ + 1 + 1) / 3
    expect(overDifferent(diversity(masks), 3)).toBeCloseTo(pairs, 12);
  });

  it("is unknown of a single mask", () => {
    expect(overDifferent(0, 1)).toBeNull();
  });
});

describe("correlation", () => {
  it("is 1 on a rising line, −1 on a falling one, 0.5 for (0, 0) (1, 2) (2, 1)", () => {
    const line = [0, 1, 2].map((x) => [x, 3 + 2 * x] as const);
    expect(correlation(line)).toBeCloseTo(1, 12);
    expect(correlation(line.map(([x, y]) => [x, -y]))).toBeCloseTo(-1, 12);
    // deviations (−1, −1) (0, 1) (1, 0): xy = 1, xx = yy = 2
    const scattered = [
      [0, 0],
      [1, 2],
      [2, 1],
    ] as const;
    expect(correlation(scattered)).toBeCloseTo(0.5, 12);
  });

  it("is unknown where one side stays the same, and of no case at all", () => {
    const flat = [
      [1, 1],
      [2, 1],
    ] as const;
    expect(correlation(flat)).toBeNull();
    expect(correlation([])).toBeNull();
  });
});
