import { describe, expect, it } from "vitest";
import type { Threshold } from "../../../src/core/lesion/decisions.ts";
import {
  flipsOfGraders,
  flipsOfSamples,
  gradersFigures,
  lognormalOf,
  type ReadLesion,
  samplesFigures,
  volumeFigures,
} from "../../../src/core/lesion/nodule-figures.ts";

const AT_100: Threshold = { name: "100mm3", measure: "volumeMm3", value: 100 };
const sizes = (...volumes: number[]) =>
  volumes.map((volumeMm3) => ({ volumeMm3, longMm: Math.cbrt(volumeMm3), shortMm: 1, slices: volumeMm3 > 0 ? 1 : 0 }));

function lesion(patient: string, graders: number[], samples: number[], meanMaskMm3 = 100): ReadLesion {
  const sampled = { sizes: sizes(...samples), majorityMm3: 100, meanMaskMm3, medoid: 0 };
  return { patient, voxelMm3: 1, graders: sizes(...graders), sampled };
}

describe("the graders' figures", () => {
  const lesions = [lesion("a", [50, 90, 110, 200], []), lesion("b", [300, 310, 400, 600], [])];

  it("are the share of differing pairs, its mean over lesions, and of lesions with both sides", () => {
    expect(flipsOfGraders(lesions, AT_100)).toMatchObject({ pairs: (4 / 6 + 0) / 2, any: 0.5 });
  });

  it("have the median of largest to smallest: 4 and 2", () => {
    expect(gradersFigures(lesions).volumeRatio).toBeCloseTo(3, 12);
    expect(gradersFigures([lesion("a", [50, 90, 110], [])]).volumeRatio).toBeNull(); // three readers have none
  });
});

describe("the samples' figures", () => {
  it("leave out samples without a volume", () => {
    const lesions = [lesion("a", [1, 1, 1, 1], [0, 50, 200, 200, 400]), lesion("b", [9, 9], [0, 0])];
    expect(flipsOfSamples(lesions, AT_100)).toMatchObject({ pairs: 3 / 6, any: 0.5 });
    expect(samplesFigures(lesions).volumeRatio).toBe(8);
  });
});

describe("volumes of samples against graders'", () => {
  it("score log volumes, count every grader's coverage, and hold a point against them", () => {
    const found = volumeFigures([lesion("a", [100, 100, 100, 1000], [100, 100, 100, 100])], null);
    expect(found?.coverage90).toBe(0.75);
    expect(found?.crpsLogVolume).toBeCloseTo(Math.LN10 / 4, 12);
    expect([found?.width90Log, found?.width50Log]).toEqual([0, 0]);
    expect(found?.baselines).toEqual({
      majority: found?.crpsLogVolume,
      bestSingle: found?.crpsLogVolume,
      lognormal: null,
    });
  });

  it("have the width of the middle 90 and 50 % on the log scale", () => {
    // quantiles of e⁰ … e⁴ at .25 and .75 are e¹ and e³; at .05 and .95 they lie a fifth into the outer steps
    const found = volumeFigures([lesion("a", [5, 5, 5, 5], [0, 1, 2, 3, 4].map(Math.exp))], null);
    expect(found?.width50Log).toBeCloseTo(2, 12);
    const [low, high] = [0.8 + 0.2 * Math.E, 0.2 * Math.E ** 3 + 0.8 * Math.E ** 4];
    expect(found?.width90Log).toBeCloseTo(Math.log(high / low), 12);
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
