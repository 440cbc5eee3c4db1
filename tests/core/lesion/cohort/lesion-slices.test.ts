import { describe, expect, it } from "vitest";
import { type LesionRow, lesionsOf } from "../../../../src/core/lesion/cohort/lesion-slices.ts";

const SPACING = [0.5, 0.6] as const;
const row = (number: number, zMm: number, change: Partial<LesionRow> = {}): LesionRow => ({
  ...{ row: number, patient: "p", series: "s", nodule: "0", zMm, spacingMm: SPACING, draw: 100 - number },
  ...change,
});

describe("rows that belong to lesions", () => {
  it("are one lesion where patient, series and nodule are the same, its slices ascending, its distance their median", () => {
    const { lesions } = lesionsOf([row(0, 8), row(1, 0), row(2, 2)]);
    expect(lesions).toEqual([
      {
        ...{ patient: "p", series: "s", nodule: "0", spacingMm: SPACING, distanceMm: 4, rows: [0, 1, 2], draw: 98 },
        slices: [
          { row: 1, zMm: 0, draw: 99 },
          { row: 2, zMm: 2, draw: 98 },
          { row: 0, zMm: 8, draw: 100 },
        ],
      },
    ]);
  });

  it.each([["patient"], ["series"], ["nodule"]] as const)("are two lesions where the %s is another", (name) => {
    const other = { [name]: "other" };
    const { lesions } = lesionsOf([row(0, 0), row(1, 0, other), row(2, 1), row(3, 1, other)]);
    expect(lesions.map(({ rows }) => rows)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  it("are counted once at one place, the first of them, and said", () => {
    const { lesions, sameZ } = lesionsOf([row(0, 1), row(1, 0), row(2, 1), row(3, 1)]);
    expect(sameZ).toBe(2);
    expect(lesions[0]?.slices.map((slice) => slice.row)).toEqual([1, 0]);
    expect(lesions[0]).toMatchObject({ rows: [0, 1, 2, 3], draw: 97 }); // the lowest of all its rows
  });

  it("are left out and counted: one slice, no spacing, several spacings, a place that is not known", () => {
    const of = (nodule: string, change: Partial<LesionRow> = {}) => ({ nodule, ...change });
    const { lesions, leftOut } = lesionsOf([
      row(0, 0, of("alone")),
      ...[row(1, 0, of("bare", { spacingMm: null })), row(2, 1, of("bare", { spacingMm: null }))],
      ...[row(3, 0, of("mixed")), row(4, 1, of("mixed", { spacingMm: [1, 1] }))],
      ...[row(5, 0, of("lost")), row(6, Number.NaN, of("lost"))],
    ]);
    expect(lesions).toEqual([]);
    expect(leftOut).toEqual({ one_slice: 1, no_spacing: 3 });
  });
});
