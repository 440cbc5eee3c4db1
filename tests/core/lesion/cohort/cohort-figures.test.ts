import { expect, it } from "vitest";
import { cohortFigures } from "../../../../src/core/lesion/cohort/cohort-figures.ts";
import { presetNamed } from "../../../../src/core/lesion/decisions.ts";
import type { ReadLesion } from "../../../../src/core/lesion/nodule-figures.ts";

const sizes = (...volumes: number[]) =>
  volumes.map((volumeMm3) => ({ volumeMm3, longMm: 7, shortMm: 4, slices: volumeMm3 > 0 ? 2 : 0 }));
const lesion = (patient: string, graders: number[], samples: number[]): ReadLesion => ({
  ...{ patient, voxelMm3: 1, graders: sizes(...graders) },
  sampled: { sizes: sizes(...samples), majorityMm3: 100, meanMaskMm3: 100, medoid: 0 },
});
const LESIONS = [lesion("a", [90, 110, 90, 90], [100, 100]), lesion("b", [300, 300, 300, 300], [200, 300])];
const of = (model: boolean, pause = async () => undefined) =>
  cohortFigures(LESIONS, presetNamed("fleischner-2017"), { model, law: null }, pause);

it("the graders' half has no figure of a model; mean diameters of 5.5 and long axes of 7 mm decide apart", async () => {
  const found = await of(false);
  expect(Object.keys(found)).toEqual([
    "icc_log_volume",
    "icc_volume",
    "icc_long_axis",
    "volume_ratio",
    "flips",
    "flips_long_axis",
  ]);
  expect(found.flips["100mm3"]).toMatchObject({ graders: 0.25, graders_any: 0.5 }); // 3 of 6 pairs, and none of 6
  expect(Object.keys(found.flips_long_axis)).toEqual(["6mm", "8mm"]);
  expect(JSON.stringify(found)).not.toContain("model");
});

it("with a model each figure stands beside the graders'; what cannot be is null", async () => {
  const found = await of(true);
  expect(found.flips["250mm3"]).toMatchObject({ graders: 0, model: 0.5 });
  expect(found.volume_ratio).toMatchObject({ graders_median: 1.11111, model_median: null }); // two samples are no four
  expect(found.width90_log).toBeCloseTo(Math.log(295 / 205) / 2, 5); // 200 + .05·100 and 300 − .05·100; 0 of the other
  expect(found.baselines?.lognormal).toBeNull();
});

it("gives way before every threshold", async () => {
  let given = 0;
  await of(true, async () => void given++);
  expect(given).toBeGreaterThanOrEqual(2 + 6);
});
