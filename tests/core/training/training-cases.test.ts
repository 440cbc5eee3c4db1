import { describe, expect, it } from "vitest";
import { HABITS } from "../../../src/core/simulated/graders.ts";
import { trainingCase } from "../../../src/core/training/training-case.ts";
import { TrainingCases } from "../../../src/core/training/training-cases.ts";

const SETTINGS = { seed: 3, region: 32, habits: HABITS, onlyGrader: null } as const;
const area = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

describe("batches of simulated cases", () => {
  it("hang on seed and step alone: one made later, after others, is the same", () => {
    const cases = new TrainingCases(SETTINGS);
    cases.batch(0, 2);
    cases.batch(1, 2);
    expect(cases.batch(5, 2)).toEqual(new TrainingCases(SETTINGS).batch(5, 2));
    expect(cases.batch(6, 2).images).not.toEqual(cases.batch(5, 2).images);
  });

  it("put image and mask in the same pose: outside the generous outline it is dark as often as in the case itself", () => {
    const generous = new TrainingCases({ ...SETTINGS, onlyGrader: 1 }).batch(0, 6);
    for (let b = 0; b < 6; b++) {
      const part = (of: Float32Array) => of.subarray(b * 1024, (b + 1) * 1024);
      const [image, mask] = [part(generous.images), part(generous.masks)];
      const inside = area(image.map((value, i) => value * (mask[i] as number))) / area(mask);
      const outside = area(image.map((value, i) => value * (1 - (mask[i] as number)))) / (1024 - area(mask));
      expect(inside).toBeGreaterThan(outside + 0.1);
    }
  });

  it("show one grader's masks alone where only that one is wanted", () => {
    const of = (onlyGrader: number) => area(new TrainingCases({ ...SETTINGS, onlyGrader }).batch(0, 8).masks);
    expect(of(1)).toBeGreaterThan(of(0));
  });

  it("keep held-out cases apart from every batch", () => {
    const [first] = new TrainingCases(SETTINGS).heldOut(1);
    expect(first).toEqual(trainingCase(3, 2 ** 40, 32, HABITS));
  });
});
