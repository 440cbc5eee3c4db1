import { describe, expect, it } from "vitest";
import type { GrownLesion } from "../../../src/core/lesion/grow.ts";
import { measureLesion, sizesThrough } from "../../../src/core/lesion/measure-lesion.ts";
import type { Mask } from "../../../src/core/values/slice.ts";
import { english } from "../../support/english.ts";

/** A bar of so many pixels along the first row of a slice of 8 × 8. */
const bar = (length: number): Mask => ({
  width: 8,
  height: 8,
  bits: Uint8Array.from({ length: 64 }, (_, i) => (i < length ? 1 : 0)),
});
const lesionOf = (parts: Partial<GrownLesion> = {}): GrownLesion => ({
  first: 1,
  last: 3,
  samples: [[2, 4, 2].map(bar), [0, 0, 0].map(bar)],
  graders: [[0, 3, 0].map(bar), [2, 4, 2].map(bar)],
  leftOutPx: 0,
  ended: null,
  ...parts,
});
const PLACES = [0, 2, 4, 6, 8];

describe("a measured lesion", () => {
  it("has for each reader Σ area × pixel × distance, its longest axis, and its slices", () => {
    const { samples, graders } = measureLesion(lesionOf(), PLACES, [0.5, 0.5]);
    // 8 pixels of .25 mm² on slices 2 mm apart; the longest bar has 4 pixels of half a millimetre
    expect(samples[0]).toMatchObject({ volumeMm3: 4, slices: 3 });
    expect(samples[0]?.longMm).toBeCloseTo(2, 6);
    expect(samples[1]).toEqual({ volumeMm3: 0, longMm: 0, shortMm: 0, slices: 0 });
    expect(graders.map(({ volumeMm3, slices }) => [volumeMm3, slices])).toEqual([
      [1.5, 1],
      [4, 3],
    ]);
  });

  it("measures a further reader like all others", () => {
    const further = [[2, 4, 2].map(bar)];
    const { samples } = measureLesion(lesionOf(), PLACES, [0.5, 0.5]);
    expect(sizesThrough(further, { first: 1, last: 3 }, PLACES, [0.5, 0.5])).toEqual([samples[0]]);
  });

  it("measures a series that goes the other way alike", () => {
    const turned = measureLesion(lesionOf(), [...PLACES].reverse(), [0.5, 0.5]);
    expect(turned.samples).toEqual(measureLesion(lesionOf(), PLACES, [0.5, 0.5]).samples);
  });

  it("has of one slice alone the distance to the next one of the series", () => {
    const one = lesionOf({ first: 2, last: 2, samples: [[bar(4)]], graders: [] });
    expect(measureLesion(one, [0, 2, 4, 9], [1, 1]).samples[0]?.volumeMm3).toBe(4 * 5);
    expect(measureLesion({ ...one, first: 3, last: 3 }, [0, 2, 4, 9], [1, 1]).samples[0]?.volumeMm3).toBe(4 * 5);
    expect(measureLesion({ ...one, first: 0, last: 0 }, [7], [1, 1]).samples[0]?.volumeMm3).toBe(4);
  });

  it("gives a missing slice to its two neighbours, and says so", () => {
    const { samples, notes } = measureLesion(
      lesionOf({ last: 4, samples: [[2, 2, 2, 2].map(bar)], graders: [] }),
      [0, 2, 4, 8, 10],
      [1, 1],
    );
    expect(samples[0]?.volumeMm3).toBe(2 * 2 + 2 * 3 + 2 * 3 + 2 * 2);
    expect(english(notes)).toEqual(["1 slice is missing within the lesion: its neighbours stand for it"]);
    expect(english(measureLesion(lesionOf(), PLACES, [1, 1]).notes)).toEqual([]);
  });

  it("counts voxels where the place of the slices is not known", () => {
    const { samples, notes } = measureLesion(lesionOf(), [0, 1, 2, 3, 4], null);
    expect(samples[0]?.volumeMm3).toBe(8);
    expect(english(notes[0])).toContain("sizes are in voxels, and there are no decisions");
  });

  it("says what was left out, and why it ended before its end", () => {
    expect(english(measureLesion(lesionOf({ leftOutPx: 7, ended: "length" }), PLACES, [1, 1]).notes)).toEqual([
      "the lesion was followed over 80 mm and goes on",
      "7 marked pixels do not hang together with the lesion: left out",
    ]);
    expect(english(measureLesion(lesionOf({ ended: "slices" }), PLACES, [1, 1]).notes)).toEqual([
      "the lesion was followed over 128 slices and goes on",
    ]);
  });

  it("has the consensus of samples and graders: what at least half of them mark", () => {
    const { consensus } = measureLesion(lesionOf(), PLACES, [1, 1]);
    expect(consensus.samplesMajority?.volumeMm3).toBe(8 * 2); // one of two is half
    expect(consensus.gradersMajority?.volumeMm3).toBe(8 * 2);
    expect(consensus.gradersStaple).not.toBeNull();
    const alone = measureLesion(lesionOf({ graders: [[0, 3, 0].map(bar)] }), PLACES, [1, 1]);
    expect(alone.consensus).toMatchObject({ gradersMajority: null, gradersStaple: null });
  });
});
