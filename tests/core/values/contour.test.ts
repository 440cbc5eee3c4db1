import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isoLines, outlineOf } from "../../../src/core/values/contour.ts";
import { fillPolygons } from "../../../src/core/values/polygon.ts";

const mask = (...rows: string[]) => ({
  width: rows[0]!.length,
  height: rows.length,
  bits: Uint8Array.from(rows.join(""), Number),
});

/** Twice the signed area: positive when clockwise on a screen. */
function shoelace(loop: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < loop.length; i += 2) {
    const j = (i + 2) % loop.length;
    sum += loop[i]! * loop[j + 1]! - loop[j]! * loop[i + 1]!;
  }
  return sum;
}

describe("outlines along pixel edges", () => {
  it("one pixel is a square of side 1 around its centre, clockwise", () => {
    expect(outlineOf(mask("000", "010", "000")).map((loop) => Array.from(loop))).toEqual([
      [0.5, 0.5, 1.5, 0.5, 1.5, 1.5, 0.5, 1.5],
    ]);
  });

  it("straight edges have no points on the way, at the picture's border too", () => {
    expect(outlineOf(mask("111", "111")).map((loop) => Array.from(loop))).toEqual([
      [-0.5, -0.5, 2.5, -0.5, 2.5, 1.5, -0.5, 1.5],
    ]);
  });

  it("a hole has a loop of its own, the other way round", () => {
    const loops = outlineOf(mask("111", "101", "111"));
    expect(loops.map(shoelace)).toEqual([18, -2]);
  });

  it("pixels that touch at a corner alone are two parts", () => {
    expect(outlineOf(mask("10", "01")).map(shoelace)).toEqual([2, 2]);
    expect(outlineOf(mask("01", "10")).map(shoelace)).toEqual([2, 2]);
  });

  it("no lesion, no loops", () => {
    expect(outlineOf(mask("00"))).toEqual([]);
  });

  it("enclose exactly the mask's area, and filling them gives the mask back", () => {
    const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(bits, (values) => {
        const one = { width: 8, height: 6, bits: Uint8Array.from(values) };
        const loops = outlineOf(one);
        expect(loops.reduce((sum, loop) => sum + shoelace(loop) / 2, 0)).toBe(values.reduce((a, b) => a + b, 0));
        expect(fillPolygons(loops, 8, 6)).toEqual(one);
      }),
    );
  });
});

describe("lines of equal value", () => {
  it("lie between pixel centres, where the value is reached", () => {
    // rows 0 0 1 1 …: the level .5 lies half way between columns 1 and 2
    const values = Float32Array.from({ length: 25 }, (_, i) => (i % 5 >= 2 ? 1 : 0));
    const [line, ...others] = isoLines(values, 5, 5, 0.5);
    expect(others).toEqual([]);
    const columns = line!.filter((_, i) => i % 2 === 0);
    expect(Math.min(...columns)).toBeCloseTo(1.5, 6);
    expect(Math.max(...columns)).toBeCloseTo(4.5, 6);
  });

  it("move with the level, linearly", () => {
    const ramp = Float32Array.from({ length: 30 }, (_, i) => (i % 6) / 5);
    const left = (level: number) => Math.min(...isoLines(ramp, 6, 5, level)[0]!.filter((_, i) => i % 2 === 0));
    expect(left(0.3)).toBeCloseTo(1.5, 5); // .3 · 5
    expect(left(0.72)).toBeCloseTo(3.6, 5);
  });

  it("are not there where the level is never reached, and NaN is below every level", () => {
    expect(isoLines(new Float32Array(9), 3, 3, 0.5)).toEqual([]);
    expect(isoLines(new Float32Array(9).fill(Number.NaN), 3, 3, 0.5)).toEqual([]);
  });
});
