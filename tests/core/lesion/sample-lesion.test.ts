import { describe, expect, it } from "vitest";
import { couplingNamed } from "../../../src/core/lesion/coupling.ts";
import { type LesionModel, type LesionToSample, sampleLesion } from "../../../src/core/lesion/sample-lesion.ts";
import type { Choices } from "../../../src/core/random/choices.ts";
import { standardGaussian } from "../../../src/core/random/gaussian.ts";

/** Marks as many pixels of the first row as a sample's number says: z in steps of half a σ, or the member's place + 1. */
function rowModel(choice: LesionModel["choice"], seen: Choices[] = []): LesionModel {
  const lengthsOf = (choices: Choices) => {
    if (choices.kind === "z") return choices.draws.map(({ z }) => Math.max(0, Math.round(4 + 2 * (z[0] as number))));
    return choices.kind === "seed" ? choices.seeds.map((seed) => seed % 8) : choices.indices.map((index) => index + 1);
  };
  return {
    choice,
    members: choice === "z" || choice === "seed" ? null : 4,
    head: choice === "z" ? ({ latent: 1, fieldSpacings: [] } as unknown as LesionModel["head"]) : null,
    prepare: async (crop) => ({ crop, prior: choice === "z" ? standardGaussian(1) : null, encoding: null }),
    draw: async (_, choices) => {
      seen.push(choices);
      const lengths = lengthsOf(choices);
      const probabilities = Float32Array.from({ length: 64 * lengths.length }, (__, i) =>
        i % 64 < (lengths[Math.floor(i / 64)] as number) && i % 64 < 8 ? 1 : 0,
      );
      return { samples: { count: lengths.length, width: 8, height: 8, probabilities } };
    },
  };
}

const LESION: LesionToSample = {
  draw: 5,
  spacingMm: [1, 1],
  slices: [5, 6, 7].map((row) => ({
    row,
    zMm: 2 * row,
    thicknessMm: 2,
    crop: async () => ({ size: 8, values: new Float32Array(64), origin: [0, 0], constant: false }),
  })),
};
const order = (coupling: string, count = 4) => ({ seed: 0, count, threshold: 0.5, coupling: couplingNamed(coupling) });

describe("a lesion's samples", () => {
  it("that were given go through the slices each as it was made, whatever the coupling", async () => {
    // Sample n marks n + 1 pixels on each of three slices of 2 mm.
    for (const coupling of ["same-z", "presence-0.5"]) {
      const { sizes } = await sampleLesion(rowModel("samples"), LESION, order(coupling));
      expect(sizes.map(({ volumeMm3 }) => volumeMm3)).toEqual([6, 12, 18, 24]);
    }
  });

  it("are one reader through all slices by same-z: three times the same row of pixels", async () => {
    const { sizes } = await sampleLesion(rowModel("z"), LESION, order("same-z", 30));
    for (const { volumeMm3, longMm, slices } of sizes) {
      expect(volumeMm3).toBe(3 * 2 * longMm);
      expect(slices).toBe(longMm > 0 ? 3 : 0);
    }
    expect(new Set(sizes.map(({ longMm }) => longMm)).size).toBeGreaterThan(4);
  });

  it("spread less where slices are independent, and as widely by rank as by z", async () => {
    const spread = async (coupling: string) => {
      const { sizes } = await sampleLesion(rowModel("z"), LESION, order(coupling, 200));
      const mean = sizes.reduce((sum, { volumeMm3 }) => sum + volumeMm3, 0) / sizes.length;
      return Math.sqrt(sizes.reduce((sum, { volumeMm3 }) => sum + (volumeMm3 - mean) ** 2, 0) / sizes.length);
    };
    const [independent, same, rank] = [await spread("independent"), await spread("same-z"), await spread("rank")];
    expect(same / independent).toBeCloseTo(Math.sqrt(3), 0.4); // three slices' sum: 3σ against √3·σ
    expect(rank / same).toBeCloseTo(1, 0.4);
  });

  it("have a majority, a mean mask and a medoid", async () => {
    // members mark 1, 2, 3, 4 pixels: half of them mark 3 or more, so does the mean; 2 and 3 are nearest to all
    const found = await sampleLesion(rowModel("member"), LESION, order("same-z"));
    expect(found).toMatchObject({ majorityMm3: 18, meanMaskMm3: 18, medoid: 2 });
  });

  it("of members and heads are the same member or head in all slices, of seeds each slice's own", async () => {
    for (const choice of ["member", "head", "seed"] as const) {
      const seen: Choices[] = [];
      await sampleLesion(rowModel(choice, seen), LESION, order("same-z", 3));
      const same = JSON.stringify(seen[0]) === JSON.stringify(seen[2]);
      expect(same).toBe(choice !== "seed");
    }
  });

  it("draw nothing of a lesion that they mark on too few of its slices", async () => {
    let call = 0;
    const model: LesionModel = {
      ...rowModel("member"),
      draw: async () => {
        const lengths = call++ === 1 ? [4, 4] : [4, 0]; // the second member marks one slice of three
        const probabilities = Float32Array.from({ length: 128 }, (_, i) => (i % 64 < (lengths[i >> 6] ?? 0) ? 1 : 0));
        return { samples: { count: 2, width: 8, height: 8, probabilities } };
      },
    };
    const volumes = async (coupling: string) => {
      call = 0;
      return (await sampleLesion(model, LESION, order(coupling, 2))).sizes.map(({ volumeMm3 }) => volumeMm3);
    };
    expect(await volumes("same-z")).toEqual([3 * 4 * 2, 4 * 2]);
    expect(await volumes("same-z-least-0.4")).toEqual([3 * 4 * 2, 0]);
  });
});
