import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cropRegion, regionStart } from "../../../src/core/values/region.ts";
import type { Slice } from "../../../src/core/values/slice.ts";

const sliceOf = (width: number, values: number[], more: Partial<Slice> = {}): Slice => ({
  width,
  height: values.length / width,
  values: Float32Array.from(values),
  unit: "HU",
  spacingMm: null,
  geometry: null,
  padding: null,
  modality: "CT",
  name: "made here",
  ...more,
});
const greys = (values: Float32Array) => Array.from(values, (value) => value * 255);

describe("where a region starts", () => {
  it("half its size before the centre, moved inside at both ends", () => {
    expect(regionStart(256, 512)).toBe(192);
    expect(regionStart(10, 512)).toBe(0);
    expect(regionStart(500, 512)).toBe(384);
    expect(regionStart(64, 512)).toBe(0);
    expect(regionStart(448, 512)).toBe(384);
  });

  it("a slice shorter than the region starts at 0", () => {
    expect(regionStart(50, 100)).toBe(0);
  });
});

describe("what the network sees", () => {
  it("golden: a crop worked by hand, min–max in whole steps of 1/255", () => {
    // 4 × 3 slice; region of 2 around (2, 1): origin (1, 0), pixels −900, −100 / 60, 300.
    // (−100 + 900) / 1200 · 255 = 170; (60 + 900) / 1200 · 255 = 204
    const slice = sliceOf(4, [-1000, -900, -100, 0, 10, 60, 300, 0, 0, 0, 0, 900]);
    const { origin, values, constant } = cropRegion(slice, 2, 1, 2);
    expect(origin).toEqual([1, 0]);
    expect(greys(values).map((value) => Number(value.toFixed(4)))).toEqual([0, 170, 204, 255]);
    expect(constant).toBe(false);
  });

  it("greys are rounded to whole steps of 8 bits, as the training crops were", () => {
    // 1 / 1000 · 255 = .255 → 0; 2 / 1000 · 255 = .51 → 1
    const { values } = cropRegion(sliceOf(2, [0, 1, 2, 1000]), 1, 1, 2);
    expect(greys(values).map((value) => Number(value.toFixed(4)))).toEqual([0, 0, 1, 255]);
  });

  it("is moved inside the slice, never padded, when the centre lies near the border", () => {
    const slice = sliceOf(3, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(cropRegion(slice, 0, 0, 2)).toEqual(cropRegion(slice, 1, 1, 2));
    expect(cropRegion(slice, 99, 99, 2).origin).toEqual([1, 1]);
  });

  it("a slice smaller than the region is padded after its last row and column, with its lowest value", () => {
    // 1 × 2 slice: 5, 9: padded with 5
    const { origin, values } = cropRegion(sliceOf(1, [5, 9]), 0, 0, 3);
    expect(origin).toEqual([0, 0]);
    expect(greys(values).map(Math.round)).toEqual([0, 0, 0, 255, 0, 0, 0, 0, 0]);
  });

  it("padding values are the lowest valid value of the slice before min–max", () => {
    // −2000 is padding; the lowest valid value of the whole slice is −1000, outside the region
    const slice = sliceOf(3, [-2000, 0, -1000, 1000, 500, 0], { padding: Uint8Array.of(1, 0, 0, 0, 0, 0) });
    const { values } = cropRegion(slice, 0, 0, 2);
    // −1000, 0 / 1000, 500 → 0, 127.5 → 128, 255, 191.25 → 191
    expect(greys(values).map(Math.round)).toEqual([0, 128, 255, 191]);
  });

  it("NaN and infinite values are treated as padding", () => {
    const { values } = cropRegion(sliceOf(2, [Number.NaN, 0, 10, Number.NEGATIVE_INFINITY]), 0, 0, 2);
    expect(greys(values).map(Math.round)).toEqual([0, 0, 255, 0]);
  });

  it("a region without contrast becomes zeros, and says so", () => {
    const { values, constant } = cropRegion(sliceOf(2, [7, 7, 7, 7]), 0, 0, 2);
    expect(Array.from(values)).toEqual([0, 0, 0, 0]);
    expect(constant).toBe(true);
    expect(cropRegion(sliceOf(2, [Number.NaN, Number.NaN]), 0, 0, 2).constant).toBe(true);
  });

  it("always reaches from 0 to 1 in whole steps, and shift and scale of the slice do not matter", () => {
    const hu = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(fc.array(hu, { minLength: 16, maxLength: 16 }), fc.nat(4), fc.nat(4), (values, x, y) => {
        const crop = cropRegion(sliceOf(4, values), x, y, 3);
        fc.pre(!crop.constant);
        expect(Math.min(...crop.values)).toBe(0);
        expect(Math.max(...crop.values)).toBe(1);
        for (const grey of greys(crop.values)) expect(Math.abs(grey - Math.round(grey))).toBeLessThan(1e-4);
        const other = sliceOf(
          4,
          values.map((value) => 2 * value + 1024),
        );
        expect(cropRegion(other, x, y, 3)).toEqual(crop);
      }),
    );
  });
});

describe("a region asked for at half a pixel", () => {
  it("lies round the next whole pixel, up", () => {
    // round(10.5) − 4/2 = 9; at 10.4: round(10.4) − 2 = 8
    expect(regionStart(10.5, 100, 4)).toBe(9);
    expect(regionStart(10.4, 100, 4)).toBe(8);
  });
});
