import { describe, expect, it } from "vitest";
import { maskMap } from "../../../src/core/samples/mask-map.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

/** One row of pixels. */
const row = (text: string): Mask => ({ width: text.length, height: 1, bits: Uint8Array.from(text, Number) });
const apart = (a: readonly [number, number], b: readonly [number, number]) => Math.hypot(a[0] - b[0], a[1] - b[1]);

describe("the map of masks", () => {
  it("keeps the distances of three masks, which a plane always can", () => {
    // 1 − IoU: 1100|1110 1/3, 1100|0011 1, 1110|0011 1 − 1/4 = 3/4
    const { points, stress, share } = maskMap([row("1100"), row("1110"), row("0011")]);
    const [a, b, c] = points.map(({ at }) => at) as [[number, number], [number, number], [number, number]];
    expect(apart(a, b)).toBeCloseTo(1 / 3, 9);
    expect(apart(a, c)).toBeCloseTo(1, 9);
    expect(apart(b, c)).toBeCloseTo(3 / 4, 9);
    expect([stress, share]).toEqual([expect.closeTo(0, 9), expect.closeTo(1, 9)]);
  });

  it("is centred, its first axis the longest", () => {
    const { points } = maskMap([row("1000"), row("1100"), row("0001")]);
    const sum = (axis: 0 | 1) => points.reduce((total, { at }) => total + at[axis], 0);
    const spread = (axis: 0 | 1) => points.reduce((total, { at }) => total + at[axis] ** 2, 0);
    expect([sum(0), sum(1)]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9)]);
    expect(spread(0)).toBeGreaterThan(spread(1));
  });

  it("puts all empty masks on one point, and counts them", () => {
    const { points } = maskMap([row("00"), row("10"), row("00"), row("00")]);
    expect(points.map(({ masks, empty }) => ({ masks, empty }))).toEqual([
      { masks: [1], empty: false },
      { masks: [0, 2, 3], empty: true },
    ]);
    const [drawn, empty] = points.map(({ at }) => at) as [[number, number], [number, number]];
    expect(apart(drawn, empty)).toBeCloseTo(1, 9);
  });

  it("says by its stress what four masks that share nothing lose in a plane", () => {
    // All six distances are 1: a tetrahedron, λ = ½, ½, ½. In the plane of two axes of it Σ d² = 4·(½ + ½) = 4.
    const { points, stress, share } = maskMap(["1000", "0100", "0010", "0001"].map(row));
    expect(share).toBeCloseTo(2 / 3, 9);
    let [off, all] = [0, 0];
    for (const [i, { at }] of points.entries()) {
      for (const { at: other } of points.slice(0, i)) {
        const d = apart(at, other);
        off += (1 - d) ** 2;
        all += d ** 2;
      }
    }
    expect(all).toBeCloseTo(4, 9);
    expect(stress).toBeCloseTo(Math.sqrt(off / all), 12);
    expect(stress).toBeGreaterThan(0.1);
  });

  it("puts a mask alone, and masks that are the same, on one place", () => {
    expect(maskMap([row("10")]).points.map(({ at }) => at)).toEqual([[0, 0]]);
    const { points, stress } = maskMap([row("10"), row("10")]);
    expect(apart(...(points.map(({ at }) => at) as [[number, number], [number, number]]))).toBeCloseTo(0, 9);
    expect(stress).toBe(0);
    expect(maskMap([]).points).toEqual([]);
  });
});
