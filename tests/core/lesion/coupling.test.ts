import { describe, expect, it } from "vitest";
import { couplingNamed, DEFAULT_COUPLING, lesionDraws, takenDraws } from "../../../src/core/lesion/coupling.ts";
import { epsilonFor } from "../../../src/core/random/draws.ts";
import { standardGaussian } from "../../../src/core/random/gaussian.ts";

const CHANCE = { latent: 2, fieldSpacings: [8] };
const SIZE = { width: 16, height: 16 };
const place = (row: number, zMm = row * 2.5) => ({ seed: 3, lesion: 10, row, zMm });
const drawsOf = (name: string, row: number, count: number, zMm?: number) =>
  lesionDraws(couplingNamed(name), place(row, zMm), standardGaussian(2), CHANCE, SIZE, count);

/** First coordinate of z, or of the field, of many samples. */
function numbers(name: string, row: number, part: "z" | "field", zMm?: number): number[] {
  return drawsOf(name, row, 3000, zMm).map(({ z, fields }) => (part === "z" ? z[0] : fields?.[0]?.[0]) as number);
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const product = a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  return product / Math.sqrt(a.reduce((s, v) => s + v * v, 0) * b.reduce((s, v) => s + v * v, 0));
}

describe("draws of a lesion's slices", () => {
  it("are the slice's own where they are independent: those of `evaluate`", () => {
    const [, second] = drawsOf("independent", 12, 2);
    const epsilon = epsilonFor(3, 12, 1, CHANCE, 16, 16);
    expect(second).toEqual({ z: epsilon.z, fields: epsilon.fields });
    expect(Math.abs(correlation(numbers("independent", 10, "z"), numbers("independent", 11, "z")))).toBeLessThan(0.06);
  });

  it("have one z by same-z, with fields of their own or the same", () => {
    const [one, other] = [drawsOf("same-z", 10, 2), drawsOf("same-z", 11, 2)];
    expect(one.map(({ z }) => z)).toEqual(other.map(({ z }) => z));
    expect(one[0]?.fields).not.toEqual(other[0]?.fields);
    expect(drawsOf("same-z-fields-same", 10, 2)).toEqual(drawsOf("same-z-fields-same", 11, 2));
  });

  it.each([
    ["shared-0.7", "z", 0.49],
    ["shared-0.9", "z", 0.81],
    ["shared-0.7", "field", 0],
    ["same-z-fields-same", "field", 1],
  ] as const)("of %s have a %s that correlates by ρ²", (name, part, wanted) => {
    expect(Math.abs(correlation(numbers(name, 10, part), numbers(name, 11, part)) - wanted)).toBeLessThan(0.06);
  });

  it("along the normal correlate by distance alone, and keep variance 1 between nodes", () => {
    const name = "independent-along-10";
    const [here, near, far] = [0, 2.5, 25].map((z) => numbers(name, 10 + 2 * z, "z", z)) as [
      number[],
      number[],
      number[],
    ];
    // 0: node 0 alone; 2.5 mm: (.75·w₀ + .25·w₁)/√.625
    expect(Math.abs(correlation(here, near) - 0.75 / Math.sqrt(0.625))).toBeLessThan(0.05);
    expect(Math.abs(correlation(here, far))).toBeLessThan(0.06);
    for (const all of [here, near, far]) {
      expect(all.reduce((sum, value) => sum + value * value, 0) / all.length).toBeCloseTo(1, 0.7);
    }
  });

  it("are the same whichever slices are asked for before, and however many samples", () => {
    const name = "shared-0.5-along-20-fields-10";
    expect(drawsOf(name, 17, 3)[1]).toEqual(drawsOf(name, 17, 8)[1]);
  });
});

describe("which draw a sample takes", () => {
  it("is its own, unless ranks are tied", () => {
    expect(takenDraws(couplingNamed("same-z"), place(10), [5, 1, 9])).toEqual([0, 1, 2]);
  });

  it("by rank is a permutation, of the same rank of area in every slice", () => {
    const [a, b] = [
      [50, 10, 90, 30],
      [1, 4, 2, 3],
    ];
    const rank = (areas: number[], n: number) => areas.filter((area) => area < (areas[n] as number)).length;
    const [ofA, ofB] = [
      takenDraws(couplingNamed("rank"), place(10), a),
      takenDraws(couplingNamed("rank"), place(11), b),
    ];
    expect([...ofA].sort()).toEqual([0, 1, 2, 3]);
    expect(ofA.map((n) => rank(a, n))).toEqual(ofB.map((n) => rank(b, n)));
  });

  it("by a share of the rank is between", () => {
    const areas = Array.from({ length: 400 }, (_, n) => n);
    const ranks = (name: string, row: number) => takenDraws(couplingNamed(name), place(row), areas);
    const tied = (name: string) => {
      const centred = (all: number[]) => all.map((value) => value - 199.5);
      return correlation(centred(ranks(name, 10)), centred(ranks(name, 11)));
    };
    expect(tied("rank-0.9")).toBeGreaterThan(0.7);
    expect(tied("rank-0.5")).toBeLessThan(0.4);
    expect(Math.abs(tied("rank-0"))).toBeLessThan(0.15);
  });
});

describe("which draw a sample takes by presence", () => {
  const taken = (row: number, areas: number[]) => takenDraws(couplingNamed("presence-0.5"), place(row), areas);

  it("is a permutation: every slice keeps its own law", () => {
    expect([...taken(10, [0, 7, 0, 3, 5, 0])].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it("lets a sample that draws where few do draw wherever more do", () => {
    const few = [0, 0, 0, 0, 9, 4, 0, 0];
    const more = [3, 0, 8, 0, 0, 1, 0, 6];
    const draws = (row: number, areas: number[]) => taken(row, areas).map((n) => (areas[n] as number) > 0);
    const [a, b] = [draws(10, few), draws(11, more)];
    expect(a.filter(Boolean)).toHaveLength(2);
    expect(b.filter(Boolean)).toHaveLength(4);
    a.forEach((drew, n) => {
      if (drew) expect(b[n]).toBe(true);
    });
  });

  it("ties ranks where all draw, as by rank", () => {
    const areas = [5, 1, 9, 3];
    expect(takenDraws(couplingNamed("presence-1"), place(10), areas)).toEqual(
      takenDraws(couplingNamed("rank"), place(10), areas),
    );
  });
});

describe("a coupling's name", () => {
  it("says how z, rank and fields are tied", () => {
    expect(couplingNamed("rank-.7-along-20")).toMatchObject({ by: "rank", z: { share: 0.7, lengthMm: 20 } });
    expect(couplingNamed("shared-0.5-fields-8")).toMatchObject({ by: "latent", fields: { share: 0, lengthMm: 8 } });
    expect(couplingNamed("presence-0.5")).toMatchObject({ least: 0 });
    expect(couplingNamed("presence-0.5-along-4-least-0.4")).toMatchObject({ z: { lengthMm: 4 }, least: 0.4 });
    expect(couplingNamed(DEFAULT_COUPLING).name).toBe(DEFAULT_COUPLING);
  });

  it.each(["", "shared", "shared-2", "rank-0.7-along", "same-z-fields-some", "constructor"])("%j is none", (name) => {
    expect(() => couplingNamed(name)).toThrow(`There is no coupling "${name}"; give same-z`);
  });
});
