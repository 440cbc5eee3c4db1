import { describe, expect, it } from "vitest";
import { applyWindow, WINDOW_PRESETS } from "../../../src/core/values/window.ts";

describe("window and level", () => {
  it("runs from centre − width/2 (black) to centre + width/2 (white), and stays there beyond", () => {
    // lung: −1350 … 150; −600 is the middle: 127.5, rounded to the even 128
    expect(Array.from(applyWindow(Float32Array.of(-2000, -1350, -600, 150, 3000), -600, 1500))).toEqual([
      0, 0, 128, 255, 255,
    ]);
  });

  it("inverted for MONOCHROME1: after the window", () => {
    expect(Array.from(applyWindow(Float32Array.of(0, 10, 5), 5, 10, true))).toEqual([255, 0, 128]);
  });

  it("NaN is black, and a width of 0 does not divide by it", () => {
    expect(Array.from(applyWindow(Float32Array.of(Number.NaN, 4, 6), 5, 0))).toEqual([0, 0, 255]);
  });

  it("the presets stand in the order of the keys 1 to 5", () => {
    expect(WINDOW_PRESETS.map(({ name }) => name)).toEqual(["lung", "soft tissue", "mediastinum", "bone", "full"]);
    expect(WINDOW_PRESETS.map(({ window }) => window && [window.centre, window.width])).toEqual([
      [-600, 1500],
      [40, 400],
      [50, 350],
      [400, 1800],
      null,
    ]);
  });
});
