import { describe, expect, it } from "vitest";
import { betweenSlices } from "../../../src/core/drawing/between-slices.ts";
import { uniforms } from "../../../src/core/random/random.ts";
import { areaPx, emptyMask, type Mask } from "../../../src/core/values/slice.ts";

const SQUARE = [1, 1] as const;

function disc(radius: number, x = 32, y = 32, size = 64): Mask {
  const mask = emptyMask(size, size);
  for (let i = 0; i < mask.bits.length; i++)
    if (Math.hypot((i % size) - x, Math.floor(i / size) - y) <= radius) mask.bits[i] = 1;
  return mask;
}

/** Six discs anywhere, of any size. */
function blobs(seed: number): Mask {
  const at = uniforms(seed, [], 18);
  const mask = emptyMask(40, 30);
  for (let i = 0; i < mask.bits.length; i++)
    for (let k = 0; k < 18; k += 3) {
      const [x, y, r] = [40 * (at[k] as number), 30 * (at[k + 1] as number), 1 + 7 * (at[k + 2] as number)];
      if (Math.hypot((i % 40) - x, Math.floor(i / 40) - y) <= r) mask.bits[i] = 1;
    }
  return mask;
}

describe("interpolation between two slices", () => {
  it("gives a cone's circle between two circles", () => {
    // Radii 6 and 18: a quarter, half and three quarters of the way 9, 12 and 15, half a pixel more or less.
    betweenSlices(disc(6), disc(18), [0.25, 0.5, 0.75], SQUARE).forEach((mask, i) => {
      const radius = 9 + 3 * i;
      expect(areaPx(mask)).toBeGreaterThan(areaPx(disc(radius - 0.75)));
      expect(areaPx(mask)).toBeLessThan(areaPx(disc(radius + 0.75)));
      expect(mask.bits.every((bit, at) => bit === 0 || disc(radius + 1).bits[at] === 1)).toBe(true);
    });
  });

  it("moves a circle half way where it lies half way further", () => {
    const [middle] = betweenSlices(disc(12, 26), disc(12, 38), [0.5], SQUARE) as [Mask];
    const columns = [...middle.bits].flatMap((bit, at) => (bit ? [at % 64] : []));
    expect(columns.reduce((sum, x) => sum + x, 0) / columns.length).toBeCloseTo(32, 5);
    expect(areaPx(middle)).toBeGreaterThan(0.6 * areaPx(disc(12)));
  });

  it("gives the two themselves at the ends, whatever they are", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const [a, b] = [blobs(2 * seed), blobs(2 * seed + 1)];
      expect(betweenSlices(a, b, [0, 1], [0.5, 0.9])).toEqual([a, b]);
    }
  });

  it("keeps to what both mark and to what either marks", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const [a, b] = [blobs(2 * seed), blobs(2 * seed + 1)];
      for (const { bits } of betweenSlices(a, b, [0.3, 0.5], SQUARE)) {
        bits.forEach((bit, at) => {
          if (a.bits[at] === b.bits[at]) expect(bit).toBe(a.bits[at]);
        });
      }
    }
  });

  it("measures in millimetres: a row further is a long way where rows lie far apart", () => {
    // Half the rows, and half the columns. (8, 10) lies a row outside the one and two columns inside the other.
    const half = (along: (x: number, y: number) => number): Mask => ({
      width: 20,
      height: 20,
      bits: Uint8Array.from({ length: 400 }, (_, i) => (along(i % 20, Math.floor(i / 20)) < 10 ? 1 : 0)),
    });
    const [rows, columns] = [half((_, y) => y), half((x) => x)];
    const middle = (spacing: readonly [number, number]) => betweenSlices(rows, columns, [0.5], spacing)[0] as Mask;
    expect(middle([1, 1]).bits[10 * 20 + 8]).toBe(1); // −1 + 2 > 0
    expect(middle([3, 1]).bits[10 * 20 + 8]).toBe(0); // −3 + 2 < 0
  });

  it("takes no edge of the picture for an edge of the outline", () => {
    // From five columns to the three beside them. At the picture's edge the first column is 5 within the one and 5
    // without the other, and so within until half of the way; in its middle it is 1 within the one, as its edge is an edge.
    for (const along of [
      (x: number) => x,
      (x: number) => 19 - x,
      (_: number, y: number) => y,
      (_: number, y: number) => 19 - y,
    ])
      for (const [start, marked] of [
        [0, [1, 0, 0]],
        [6, [0, 0, 0]],
      ] as const) {
        const strip = (first: number, last: number): Mask => ({
          width: 20,
          height: 20,
          bits: Uint8Array.from({ length: 400 }, (_, i) => {
            const at = along(i % 20, Math.floor(i / 20)) - start;
            return at >= first && at <= last ? 1 : 0;
          }),
        });
        const between = betweenSlices(strip(0, 4), strip(5, 7), [0.45, 0.5, 0.55], SQUARE);
        for (let i = 0; i < 400; i++)
          if (along(i % 20, Math.floor(i / 20)) === start) expect(between.map(({ bits }) => bits[i])).toEqual(marked);
      }
  });

  it("takes what has no outside for as far within as the picture is long", () => {
    // Four columns 1 mm and three rows 2 mm apart: hypot(4, 6) = 7.21 mm long. The last pixel is hypot(3, 4) = 5 mm from
    // the first: 7.21·(1 − s) = 5·s at s = .5905.
    const whole = { width: 4, height: 3, bits: new Uint8Array(12).fill(1) };
    const first = { ...whole, bits: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) };
    const last = betweenSlices(whole, first, [0.59, 0.591], [2, 1]).map(({ bits }) => bits[11]);
    expect(last).toEqual([1, 0]);
  });

  it("gives nothing where one of them is empty, and everything where both are whole", () => {
    expect(areaPx(betweenSlices(disc(5), emptyMask(64, 64), [0.5], SQUARE)[0] as Mask)).toBe(0);
    const whole = { width: 3, height: 2, bits: new Uint8Array(6).fill(1) };
    expect(betweenSlices(whole, whole, [0.5], SQUARE)).toEqual([whole]);
  });
});
