import { describe, expect, it } from "vitest";
import { caseAgreement, sliceCase } from "../../../src/core/agreement/read-case.ts";
import { readBy, studyFigures } from "../../../src/core/agreement/study-figures.ts";
import { presetNamed } from "../../../src/core/lesion/decisions.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

/** A bar of the first n of eight pixels in a row. */
function bar(n: number): Mask {
  return { width: 8, height: 1, bits: Uint8Array.from({ length: 8 }, (_, x) => (x < n ? 1 : 0)) };
}

describe("a case of one slice", () => {
  it("has areas and diameters in mm where the spacing is known, and pixels where not", () => {
    const inMm = sliceCase("a", "p", [bar(4), null, bar(0)], [2, 2]);
    // four pixels of 2 × 2 mm: 16 mm², 8 mm long and 2 mm wide
    expect(inMm.readings).toEqual([
      { drew: true, sizes: { area: 16, long_axis: 8, mean_diameter: 5 } },
      null,
      { drew: false, sizes: { area: 0 } },
    ]);
    expect(inMm.sizes).toEqual([{ longMm: 8, shortMm: 2, volumeMm3: null }, null, null]);
    const inPixels = sliceCase("a", "p", [bar(4)], null);
    expect(inPixels).toMatchObject({ readings: [{ drew: true, sizes: { area: 4 } }], sizes: null });
  });

  it("names pairs by the readers who looked", () => {
    const { pairs } = sliceCase("a", "p", [bar(2), null, bar(4)], null);
    expect(pairs).toMatchObject([{ a: 0, b: 2, iou: 1 / 2, dice: 2 / 3, hd95Mm: null }]);
  });

  it("says how far its readers part: an empty outline wholly, and in no Dice", () => {
    const found = caseAgreement(sliceCase("a", "p", [bar(2), bar(4), bar(0), null], [1, 1]), "area");
    expect(found).toMatchObject({ drew: 2, looked: 3, dice: 2 / 3, ratio: 2 });
    expect(found.apart).toBeCloseTo((1 / 2 + 1 + 1) / 3, 12);
    expect(caseAgreement(sliceCase("a", "p", [bar(2)], null), "area")).toEqual({
      ...{ drew: 1, looked: 1 },
      ...{ apart: null, dice: null, hd95Mm: null, ratio: null },
    });
  });
});

it("a case as its first readers alone read it has their readings, pairs and sizes", () => {
  const all = sliceCase("a", "p", [bar(2), bar(4), bar(8)], [1, 1]);
  expect(readBy(all, 2)).toEqual(sliceCase("a", "p", [bar(2), bar(4)], [1, 1]));
});

describe("figures of a study of slices", () => {
  it("decide by the diameters on the slice, and by no volume", async () => {
    // mean diameters (5 + 1)/2 = 3 mm and (8 + 1)/2 = 4.5 mm; long axes 5 and 8 mm
    const cases = [sliceCase("a", "p", [bar(5), bar(8)], [1, 1])];
    const study = { unit: "slice" as const, cases, readers: ["Ada", "Ben"], named: true };
    const figures = await studyFigures(study, presetNamed("4mm,6mm,10mm3"), async () => undefined);
    expect(Object.keys(figures.flips ?? {})).toEqual(["4mm", "6mm"]);
    expect([figures.flips?.["4mm"]?.graders, figures.flips?.["6mm"]?.graders]).toEqual([1, 0]);
    expect(figures.flips_long_axis?.["6mm"]?.graders).toBe(1);
    expect(figures.icc["area"]?.ratio_of_two).toBeCloseTo(Math.exp(1.96 * Math.log(8 / 5)), 3); // √2·s_w = |log a − log b|
  });

  it("have no pair and no size where nobody drew", async () => {
    const cases = [sliceCase("a", "p", [bar(0), bar(0)], [1, 1])];
    const study = { unit: "slice" as const, cases, readers: ["Ada", "Ben"], named: true };
    const figures = await studyFigures(study, presetNamed("fleischner-2017"), async () => undefined);
    expect(figures).toMatchObject({
      dice: null,
      hd95Mm: null,
      flips: null,
      presence: { kappa: null, shares: { 0: 1 } },
    });
  });
});
