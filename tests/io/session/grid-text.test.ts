import { expect, it } from "vitest";
import { gridFromText, gridToText } from "../../../src/io/session/grid-text.ts";

it("a grid is float32, little-endian, in base64, and comes back to the bit", () => {
  // 1 is 00 00 80 3f, −2 is 00 00 00 c0
  expect(gridToText(Float32Array.of(1, -2))).toBe(btoa("\x00\x00\x80\x3f\x00\x00\x00\xc0"));
  const grid = Float32Array.of(0.1, -3.25, 1e-7);
  expect(gridFromText(gridToText(grid))).toEqual(grid);
});

it("what is no base64, no whole number of values, empty or not finite is no grid", () => {
  for (const text of ["%", btoa("abc"), "", gridToText(Float32Array.of(Number.NaN))])
    expect(gridFromText(text)).toBeNull();
});
