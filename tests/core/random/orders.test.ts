import { describe, expect, it } from "vitest";
import { normalsOf, SAMPLE_ORDERS, type SampleOrder } from "../../../src/core/random/orders.ts";
import { normals } from "../../../src/core/random/random.ts";
import { SOBOL_DIMENSIONS } from "../../../src/core/random/sobol.ts";

const Z = { stream: 0, coordinate: 0, count: 4 };
const FIELD = { stream: 1, coordinate: null, count: 4 };
const drawn = (order: SampleOrder, count: number, seed = 3, row = 5) =>
  Array.from({ length: count }, (_, n) => normalsOf(order, seed, row, n, Z));
/** In which of so many equally likely parts of N(0, 1) a value lies; the parts are told by their upper ends. */
const partOf = (value: number, ends: readonly number[]) => ends.filter((end) => value > end).length;
const QUARTERS = [-0.6744897501960817, 0, 0.6744897501960817];

describe("the order of draws", () => {
  it("iid: each draw has normals of its own", () => {
    expect(drawn("iid", 2)).toEqual([0, 1].map((n) => normals(3, [5, n, 0], 4)));
  });

  it("antithetic: each second draw is the one before it with the opposite sign, fields too", () => {
    for (const part of [Z, FIELD]) {
      const [first, second, third] = [0, 1, 2].map((n) => normalsOf("antithetic", 3, 5, n, part));
      expect(first).toEqual(normals(3, [5, 0, part.stream], 4));
      expect(second).toEqual(first?.map((value) => -value));
      expect(third).toEqual(normals(3, [5, 2, part.stream], 4));
    }
  });

  it("sobol: any four draws from a multiple of four on lie in all four quarters of every axis", () => {
    for (const from of [0, 4, 8, 60]) {
      for (let axis = 0; axis < 4; axis++) {
        const values = drawn("sobol", from + 4).slice(from);
        const parts = values.map((z) => partOf(z[axis] as number, QUARTERS));
        expect(parts.sort()).toEqual([0, 1, 2, 3]);
      }
    }
  });

  it("sobol: four draws lie in all four quadrants of the first two axes, whatever the seed", () => {
    // the first two coordinates are a (0, 2)-sequence: one point in each elementary interval, scrambled or not
    for (let seed = 0; seed < 20; seed++) {
      const quadrants = drawn("sobol", 4, seed).map(([x = 0, y = 0]) => `${x > 0}${y > 0}`);
      expect(new Set(quadrants).size).toBe(4);
    }
  });

  it("sobol: a single draw is a standard normal over the seeds, and two axes of it have nothing to do with each other", () => {
    const many = Array.from({ length: 4000 }, (_, seed) => normalsOf("sobol", seed, 0, 6, Z));
    const mean = (of: (z: Float32Array) => number) => many.reduce((sum, z) => sum + of(z), 0) / many.length;
    // the standard errors of 4,000 are 1/√4000 = .016, √2/√4000 = .022 and .016
    expect(Math.abs(mean((z) => z[0] as number))).toBeLessThan(0.06);
    expect(Math.abs(mean((z) => (z[0] as number) ** 2) - 1)).toBeLessThan(0.09);
    expect(Math.abs(mean((z) => (z[0] as number) * (z[1] as number)))).toBeLessThan(0.06);
    const parts = many.map((z) => partOf(z[3] as number, QUARTERS));
    for (const quarter of [0, 1, 2, 3]) {
      const share = parts.filter((part) => part === quarter).length / many.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.03); // standard error .007
    }
  });

  it("sobol: scrambled otherwise for each seed and row, and for each axis", () => {
    const firsts = [drawn("sobol", 1), drawn("sobol", 1, 4), drawn("sobol", 1, 3, 6)].flatMap(([z]) => [...(z ?? [])]);
    expect(new Set(firsts).size).toBe(12);
  });

  it("sobol: the mean of a smooth function of 64 draws errs less than a third of what that of i.i.d. draws errs", () => {
    // E z₁ + z₂ + z₁·z₂ = 0; root mean square over 50 seeds
    const error = (order: SampleOrder) => {
      const squares = Array.from({ length: 50 }, (_, seed) => {
        const sum = drawn(order, 64, seed).reduce((all, [x = 0, y = 0]) => all + x + y + x * y, 0);
        return (sum / 64) ** 2;
      });
      return Math.sqrt(squares.reduce((sum, one) => sum + one, 0) / 50);
    };
    expect(error("iid")).toBeGreaterThan(0.15); // √3 / 8 = .22
    expect(error("sobol")).toBeLessThan(error("iid") / 3);
  });

  it("leaves what has no coordinate in a sequence as it is drawn", () => {
    expect(normalsOf("sobol", 3, 5, 7, FIELD)).toEqual(normals(3, [5, 7, 1], 4));
  });

  it("refuses more numbers than a sequence has coordinates", () => {
    const part = { ...Z, coordinate: SOBOL_DIMENSIONS - 3 };
    expect(() => normalsOf("sobol", 0, 0, 0, part)).toThrow(
      "A Sobol order has 67 coordinates, and this model draws 68",
    );
  });

  it.each(SAMPLE_ORDERS)("%s: sample 7 is the same whether 8 or 100 are drawn", (order) => {
    expect(drawn(order, 100)[7]).toEqual(drawn(order, 8)[7]);
  });
});
