import { describe, expect, it } from "vitest";
import { foldsOf } from "../../../src/core/teach/folds.ts";

describe("folds", () => {
  it("keep the cases of one patient together", () => {
    const patients = [1, 2, 1, 3, 2, 4, 5, 1];
    const folds = foldsOf(patients, 3, 0);
    for (const patient of new Set(patients))
      expect(new Set(folds.filter((_, i) => patients[i] === patient)).size).toBe(1);
  });

  it("are as large as each other where every case is its own", () => {
    const folds = foldsOf(
      Array.from({ length: 20 }, (_, i) => i),
      5,
      0,
    );
    expect([0, 1, 2, 3, 4].map((fold) => folds.filter((one) => one === fold).length)).toEqual([4, 4, 4, 4, 4]);
  });

  it("hang on the seed alone", () => {
    const patients = Array.from({ length: 12 }, (_, i) => i);
    expect(foldsOf(patients, 3, 1)).toEqual(foldsOf(patients, 3, 1));
    expect(foldsOf(patients, 3, 1)).not.toEqual(foldsOf(patients, 3, 2));
  });
});
