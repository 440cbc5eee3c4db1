import { describe, expect, it } from "vitest";
import { diceThrough, StackOverlaps } from "../../../src/core/lesion/overlaps.ts";

const line = (from: number, to: number) => ({
  width: 8,
  height: 1,
  bits: Uint8Array.from({ length: 8 }, (_, i) => (i >= from && i < to ? 1 : 0)),
});

describe("overlaps through slices", () => {
  const overlaps = new StackOverlaps(3);
  overlaps.add([line(0, 4), line(1, 4), line(7, 8)]);
  overlaps.add([line(0, 2), line(0, 3), line(0, 0)]);

  it("are counted over all slices together: (3 + 2) of (4 + 3)", () => {
    expect(overlaps.iou(0, 1)).toBe(5 / 7);
    expect(overlaps.iou(1, 0)).toBe(5 / 7);
    expect(overlaps.iou(2, 2)).toBe(1);
    expect(overlaps.iou(0, 2)).toBe(0);
  });

  it("name the reader nearest to all, the first of equals", () => {
    expect(overlaps.medoid()).toBe(0);
  });

  it("of two who drew nothing are 1", () => {
    const none = new StackOverlaps(2);
    none.add([line(0, 0), line(0, 0)]);
    expect(none.iou(0, 1)).toBe(1);
  });
});

describe("Dice through slices", () => {
  const [drawn, none] = [
    [line(0, 4), line(0, 2)],
    [line(0, 0), line(0, 0)],
  ];

  it("is counted over all voxels together, not as the mean of the slices' own: 2 · (3 + 0) of 6 + 4", () => {
    // alone, slice 1 has 2 · 3 / (4 + 4) = .75 and slice 2 has 0, as nothing was drawn there
    expect(diceThrough(drawn, [line(1, 5), line(0, 0)])).toBe(0.6);
  });

  it("is 1 of two who drew nothing, and 0 where one did", () => {
    expect(diceThrough(none, none)).toBe(1);
    expect(diceThrough(drawn, none)).toBe(0);
  });
});
