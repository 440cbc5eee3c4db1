import { expect, it } from "vitest";
import { lesionLine } from "../../../../src/core/lesion/cohort/lesion-line.ts";
import type { Threshold } from "../../../../src/core/lesion/decisions.ts";

const AT: readonly Threshold[] = [100, 400].map((value) => ({ name: `${value}mm3`, measure: "volumeMm3", value }));
const sizes = (...volumes: number[]) =>
  volumes.map((volumeMm3) => ({ volumeMm3, longMm: 1, shortMm: 1, slices: volumeMm3 > 0 ? 1 : 0 }));
const line = (graders: number[], samples: number[] | null) =>
  lesionLine(
    {
      ...{ patient: "p", voxelMm3: 1, graders: sizes(...graders) },
      sampled: samples && { sizes: sizes(...samples), majorityMm3: 1, meanMaskMm3: 1, medoid: 0 },
    },
    AT,
  );

it("a lesion has the samples' median and intervals, the graders in the wide one, and where graders part", () => {
  // 80 … 120 in steps of 10: quantiles at .05 and .95 lie a fifth into the outer steps; pairs at 100: 2·2·3/(5·4)
  const found = line([81, 82, 118, 300], [0, 120, 80, 90, 110, 100]);
  expect(found.graders).toEqual([81, 82, 118, 300]);
  expect(found.model?.interval90[0]).toBeCloseTo(82, 12);
  expect(found.model?.interval90[1]).toBeCloseTo(118, 12);
  expect(found.model).toMatchObject({ median: 100, interval50: [90, 110], covered: 2, drew: 5 / 6, flips: 0.6 });
  expect(found.split).toEqual(["100mm3"]);
});

it("a lesion that no sample drew, or no model saw, has the graders' half alone", () => {
  expect(line([50, 500], [0, 0])).toMatchObject({ model: null, split: ["100mm3", "400mm3"] });
  expect(line([50, 60], null)).toMatchObject({ model: null, split: [] });
});
