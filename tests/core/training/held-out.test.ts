import { describe, expect, it } from "vitest";
import { compareHeldOut, effectOf, maskAt } from "../../../src/core/training/held-out.ts";

const mask = (...bits: number[]) => ({ width: 2, height: 2, bits: Uint8Array.from(bits) });
const image = new Float32Array(4);

describe("held-out cases", () => {
  // The first grader takes the upper row, the second draws nothing on it. Two samples: the upper row, and nothing.
  const cases = [{ image, masks: [Uint8Array.of(1, 1, 0, 0), Uint8Array.of(0, 0, 0, 0)] }];

  it("have a GED² of 0 where samples are as the graders are", () => {
    const found = compareHeldOut(cases, [[mask(1, 1, 0, 0), mask(0, 0, 0, 0)]], ["Upper", "None"]);
    expect(found.ged2).toBeCloseTo(0, 12);
    expect(found.diversity).toBeCloseTo(0.5, 12); // of 4 pairs, 2 differ wholly
    expect(found.graderSpread).toBeCloseTo(0.5, 12);
    expect(found.habits).toEqual([
      { name: "Upper", empty: 0, areaPx: 2, nearest: 0.5 },
      { name: "None", empty: 1, areaPx: 0, nearest: 0.5 },
    ]);
    expect(found.samples).toEqual({ empty: 0.5, areaPx: 2 });
  });

  it("have the GED² of one answer where all samples are alike", () => {
    const found = compareHeldOut(cases, [[mask(1, 1, 0, 0), mask(1, 1, 0, 0)]], ["Upper", "None"]);
    expect(found.ged2).toBeCloseTo(2 * 0.5 - 0 - 0.5, 12);
    expect(found.habits.map(({ nearest }) => nearest)).toEqual([1, 0]);
  });

  it("share a sample between graders that are equally near", () => {
    const found = compareHeldOut(cases, [[mask(0, 0, 1, 1)]], ["Upper", "None"]); // IoU 0 with both
    expect(found.habits.map(({ nearest }) => nearest)).toEqual([0.5, 0.5]);
  });

  it("cut probabilities at one half, one sample after the other", () => {
    const probabilities = Float32Array.of(0.9, 0.9, 0.9, 0.9, 0.5, 0.49, 0, 1);
    expect([...maskAt(probabilities, 1, 2).bits]).toEqual([1, 0, 0, 1]);
  });

  it("measure an axis by how little its ends overlap", () => {
    expect(
      effectOf([
        [mask(1, 1, 0, 0), mask(1, 0, 0, 0)],
        [mask(0, 0, 0, 0), mask(0, 0, 0, 0)],
      ]),
    ).toBeCloseTo(0.25, 12);
  });
});
