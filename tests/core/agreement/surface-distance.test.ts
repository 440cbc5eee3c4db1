import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Grid, squaredDistances } from "../../../src/core/agreement/distance-transform.ts";
import { surfaceDistance } from "../../../src/core/agreement/surface-distance.ts";
import { uniforms } from "../../../src/core/random/random.ts";
import { python, pythonJson } from "../../support/tools.ts";

const spots = (seed: number, size: readonly number[], share: number) => {
  const count = size.reduce((product, length) => product * length, 1);
  return Uint8Array.from(uniforms(seed, [0], count), (value) => (value < share ? 1 : 0));
};

/** A box of set voxels, from … to − 1 along each axis, on a grid of three axes. */
function box([slices = 1, rows = 1, columns = 1]: readonly number[], from: number[], to: number[]): Uint8Array {
  const bits = new Uint8Array(slices * rows * columns);
  for (let i = 0; i < bits.length; i++) {
    const at = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
    bits[i] = at.every((p, axis) => p >= (from[axis] as number) && p < (to[axis] as number)) ? 1 : 0;
  }
  return bits;
}

describe("the distance transform", () => {
  it("finds the nearest voxel by trying them all, on grids of one to three axes and odd spacings", () => {
    const shape = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.double({ min: 0.3, max: 4, noNaN: true })), {
      minLength: 1,
      maxLength: 3,
    });
    const check = (axes: [number, number][], seed: number) => {
      const grid: Grid = { size: axes.map(([length]) => length), spacingMm: axes.map(([, mm]) => mm) };
      const set = spots(seed, grid.size, 0.2);
      const place = (i: number) => {
        let rest = i;
        return [...axes].reverse().map(([length, mm]) => {
          const at = rest % length;
          rest = Math.floor(rest / length);
          return at * mm;
        });
      };
      const wanted = Array.from(set, (_, i) => {
        const here = place(i);
        const all = Array.from(set, (bit, j) =>
          bit
            ? place(j).reduce((sum, p, axis) => sum + (p - (here[axis] as number)) ** 2, 0)
            : Number.POSITIVE_INFINITY,
        );
        return Math.min(...all);
      });
      squaredDistances(grid, set).forEach((value, i) => {
        if (wanted[i] === Number.POSITIVE_INFINITY) expect(value).toBe(wanted[i]);
        else expect(value).toBeCloseTo(wanted[i] as number, 9);
      });
    };
    fc.assert(fc.property(shape, fc.integer({ min: 0, max: 999 }), check), { numRuns: 120 });
  });
});

describe("distances of two surfaces", () => {
  const grid: Grid = { size: [1, 4, 9], spacingMm: [3, 1, 0.5] };

  it("of two voxels four columns apart are 2 mm on columns of .5 mm", () => {
    const one = box(grid.size, [0, 1, 1], [1, 2, 2]);
    const other = box(grid.size, [0, 1, 5], [1, 2, 6]);
    expect(surfaceDistance(grid, one, other)).toEqual({ hd95Mm: 2, assdMm: 2 });
  });

  it("of a mask to itself are 0, and there are none to an empty one", () => {
    const one = box(grid.size, [0, 1, 1], [1, 3, 6]);
    expect(surfaceDistance(grid, one, one)).toEqual({ hd95Mm: 0, assdMm: 0 });
    expect(surfaceDistance(grid, one, new Uint8Array(36))).toBeNull();
  });

  it("do not see what lies inside: a filled square and its rim have the same surface", () => {
    const planar: Grid = { size: [5, 5], spacingMm: [1, 1] };
    const full = new Uint8Array(25).fill(1);
    const rim = Uint8Array.from(full, (_, i) => (i % 5 > 0 && i % 5 < 4 && i > 4 && i < 20 ? 0 : 1));
    // the rim's own inner side is surface too, but its voxels are the same
    expect(surfaceDistance(planar, full, rim)).toEqual({ hd95Mm: 0, assdMm: 0 });
  });

  it("are the same both ways, and grow with the millimetre", () => {
    const check = (a: number, b: number, factor: number) => {
      const size = [3, 6, 5];
      const [one, other] = [spots(a, size, 0.3), spots(b, size, 0.3)];
      const plain = surfaceDistance({ size, spacingMm: [2.5, 0.7, 0.6] }, one, other);
      const back = surfaceDistance({ size, spacingMm: [2.5, 0.7, 0.6] }, other, one);
      const spacingMm = [2.5, 0.7, 0.6].map((mm) => mm * factor);
      const scaled = surfaceDistance({ size, spacingMm }, one, other);
      expect(back?.hd95Mm).toBe(plain?.hd95Mm);
      expect(back?.assdMm).toBeCloseTo(plain?.assdMm as number, 12);
      expect(scaled?.hd95Mm).toBeCloseTo(factor * (plain?.hd95Mm as number), 9);
      expect(scaled?.assdMm).toBeCloseTo(factor * (plain?.assdMm as number), 9);
    };
    const seeds = fc.integer({ min: 0, max: 999 });
    fc.assert(fc.property(seeds, seeds, fc.double({ min: 0.2, max: 9, noNaN: true }), check), { numRuns: 40 });
  });
});

const interpreter = python(["numpy", "scipy"]);

describe.skipIf(!interpreter)("distances of two surfaces, against SciPy's distance transform", () => {
  const program = `
import sys, json, numpy as np
from scipy.ndimage import binary_erosion, distance_transform_edt
out = []
for case in json.load(open(sys.argv[1])):
    a, b = (np.array(case[k], bool).reshape(case["size"]) for k in "ab")
    sa, sb = a ^ binary_erosion(a), b ^ binary_erosion(b)
    there = distance_transform_edt(~sb, sampling=case["spacing"])[sa]
    back = distance_transform_edt(~sa, sampling=case["spacing"])[sb]
    out.append([max(np.percentile(there, 95), np.percentile(back, 95)), np.concatenate([there, back]).mean()])
print(json.dumps(out))`;

  it("are the same on anisotropic grids in the plane and in space", async () => {
    const { mkdtempSync, rmSync, writeFileSync } = await import("node:fs");
    const { join } = await import("node:path");
    const { tmpdir } = await import("node:os");
    const grids = [
      { size: [40, 30], spacing: [0.7, 0.5] },
      { size: [9, 24, 31], spacing: [2.5, 0.7, 0.55] },
      { size: [14, 12, 20], spacing: [0.6, 3, 1] },
    ];
    const cases = grids.flatMap(({ size, spacing }, g) =>
      [0.02, 0.3, 0.7].map((share, k) => {
        const solid = (seed: number) => [...spots(seed, size, share)];
        return { size, spacing, a: solid(10 * g + k), b: solid(100 + 10 * g + k) };
      }),
    );
    const folder = mkdtempSync(join(tmpdir(), "graderspace-"));
    const file = join(folder, "cases.json");
    writeFileSync(file, JSON.stringify(cases));
    const wanted = pythonJson(interpreter as string, program, file) as [number, number][];
    rmSync(folder, { recursive: true });
    cases.forEach(({ size, spacing, a, b }, i) => {
      const found = surfaceDistance({ size, spacingMm: spacing }, Uint8Array.from(a), Uint8Array.from(b));
      expect(found?.hd95Mm).toBeCloseTo(wanted[i]?.[0] as number, 9);
      expect(found?.assdMm).toBeCloseTo(wanted[i]?.[1] as number, 9);
    });
  });
});
