import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SOBOL_DIMENSIONS, sobol } from "../../../src/core/random/sobol.ts";

/** By models/training/sobol_golden.py. */
const GOLDEN = JSON.parse(readFileSync("tests/golden/sobol.json", "utf8")) as {
  points: { place: number; point: number[] }[];
};

describe("Sobol's sequence", () => {
  it("has SciPy's points in all its dimensions, which SciPy gives in the order of the Gray code", () => {
    for (const { place, point } of GOLDEN.points) {
      const index = place ^ (place >>> 1);
      expect(point.map((_, dimension) => sobol(index, dimension))).toEqual(point);
      expect(point).toHaveLength(SOBOL_DIMENSIONS);
    }
  });

  it("begins with the numbers that can be made by hand", () => {
    const eighths = (dimension: number) => Array.from({ length: 8 }, (_, i) => sobol(i, dimension) / 2 ** 29);
    expect(eighths(0)).toEqual([0, 4, 2, 6, 1, 5, 3, 7]); // van der Corput: the bits of i from right to left
    // x + 1, m = 1, 3, 5 …: v = .100, .110, .101; point 3 = v₁ ⊕ v₂ = .010
    expect(eighths(1)).toEqual([0, 4, 6, 2, 5, 1, 3, 7]);
  });
});
