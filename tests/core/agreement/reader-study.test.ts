import { describe, expect, it } from "vitest";
import {
  ged2Floor,
  pairSpread,
  presenceOf,
  type Reading,
  readerRatios,
  type StudyCase,
  sizeAgreement,
} from "../../../src/core/agreement/reader-study.ts";

const drew = (volumeMm3: number): Reading => ({ drew: true, sizes: { volumeMm3 } });
const nothing: Reading = { drew: false, sizes: {} };

function study(patient: string, readings: (Reading | null)[], dices: number[] = []): StudyCase {
  const pairs = dices.map((dice, i) => ({ a: 0, b: i + 1, iou: dice / (2 - dice), dice, hd95Mm: null, assdMm: null }));
  return { id: patient, patient, readings, pairs };
}

describe("presence", () => {
  it("counts readers who looked: shares of k, and κ of drawn or not", () => {
    const { shares, kappa } = presenceOf([
      study("a", [drew(1), drew(2), null]),
      study("b", [nothing, nothing, nothing]),
      study("c", [drew(1), drew(1), drew(1)]),
      study("d", [nothing, nothing, nothing]),
    ]);
    expect(shares).toEqual({ 0: 0.5, 2: 0.25, 3: 0.25 });
    expect(kappa?.figure).toBe(1);
  });
});

describe("agreement on a size", () => {
  const cases = [
    study("a", [drew(10), drew(20), drew(10)]),
    study("b", [drew(100), drew(100), nothing]),
    study("c", [drew(50), null, null]),
  ];

  it("is over cases that two readers drew; what needs the same readers is over complete ones alone", () => {
    const found = sizeAgreement(cases, "volumeMm3", Math.log, true);
    expect(found).toMatchObject({ cases: 2, readings: 5, completeCases: 1 });
    expect(found.icc11?.figure.value).toBeGreaterThan(0.8);
    expect(found.icc21).toBeNull(); // one complete case is no table
  });

  it("leaves out ICC(2,1) and ICC(3,1) where readers are not the same people", () => {
    const complete = [study("a", [drew(1), drew(2)]), study("b", [drew(4), drew(5)]), study("c", [drew(9), drew(7)])];
    const anonymous = sizeAgreement(complete, "volumeMm3", Math.log, false);
    expect(anonymous).toMatchObject({ icc21: null, icc31: null, completeCases: 3 });
    expect(sizeAgreement(complete, "volumeMm3", Math.log, true).icc31?.figure.value).toBeGreaterThan(0.8);
  });

  it("gives each two readers their ratio: 10/20 and 100/100 are 1/√2 in the middle", () => {
    const [ab] = readerRatios(cases, "volumeMm3");
    expect(ab).toMatchObject({ a: 0, b: 1 });
    expect(ab?.limits.bias).toBeCloseTo(Math.SQRT1_2, 12);
  });
});

describe("the spread over pairs", () => {
  it("is over pairs in which both drew; its mean is over a case's pairs, then cases", () => {
    const cases = [
      study("a", [drew(1), drew(1), drew(1)], [0.2, 0.4]),
      study("b", [drew(1), drew(1), nothing], [0.9, 0]),
    ];
    const found = pairSpread(cases, "dice");
    expect(found?.pairs).toBe(3);
    expect(found?.mean.mean).toBeCloseTo((0.3 + 0.9) / 2, 12);
    expect(found?.median).toBe(0.4);
    expect(pairSpread(cases, "hd95Mm")).toBeNull();
  });

  it("bounds GED²: (1/16 + 1/2)·D, D the mean of 1 − IoU", () => {
    expect(ged2Floor([study("a", [drew(1), drew(1)], [0])], 16)).toBeCloseTo(9 / 16, 12);
    expect(ged2Floor([study("a", [drew(1)])], 16)).toBeNull();
  });
});
