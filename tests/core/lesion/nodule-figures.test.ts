import { describe, expect, it } from "vitest";
import type { Threshold } from "../../../src/core/lesion/decisions.ts";
import {
  gradersFigures,
  lognormalOf,
  type ReadLesion,
  samplesFigures,
  volumeFigures,
} from "../../../src/core/lesion/nodule-figures.ts";

const AT_100: readonly Threshold[] = [{ name: "100mm3", measure: "volumeMm3", value: 100 }];
const sizes = (...volumes: number[]) =>
  volumes.map((volumeMm3) => ({ volumeMm3, longMm: Math.cbrt(volumeMm3), shortMm: 1, slices: volumeMm3 > 0 ? 1 : 0 }));

function lesion(patient: string, graders: number[], samples: number[], meanMaskMm3 = 100): ReadLesion {
  const sampled = { sizes: sizes(...samples), majorityMm3: 100, meanMaskMm3, medoid: 0 };
  return { patient, voxelMm3: 1, graders: sizes(...graders), sampled };
}

describe("the graders' figures", () => {
  const found = gradersFigures([lesion("a", [50, 90, 110, 200], []), lesion("b", [300, 310, 400, 600], [])], AT_100);

  it("are the share of differing pairs, its mean over lesions, and of lesions with both sides", () => {
    expect(found.flips[0]).toMatchObject({ pairs: (4 / 6 + 0) / 2, any: 0.5 });
  });

  it("have the median of largest to smallest: 4 and 2", () => {
    expect(found.volumeRatio).toBeCloseTo(3, 12);
    expect(gradersFigures([lesion("a", [50, 90, 110], [])], AT_100).volumeRatio).toBeNull(); // three readers have none
  });
});

describe("the samples' figures", () => {
  it("leave out samples without a volume", () => {
    const [flips] = samplesFigures([lesion("a", [1, 1, 1, 1], [0, 50, 200])], AT_100).flips;
    expect(flips).toMatchObject({ pairs: 1, any: 1 });
  });
});

describe("volumes of samples against graders'", () => {
  it("score log volumes, count every grader's coverage, and hold a point against them", () => {
    const found = volumeFigures([lesion("a", [100, 100, 100, 1000], [100, 100, 100, 100])], null);
    expect(found?.coverage90).toBe(0.75);
    expect(found?.crpsLogVolume).toBeCloseTo(Math.LN10 / 4, 12);
    expect(found?.width90Log).toBe(0);
    expect(found?.baselines).toEqual({
      majority: found?.crpsLogVolume,
      bestSingle: found?.crpsLogVolume,
      lognormal: null,
    });
  });

  it("take an empty mask as one voxel", () => {
    const empty = lesion("a", [1, 1, 1, 1], [0, 1]); // the medoid drew nothing
    expect(volumeFigures([empty], null)?.baselines.bestSingle).toBe(0);
  });

  it("count lesions on which fewer than half or none of the samples drew; the latter are in no figure", () => {
    const drew = lesion("a", [5, 5, 5, 5], [0, 0, 5]);
    const none = lesion("b", [5, 5, 5, 5], [0, 0, 0]);
    expect(volumeFigures([drew, none], null)).toMatchObject({
      fewDrew: 2,
      noneDrew: 1,
      coverage90: 1,
      crpsLogVolume: 0,
    });
    expect(volumeFigures([none], null)).toBeNull();
  });

  it("hold the lognormal law about the mean mask against the graders", () => {
    const fitted = lognormalOf([lesion("a", [50, 50, 50, 50], [], 100), lesion("b", [500, 500, 500, 500], [], 1000)]);
    expect(fitted?.b).toBeCloseTo(1, 12);
    const found = volumeFigures([lesion("c", [200, 200, 200, 200], [1], 400)], fitted);
    expect(found?.baselines.lognormal).toBeCloseTo(0, 6);
  });
});
