import { expect, it } from "vitest";
import { ratiosOfTwo, ratiosToMean } from "../../../src/core/agreement/ratios.ts";
import type { Reading, StudyCase } from "../../../src/core/agreement/reader-study.ts";

const drew = (area: number): Reading => ({ drew: true, sizes: { area } });
const study = (...readings: (Reading | null)[]): StudyCase => ({ id: "a", patient: "a", readings, pairs: [] });
const cases = [study(drew(2), drew(8), null), study(drew(3), null, drew(3)), study(drew(5), null, null)];

it("two readers: their ratio against the geometric mean, √(2·8) = 4, over cases that both drew", () => {
  expect(ratiosOfTwo(cases, "area", 0, 1)).toEqual([{ at: 0, mean: 4, ratio: 0.25 }]);
});

it("all readers: each to the geometric mean of its case, where two drew", () => {
  const found = ratiosToMean(cases, "area").map(({ at, ratio }) => [at, Number(ratio.toFixed(12))]);
  expect(found).toEqual([
    [0, 0.5],
    [0, 2],
    [1, 1],
    [1, 1],
  ]);
});
