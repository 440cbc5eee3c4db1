import { describe, expect, it } from "vitest";
import { evaluateCase } from "../../../src/core/measures/evaluate-case.ts";
import { chooseSamples } from "../../../src/core/random/choices.ts";
import { sampleModel } from "../../../src/core/samples/sample-model.ts";
import type { GivenSamples, SampleSet } from "../../../src/core/samples/sample-set.ts";
import type { Crop } from "../../../src/core/values/region.ts";

/** Three samples of a picture of 4 × 2: a pixel each, at column 0, 1 and 2 of the first row. */
const THREE: GivenSamples = {
  count: 3,
  width: 4,
  height: 2,
  values: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0),
};

function setOf(given: Readonly<Record<string, GivenSamples>>): SampleSet & { reads: number } {
  const set = {
    name: "flow",
    count: 3,
    sha256: "0".repeat(64),
    reads: 0,
    read: async (picture: string) => {
      set.reads++;
      return given[picture] ?? null;
    },
  };
  return set;
}

const cropAt = (x: number, y: number, picture = "a"): Crop => ({
  size: 2,
  origin: [x, y],
  values: new Float32Array(4),
  constant: true,
  picture,
});

async function drawn(crop: Crop, count: number, given = THREE) {
  const model = sampleModel(setOf({ a: given }));
  const prepared = await model.prepare(crop);
  const choices = chooseSamples(model, null, { width: 2, height: 2 }, { seed: 7, count });
  const { samples, statistics } = await model.draw(prepared, choices, { samples: true, statistics: true });
  return { samples: [...(samples?.probabilities ?? [])], variance: [...(statistics?.variance ?? [])] };
}

describe("samples that were given, as a system", () => {
  it("are cut under the region, in the order in which they came, whatever the seed", async () => {
    expect((await drawn(cropAt(0, 0), 2)).samples).toEqual([1, 0, 0, 0, 0, 1, 0, 0]);
    expect((await drawn(cropAt(1, 0), 2)).samples).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
  });

  it("mark nothing where their picture ends", async () => {
    const all: GivenSamples = { count: 3, width: 1, height: 1, values: Uint8Array.of(1, 1, 1) };
    expect((await drawn(cropAt(0, 0), 1, all)).samples).toEqual([1, 0, 0, 0]);
  });

  it("have the maps of their own", async () => {
    // Column 0 is marked by one of two: p̄ = ½, variance ¼; column 1 too.
    expect((await drawn(cropAt(0, 0), 2)).variance).toEqual([0.25, 0.25, 0, 0]);
  });

  it("give no more than there are, and none of another picture", async () => {
    await expect(drawn(cropAt(0, 0), 4)).rejects.toThrow(
      "This system has 3 samples and cannot give 4; ask for at most 3",
    );
    await expect(drawn(cropAt(0, 0, "b"), 1)).rejects.toThrow("flow: there are no samples of this slice");
    const { picture: _none, ...nameless } = cropAt(0, 0);
    await expect(drawn(nameless, 1)).rejects.toThrow("there are no samples of this slice");
  });

  it("of a region alone are of that region alone", async () => {
    const region: GivenSamples = { count: 1, width: 2, height: 2, values: Uint8Array.of(1, 0, 0, 1), origin: [1, 0] };
    expect((await drawn(cropAt(1, 0), 1, region)).samples).toEqual([1, 0, 0, 1]);
    await expect(drawn(cropAt(0, 0), 1, region)).rejects.toThrow(
      "from column 1, row 0 on, and the region lies elsewhere",
    );
  });

  it("are read once for each picture", async () => {
    const set = setOf({ a: THREE });
    const model = sampleModel(set);
    const prepared = await model.prepare(cropAt(0, 0));
    for (const index of [0, 1]) await model.draw(prepared, { kind: "samples", indices: [index] }, { samples: true });
    expect(set.reads).toBe(1);
    await expect(model.draw(prepared, { kind: "member", indices: [0] }, {})).rejects.toThrow("Flow draws by samples");
    await expect(model.draw(prepared, { kind: "samples", indices: [3] }, {})).rejects.toThrow("no sample 4");
  });

  it("are evaluated as any system, without a posterior", async () => {
    const grader = { width: 2, height: 2, bits: Uint8Array.of(1, 0, 0, 0) };
    const marked = { row: 0, size: 2, values: new Float32Array(4), graders: [grader], picture: "a" };
    const how = { seed: 0, count: 2, threshold: 0.5, kl: true, presenceOf: 128 };
    const { figures, ownPresence } = await evaluateCase(sampleModel(setOf({ a: THREE })), marked, how);
    // d(S,Y) = (0 + 1)/2, d(S,S′) = (0 + 1 + 1 + 0)/4: GED² = 1 − ½
    expect(figures).toMatchObject({ ged2: 0.5, klPerAxis: null, presence: 1 });
    expect(ownPresence).toBeCloseTo(2 / 3, 12); // of all three: the third lies outside of the crop
  });
});
