import { describe, expect, it } from "vitest";
import { HABITS } from "../../../src/core/simulated/graders.ts";
import { trainingCase } from "../../../src/core/training/training-case.ts";

const [TIGHT, GENEROUS, SOLID, MISSES] = [0, 1, 2, 3] as const;
const cases = Array.from({ length: 24 }, (_, number) => trainingCase(7, number, 32, HABITS));
const area = (mask: Uint8Array) => mask.reduce((sum, bit) => sum + bit, 0);
const areas = (grader: number) => cases.map(({ masks }) => area(masks[grader] as Uint8Array));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe("a simulated training case", () => {
  it("is the same for the same seed and number, and another for another", () => {
    expect(trainingCase(7, 3, 32, HABITS)).toEqual(cases[3]);
    expect(trainingCase(7, 4, 32, HABITS).image).not.toEqual(cases[3]?.image);
    expect(trainingCase(8, 3, 32, HABITS).image).not.toEqual(cases[3]?.image);
  });

  it("fills [0, 1] in steps of 1/255, as a model's crop does", () => {
    const { image } = cases[0] as (typeof cases)[number];
    expect(image).toHaveLength(32 * 32);
    expect(Math.min(...image)).toBe(0);
    expect(Math.max(...image)).toBe(1);
    expect([...image].every((value) => Math.abs(255 * value - Math.round(255 * value)) < 1e-4)).toBe(true);
  });

  it("divides its graders by their habits", () => {
    expect(mean(areas(GENEROUS))).toBeGreaterThan(1.6 * mean(areas(TIGHT)));
    expect(mean(areas(SOLID))).toBeLessThan(mean(areas(TIGHT)));
    const missed = areas(MISSES).filter((one) => one === 0).length;
    expect(missed).toBeGreaterThan(0);
    expect(missed).toBeLessThan(cases.length);
    expect(areas(GENEROUS).every((one) => one > 0)).toBe(true);
  });

  it("takes what habits it is given", () => {
    const blind = HABITS.map((habit) => ({ ...habit, faintest: 1000 }));
    expect(trainingCase(7, 0, 32, blind).masks.every((mask) => area(mask) === 0)).toBe(true);
  });

  it("shows larger nodules in a larger region", () => {
    expect(area(trainingCase(7, 0, 64, HABITS).masks[GENEROUS] as Uint8Array)).toBeGreaterThan(
      2 * (areas(GENEROUS)[0] as number),
    );
  });
});
