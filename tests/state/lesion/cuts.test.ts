import { describe, expect, it } from "vitest";
import type { Mask } from "../../../src/core/values/slice.ts";
import { cutThrough, maskThrough, partOf, rowsOf } from "../../../src/state/lesion/cuts.ts";
import type { Followed, RegionSlice } from "../../../src/state/lesion/followed.ts";

const SIZE = 3;
const mask = (...marked: readonly number[]): Mask => ({
  ...{ width: SIZE, height: SIZE },
  bits: Uint8Array.from({ length: SIZE * SIZE }, (_, i) => (marked.includes(i) ? 1 : 0)),
});

/** Slice k of the region holds 100·k + its pixel's number; its one grader marks pixel k, its sample pixel 8 − k. */
const slice = (k: number): RegionSlice => ({
  index: k,
  crop: { size: SIZE, origin: [0, 0], values: new Float32Array(9), constant: false },
  values: Float32Array.from({ length: 9 }, (_, i) => 100 * k + i),
  variance: new Float32Array(9).fill(k / 100),
  samples: [mask(8 - k)],
  graders: [mask(k)],
});
const followed = (parts: Partial<Followed> = {}): Followed => ({
  slices: [1, 2, 3].map(slice),
  places: [0, 2, 4, 6],
  spacingMm: [0.5, 1],
  graderNames: ["A"],
  readers: [null],
  origin: [0, 0],
  found: null,
  ...parts,
});

describe("a plane through a lesion", () => {
  it("axial: the slice itself, its rows half as far apart as its columns", () => {
    const cut = cutThrough(followed(), "Axial", [2, 1, 3], 0);
    expect([...(cut?.values ?? [])]).toEqual([300, 301, 302, 303, 304, 305, 306, 307, 308]);
    expect(cut).toMatchObject({ width: 3, height: 3, aspect: 0.5, cross: [2, 1] });
    expect(cut?.graders[0]).toEqual(mask(3));
    expect(cut?.sample).toEqual(mask(5));
  });

  it("coronal: a row of each slice, the upper end on top, pixels as high as slices are apart", () => {
    const cut = cutThrough(followed(), "Coronal", [2, 1, 2], null);
    expect([...(cut?.values ?? [])]).toEqual([303, 304, 305, 203, 204, 205, 103, 104, 105]);
    expect(cut).toMatchObject({ width: 3, height: 3, aspect: 2, cross: [2, 1], sample: null });
    expect(cut?.graders[0]).toEqual(mask(0)); // pixel 3 of slice 3: first of its second row
  });

  it("sagittal: a column of each slice, over rows half a millimetre apart", () => {
    const cut = cutThrough(followed(), "Sagittal", [2, 1, 1], 0);
    expect([...(cut?.values ?? [])]).toEqual([302, 305, 308, 202, 205, 208, 102, 105, 108]);
    expect(cut).toMatchObject({ aspect: 4, cross: [1, 2] });
    expect(cut?.sample).toEqual(mask(1)); // pixel 5 of slice 3 is the second of column 2
    expect([...(cut?.variance ?? [])].slice(0, 4).map((v) => v.toFixed(2))).toEqual(["0.03", "0.03", "0.03", "0.02"]);
  });

  it("goes through masks by the number of their slice alike; a slice without one has nothing", () => {
    const masks = new Map([
      [1, mask(5)],
      [3, mask(3, 4)],
    ]);
    expect(maskThrough(followed(), "Axial", [2, 1, 3], masks)).toEqual(mask(3, 4));
    // row 1 of slice 3, of slice 2, of slice 1
    expect(maskThrough(followed(), "Coronal", [2, 1, 2], masks)).toEqual(mask(0, 1, 8));
    expect(maskThrough(followed(), "Sagittal", [1, 1, 2], masks)).toEqual(mask(1));
    expect(maskThrough(followed(), "Axial", [2, 1, 0], masks)).toBeNull();
  });

  it("of a series that descends has the same end on top", () => {
    const turned = followed({ places: [6, 4, 2, 0] });
    expect(rowsOf(turned).map((one) => one?.index)).toEqual([1, 2, 3]);
    expect(rowsOf(followed()).map((one) => one?.index)).toEqual([3, 2, 1]);
  });

  it("leaves a gap where a slice is missing", () => {
    const gap = followed({ slices: [0, 1, 2, 3].map(slice), places: [0, 2, 4, 8] });
    expect(rowsOf(gap).map((one) => one?.index ?? null)).toEqual([3, null, 2, 1, 0]);
    const cut = cutThrough(gap, "Coronal", [0, 0, 0], 0);
    expect([...(cut?.values ?? [])].slice(3, 6)).toEqual([-Infinity, -Infinity, -Infinity]);
    expect(cut?.variance[3]).toBeNaN();
    expect(cut?.cross[1]).toBe(4);
  });

  it("is not there before a slice is, nor of a slice that was not looked at", () => {
    expect(cutThrough(followed({ slices: [] }), "Axial", [0, 0, 0], 0)).toBeNull();
    expect(cutThrough(followed(), "Axial", [0, 0, 0], 0)).toBeNull();
  });
});

describe("a reader's part", () => {
  it("is what hangs together once that is known, and nothing past the lesion's ends", () => {
    const grown = { first: 2, last: 3, samples: [[mask(4), mask()]], graders: [[mask(), mask(0)]] };
    const done = followed({ found: { grown } as unknown as NonNullable<Followed["found"]> });
    expect(partOf(done, "samples", 0, slice(2))).toEqual(mask(4));
    expect(partOf(done, "graders", 0, slice(3))).toEqual(mask(0));
    expect(partOf(done, "graders", 0, slice(1))).toBeNull();
    expect(partOf(followed(), "graders", 0, slice(1))).toEqual(mask(1));
  });
});
