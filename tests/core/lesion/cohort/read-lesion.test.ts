import { describe, expect, it } from "vitest";
import { lesionsOf } from "../../../../src/core/lesion/cohort/lesion-slices.ts";
import { drawnByAll, readGraders } from "../../../../src/core/lesion/cohort/read-lesion.ts";
import { emptyMask, type Mask } from "../../../../src/core/values/slice.ts";

const own = { patient: "p", series: "s", nodule: "0", spacingMm: [0.5, 0.5] as const };
const [lesion] = lesionsOf([0, 3].map((zMm, row) => ({ ...own, zMm, row, draw: row }))).lesions;

/** A bar of so many pixels. */
function bar(pixels: number): Mask {
  const mask = emptyMask(8, 1);
  mask.bits.fill(1, 0, pixels);
  return mask;
}

const read = (rows: (Mask | null)[][]) =>
  readGraders(lesion!, { graders: async (row) => rows[row] as (Mask | null)[] });

describe("the graders of a lesion", () => {
  it("have Σ area × distance for a volume: 2 and 3 pixels of .25 mm² on slices 3 mm apart", async () => {
    const found = await read([[bar(2)], [bar(3)]]);
    expect(found.graders[0]).toMatchObject({ volumeMm3: 3.75, slices: 2 });
    expect(found).toMatchObject({ patient: "p", voxelMm3: 0.75, sampled: null });
  });

  it("are those with a reading of some slice: who has none on another drew nothing there", async () => {
    const found = await read([
      [bar(2), null, bar(1)],
      [bar(2), null, null],
    ]);
    expect(found.graders.map(({ volumeMm3 }) => volumeMm3)).toEqual([3, 0.75]);
    expect(drawnByAll(found)).toBe(true);
  });

  it("did not all draw it where one looked and drew nothing, or nobody looked", async () => {
    expect(
      drawnByAll(
        await read([
          [bar(2), bar(0)],
          [bar(2), null],
        ]),
      ),
    ).toBe(false);
    expect(drawnByAll(await read([[null], [null]]))).toBe(false);
  });
});
