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

describe("conspicuity", () => {
  it("grows with contrast and with the root of the area", () => {
    // a disc of radius r, full contrast: √(π r²) = 1.77 r
    expect(conspicuity(nodule("solid"))).toBeGreaterThan(9);
    expect(conspicuity(nodule("tiny"))).toBeLessThan(4);
    expect(conspicuity(nodule("part-solid"))).toBeGreaterThan(conspicuity(nodule("ground-glass")));
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
