import { describe, expect, it } from "vitest";
import { type ShapeModes, shapeAt, shapeModes } from "../../../src/core/samples/shape-modes.ts";
import { areaPx, emptyMask, type Mask } from "../../../src/core/values/slice.ts";
import { disc } from "../../support/tiny-pack.ts";

const SIDE = 64;
const modesOf = (masks: readonly Mask[], aspect?: number) => shapeModes(masks, aspect) as ShapeModes;
const areaAt = (modes: ShapeModes, sigma: readonly number[]) =>
  shapeAt(modes, sigma).reduce((sum, depth) => sum + (depth > 0 ? 1 : 0), 0);

describe("the modes of a set of shapes", () => {
  it("have one mode that grows where discs differ in their radius alone", () => {
    const radii = [6, 8, 10, 12]; // mean 9, σ = √(9 + 1 + 1 + 9)/2 = √5
    const modes = modesOf(radii.map((r) => disc(SIDE, 32, 32, r)));
    expect(modes.modes[0]?.share).toBeGreaterThan(0.95);
    const radiusAt = (sigma: number) => Math.sqrt(areaAt(modes, [sigma]) / Math.PI);
    expect(radiusAt(0)).toBeCloseTo(9, 0);
    expect(radiusAt(1)).toBeCloseTo(9 + Math.sqrt(5), 0);
    expect(radiusAt(-1)).toBeCloseTo(9 - Math.sqrt(5), 0);
  });

  it("give every mask back where as many modes are kept as there are differences", () => {
    const masks = [disc(SIDE, 30, 32, 8), disc(SIDE, 34, 30, 9), disc(SIDE, 32, 36, 6)];
    const modes = modesOf(masks);
    expect(modes.modes).toHaveLength(2);
    // Of n maps about their mean, Σ over modes of σ² is their variance: some shape within ±2σ is the first mask.
    let best = SIDE * SIDE;
    for (let a = -2; a <= 2; a += 0.05) {
      for (let b = -2; b <= 2; b += 0.05) {
        const wrong = shapeAt(modes, [a, b]).reduce(
          (sum, depth, i) => sum + Math.abs(Number(depth > 0) - (masks[0]?.bits[i] ?? 0)),
          0,
        );
        best = Math.min(best, wrong);
      }
    }
    expect(best).toBeLessThanOrEqual(2);
  });

  it("leave empty masks out and count them; one shape alone has no mode", () => {
    const masks = [disc(SIDE, 32, 32, 6), emptyMask(SIDE, SIDE), disc(SIDE, 32, 32, 9)];
    expect(modesOf(masks)).toMatchObject({ used: 2, empty: 1 });
    expect(shapeModes(masks.slice(0, 2))).toBeNull();
    expect(shapeModes([])).toBeNull();
  });

  it("are none where all shapes are the same, and the mean is that shape", () => {
    const one = disc(SIDE, 20, 40, 7);
    const modes = modesOf([one, one]);
    expect(modes.modes).toEqual([]);
    expect(areaAt(modes, [])).toBe(areaPx(one));
  });

  it("measure depth in widths of a pixel where pixels are not square", () => {
    // A bar of 5 rows: from its middle row 3 rows to the outside, each twice as high as wide.
    const bar = emptyMask(SIDE, SIDE);
    for (let y = 30; y < 35; y++) bar.bits.fill(1, y * SIDE, (y + 1) * SIDE);
    expect(shapeAt(modesOf([bar, bar], 2), [])[32 * SIDE + 32]).toBe(6);
    expect(shapeAt(modesOf([bar, bar]), [])[32 * SIDE + 32]).toBe(3);
  });
});
