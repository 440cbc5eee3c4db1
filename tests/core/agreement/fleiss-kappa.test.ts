import { describe, expect, it } from "vitest";
import { fleissKappa } from "../../../src/core/agreement/fleiss-kappa.ts";

/** Fleiss 1971, table 1: 30 patients, 6 psychiatrists, 5 diagnoses; κ = .430. */
const FLEISS_1971 =
  "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006";

describe("Fleiss' κ", () => {
  it("of Fleiss' own table of 1971 is .430", () => {
    const votes = FLEISS_1971.split(" ").map((row) => [...row].map(Number));
    expect(votes).toHaveLength(30);
    expect(fleissKappa(votes)).toBeCloseTo(0.43, 3);
  });

  it("is 1 where all say the same of each case, and −1/(n − 1) where two never do", () => {
    expect(
      fleissKappa([
        [3, 0],
        [0, 3],
      ]),
    ).toBe(1);
    expect(
      fleissKappa([
        [1, 1],
        [1, 1],
      ]),
    ).toBe(-1);
  });

  it("takes cases of different numbers of readers and leaves out those of one", () => {
    // P̄ = (1 + 1/3)/2 = 2/3; votes 3 of 5 and 2 of 5: P̄e = .52; (2/3 − .52)/.48
    expect(
      fleissKappa([
        [2, 0],
        [1, 2],
        [0, 1],
      ]),
    ).toBeCloseTo((2 / 3 - 0.52) / 0.48, 12);
  });

  it("is null where all votes are for one category, and without a case", () => {
    expect(
      fleissKappa([
        [4, 0],
        [4, 0],
      ]),
    ).toBeNull();
    expect(fleissKappa([])).toBeNull();
  });
});
