import { expect, it } from "vitest";
import { extentOf, greyShading, shadedRgba, signedShading } from "../../../src/core/colour/shading.ts";

const pixels = (rgba: Uint8ClampedArray) =>
  Array.from({ length: rgba.length / 4 }, (_, i) => Array.from(rgba.subarray(4 * i, 4 * i + 4)));

it("shades from the lowest number, black, to the highest, white", () => {
  const values = [-1, 0, 3];
  expect(greyShading(values)).toEqual({ kind: "grey", low: -1, high: 3 });
  expect(pixels(shadedRgba(values, greyShading(values)))).toEqual([
    [0, 0, 0, 255],
    [64, 64, 64, 255], // 255 / 4
    [255, 255, 255, 255],
  ]);
});

it("shades by sign: dark at 0, blue below, orange above, both to the same distance", () => {
  const values = [-2, 0, 1, 2];
  expect(signedShading(values)).toEqual({ kind: "signed", reach: 2 });
  const [below, zero, half, above] = pixels(shadedRgba(values, signedShading(values)));
  expect(below).toEqual([46, 98, 168, 255]);
  expect(zero).toEqual([20, 25, 31, 255]);
  expect(half?.slice(0, 1)).toEqual([138]); // 20 + (255 − 20) / 2 = 137.5
  expect(above).toEqual([255, 176, 66, 255]);
});

it("is as bright beyond its ends as at them", () => {
  const rgba = shadedRgba([9, -9], { kind: "signed", reach: 3 });
  expect(pixels(rgba)).toEqual([
    [255, 176, 66, 255],
    [46, 98, 168, 255],
  ]);
});

it("is dark where all is one number, or none is", () => {
  expect(pixels(shadedRgba([5, 5], greyShading([5, 5])))[0]).toEqual([0, 0, 0, 255]);
  expect(pixels(shadedRgba([0], signedShading([0])))[0]).toEqual([20, 25, 31, 255]);
  expect(extentOf([])).toEqual([0, 0]);
  expect(extentOf([Number.NaN, 4, Number.NEGATIVE_INFINITY, 2])).toEqual([2, 4]);
});
