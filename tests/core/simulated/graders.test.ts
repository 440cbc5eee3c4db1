import { describe, expect, it } from "vitest";
import { conspicuity, gradeNodule, HABITS } from "../../../src/core/simulated/graders.ts";
import { type NoduleRecipe, shapeNodule } from "../../../src/core/simulated/nodule.ts";
import { SIX_NODULES } from "../../../src/core/simulated/six-nodules.ts";
import { areaPx, type Mask } from "../../../src/core/values/slice.ts";
import { LUNG_SLICE, lungSlice } from "../../support/lung-slice.ts";

const slice = lungSlice();
const [TIGHT, GENEROUS, CORE, MISSES] = [0, 1, 2, 3] as const;

/** The six recipes, moved into the lung of the made slice. */
function nodule(id: string, centre: readonly [number, number] = [150, 120]) {
  const { nodule: found } = SIX_NODULES.find((one) => one.id === id) as (typeof SIX_NODULES)[number];
  return shapeNodule(slice, { ...found, centre } satisfies NoduleRecipe);
}

function areas(id: string): (number | null)[] {
  return gradeNodule(slice, nodule(id)).map(({ mask }) => mask && areaPx(mask));
}

describe("the simulated graders", () => {
  it("are four, each with a name of its own", () => {
    expect(new Set(HABITS.map(({ name }) => name)).size).toBe(4);
  });

  it.each(["solid", "part-solid", "spiculated", "pleural", "ground-glass", "tiny"])(
    "draw by their habits on the %s nodule: the tight one least, the generous one most",
    (id) => {
      const [tight, generous, core, misses] = areas(id) as [number, number, number | null, number | null];
      expect(tight).toBeGreaterThan(0);
      expect(generous).toBeGreaterThan(1.4 * tight);
      expect(core ?? 0).toBeLessThan(generous);
      expect(misses ?? 0).toBeLessThan(generous);
    },
  );

  it("keep to the core of a part-solid nodule where they ignore its rim", () => {
    const found = areas("part-solid");
    expect(found[CORE]).toBeGreaterThan(0);
    expect(found[CORE]).toBeLessThan(0.5 * (found[TIGHT] as number));
  });

  it("draw nothing on pure ground glass where they ignore it or miss faint nodules", () => {
    const found = areas("ground-glass");
    expect([found[CORE], found[MISSES]]).toEqual([null, null]);
    expect(found[GENEROUS]).toBeGreaterThan(found[TIGHT] as number);
  });

  it("overlook the tiny nodule in one of four", () => {
    expect(areas("tiny").map((area) => area === null)).toEqual([false, false, false, true]);
  });

  it("go into the chest wall by their habit: the generous one furthest", () => {
    const graders = gradeNodule(slice, nodule("pleural", [LUNG_SLICE.wall + 4, 120]));
    const leftmost = ({ bits, width }: Mask) => Math.min(...Array.from(bits, (bit, i) => (bit ? i % width : width)));
    const [tight, generous] = [graders[TIGHT]?.mask as Mask, graders[GENEROUS]?.mask as Mask];
    expect(leftmost(generous)).toBeLessThan(leftmost(tight));
    // three pixels into the wall at most: the disc reaches further
    expect(leftmost(generous)).toBeGreaterThan(LUNG_SLICE.wall - 4);
  });

  it("draw one part without holes", () => {
    for (const { mask } of gradeNodule(slice, nodule("spiculated"))) {
      const { bits, width } = mask as Mask;
      expect(parts(bits, width, 1)).toBe(1);
      expect(parts(bits, width, 0)).toBe(1);
    }
  });

  it("draw the same again", () => {
    expect(gradeNodule(slice, nodule("solid"))).toEqual(gradeNodule(slice, nodule("solid")));
  });
});

it("a hole in the tissue is no hole in the outline", () => {
  const found = nodule("solid");
  const { width } = found.solid;
  const [x0, y0] = [150 - found.origin[0], 120 - found.origin[1]];
  const hollow = found.solid.values.map((share, i) =>
    Math.hypot((i % width) - x0, Math.floor(i / width) - y0) < 2.5 ? 0 : share,
  );
  const [mask] = gradeNodule(slice, { ...found, solid: { ...found.solid, values: hollow } }).map((one) => one.mask);
  expect(mask?.bits[120 * mask.width + 150]).toBe(1);
  expect(parts(mask!.bits, mask!.width, 0)).toBe(1);
});

describe("conspicuity", () => {
  it("grows with contrast and with the root of the area", () => {
    // a disc of radius r, full contrast: √(π r²) = 1.77 r
    expect(conspicuity(nodule("solid"))).toBeGreaterThan(9);
    expect(conspicuity(nodule("tiny"))).toBeLessThan(4);
    expect(conspicuity(nodule("part-solid"))).toBeGreaterThan(conspicuity(nodule("ground-glass")));
  });

  it("is the sum of the contrast over the root of the area, where it is above 0.15 or half of the most there is", () => {
    const row = (...values: number[]) => ({ width: values.length, height: 1, values: Float32Array.from(values) });
    const of = (solid: ReturnType<typeof row>, glass = row(0, 0, 0, 0), fill = 0) => {
      const found = nodule("ground-glass");
      const recipe = { ...found.recipe, glass: found.recipe.glass && { ...found.recipe.glass, fill } };
      return conspicuity({ ...found, recipe, solid, glass });
    };
    expect(of(row(1, 0.2, 0.14, 0))).toBeCloseTo(1.2 / Math.sqrt(2), 6);
    expect(of(row(0.2, 0.12, 0.05, 0))).toBeCloseTo(0.32 / Math.sqrt(2), 6); // the most is 0.2, so 0.1 is enough
    expect(of(row(1, 0, 0, 0), row(1, 1, 0.5, 0), 0.4)).toBeCloseTo((1 + 0.4 + 0.2) / Math.sqrt(3), 6);
    expect(of(row(0, 0, 0, 0))).toBe(0);
  });
});

/** Number of 4-connected parts of a value. */
function parts(bits: Uint8Array, width: number, value: number): number {
  const left = new Set([...bits.keys()].filter((i) => bits[i] === value));
  let count = 0;
  for (const start of left) {
    count++;
    const queue = [start];
    left.delete(start);
    for (const i of queue) {
      for (const beside of [i - 1, i + 1, i - width, i + width]) {
        if (Math.abs((beside % width) - (i % width)) <= 1 && left.delete(beside)) queue.push(beside);
      }
    }
  }
  return count;
}
