import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { statisticsOf } from "../../../src/core/network/statistics.ts";
import { regionStart } from "../../../src/core/values/region.ts";
import {
  addToStitch,
  startStitch,
  stitchCentres,
  stitchedMeanAndVariance,
  stitchWeights,
} from "../../../src/core/values/stitch.ts";

describe("the regions that cover a slice", () => {
  it("512 × 512: five by five regions, 96 pixels apart", () => {
    const centres = stitchCentres(512, 512);
    expect(centres.length).toBe(25);
    expect(centres.slice(0, 5).map(([x]) => x)).toEqual([64, 160, 256, 352, 448]);
    expect(centres[5]).toEqual([64, 160]);
  });

  it("a slice no larger than a region is one region", () => {
    expect(stitchCentres(100, 128)).toEqual([[64, 64]]);
  });

  it("leave no pixel out, share at least the overlap, and stay inside", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 900 }), (width, height) => {
        const centres = stitchCentres(width, height);
        const columns = [...new Set(centres.map(([x]) => regionStart(x, width)))];
        expect(columns[0]).toBe(0);
        expect(columns.at(-1)! + 128).toBeGreaterThanOrEqual(width);
        columns.slice(1).forEach((start, i) => {
          expect(columns[i]! + 128 - start).toBeGreaterThanOrEqual(32);
          expect(start + 128).toBeLessThanOrEqual(width);
        });
      }),
    );
  });
});

describe("weights", () => {
  it("are 1 inside, fall to the border without reaching 0, and are the same on all sides", () => {
    const weights = stitchWeights(8, 2);
    // along a line: t = .25 → .0625·(3 − .5) = .15625; t = .75 → .5625·1.5 = .84375; then 1
    expect(Array.from(weights.subarray(24, 32))).toEqual([0.15625, 0.84375, 1, 1, 1, 1, 0.84375, 0.15625]);
    expect(weights[0]).toBeCloseTo(0.15625 ** 2, 7);
    weights.forEach((weight, i) => void expect(weight).toBe(weights[(i % 8) * 8 + Math.floor(i / 8)]));
  });
});

/** Cuts the region around `centre` out of a picture of samples. */
function cut(picture: Float32Array, width: number, count: number, size: number, [x, y]: readonly [number, number]) {
  const height = picture.length / count / width;
  const [x0, y0] = [regionStart(x, width, size), regionStart(y, height, size)];
  const probabilities = Float32Array.from({ length: count * size * size }, (_, i) => {
    const [n, row, column] = [Math.floor(i / size / size), Math.floor(i / size) % size, i % size];
    const [sy, sx] = [y0 + row, x0 + column];
    return sy < height && sx < width ? picture[(n * height + sy) * width + sx]! : 0.9;
  });
  return { count, width: size, height: size, probabilities };
}

describe("a stitched slice", () => {
  it.each([
    [20, 13],
    [6, 11],
    [8, 8],
  ])("regions that agree give the picture back (%s × %s)", (width, height) => {
    const picture = Float32Array.from({ length: 2 * width * height }, (_, i) => ((i * 7919) % 1000) / 999);
    const whole = statisticsOf({ count: 2, width, height, probabilities: picture });
    const stitch = startStitch(width, height, 2);
    for (const centre of stitchCentres(width, height, 8, 3)) {
      addToStitch(stitch, cut(picture, width, 2, 8, centre), centre, stitchWeights(8, 3));
    }
    const { mean, variance } = stitchedMeanAndVariance(stitch);
    mean.forEach((p, i) => void expect(p).toBeCloseTo(whole.mean[i]!, 5));
    variance.forEach((v, i) => void expect(v).toBeCloseTo(whole.variance[i]!, 5));
  });

  it("where two regions differ the seam is a smooth way from one to the other", () => {
    const stitch = startStitch(14, 8, 1); // starts 0 and 6: columns 6 and 7 in common
    const flat = (p: number) => ({ count: 1, width: 8, height: 8, probabilities: new Float32Array(64).fill(p) });
    const weights = stitchWeights(8, 2);
    addToStitch(stitch, flat(0), [4, 4], weights);
    addToStitch(stitch, flat(1), [10, 4], weights);
    const row = Array.from(stitchedMeanAndVariance(stitch).mean.subarray(14 * 3, 14 * 4));
    // column 6: .15625 / (.84375 + .15625); column 7: .84375
    expect(row.map((p) => Number(p.toFixed(5)))).toEqual([0, 0, 0, 0, 0, 0, 0.15625, 0.84375, 1, 1, 1, 1, 1, 1]);
  });

  it("samples stay apart, so that their variance is that of whole pictures", () => {
    const stitch = startStitch(8, 8, 2);
    const probabilities = new Float32Array(128).fill(1, 64);
    addToStitch(stitch, { count: 2, width: 8, height: 8, probabilities }, [4, 4], stitchWeights(8, 2));
    const { mean, variance } = stitchedMeanAndVariance(stitch);
    expect([mean[9], variance[9]]).toEqual([0.5, 0.25]);
  });

  it("pixels that no region has reached yet are 0", () => {
    const { mean, variance } = stitchedMeanAndVariance(startStitch(2, 1, 1));
    expect([...mean, ...variance]).toEqual([0, 0, 0, 0]);
  });
});
