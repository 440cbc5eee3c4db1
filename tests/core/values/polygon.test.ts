import { describe, expect, it } from "vitest";
import { fillPolygon, fillPolygons } from "../../../src/core/values/polygon.ts";
import { areaPx } from "../../../src/core/values/slice.ts";

const rows = ({ width, bits }: { width: number; bits: Uint8Array }) =>
  Array.from({ length: bits.length / width }, (_, y) => bits.slice(y * width, (y + 1) * width).join(""));

describe("filling a drawn line", () => {
  it("takes the pixels whose centres lie inside", () => {
    // a square from .6 to 2.4: centres 1 and 2 both ways
    expect(rows(fillPolygon([0.6, 0.6, 2.4, 0.6, 2.4, 2.4, 0.6, 2.4], 4, 4))).toEqual(["0000", "0110", "0110", "0000"]);
  });

  it("is the same whichever way the line runs", () => {
    const line = [0.6, 0.6, 3.1, 1.2, 1.4, 3.4];
    const back = [1.4, 3.4, 3.1, 1.2, 0.6, 0.6];
    expect(fillPolygon(line, 5, 5)).toEqual(fillPolygon(back, 5, 5));
  });

  it("a loop that crosses its own line is filled, not hollow", () => {
    const twice = [-0.5, -0.5, 3.5, -0.5, 3.5, 3.5, -0.5, 3.5, -0.5, -0.5, 2.5, -0.5, 2.5, 2.5, -0.5, 2.5];
    expect(areaPx(fillPolygon(twice, 4, 4))).toBe(16);
  });

  it("a second line the other way round cuts a hole", () => {
    const outer = [-0.5, -0.5, 2.5, -0.5, 2.5, 2.5, -0.5, 2.5];
    const inner = [0.5, 0.5, 0.5, 1.5, 1.5, 1.5, 1.5, 0.5];
    expect(rows(fillPolygons([outer, inner], 3, 3))).toEqual(["111", "101", "111"]);
  });

  it("two polygons with a common edge through pixel centres share no pixel and leave none", () => {
    const left = fillPolygon([0, 0, 2, 0, 2, 4, 0, 4], 4, 4);
    const right = fillPolygon([2, 0, 4, 0, 4, 4, 2, 4], 4, 4);
    expect(areaPx(left) + areaPx(right)).toBe(16);
    expect(left.bits.every((bit, i) => bit + right.bits[i]! === 1)).toBe(true);
  });

  it("what lies outside the picture is cut off; a line without inside fills nothing", () => {
    expect(areaPx(fillPolygon([-100, -100, 100, -100, 100, 100, -100, 100], 3, 2))).toBe(6);
    expect(areaPx(fillPolygon([0, 0, 3, 3], 4, 4))).toBe(0);
    expect(areaPx(fillPolygon([], 4, 4))).toBe(0);
  });
});
