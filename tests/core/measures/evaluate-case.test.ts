import { describe, expect, it } from "vitest";
import { type Evaluable, evaluateCase } from "../../../src/core/measures/evaluate-case.ts";
import type { Gaussian } from "../../../src/core/network/encoding.ts";
import type { Prepared } from "../../../src/core/network/model.ts";
import { type Choices, chooseSamples } from "../../../src/core/random/choices.ts";
import { standardGaussian } from "../../../src/core/random/gaussian.ts";
import type { Crop } from "../../../src/core/values/region.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

const mask = (...bits: number[]): Mask => ({ width: 2, height: 2, bits: Uint8Array.from(bits) });
const CROP = { row: 3, size: 2, values: new Float32Array(4), graders: [mask(1, 0, 0, 0), mask(0, 0, 0, 0)] };
const ORDER = { seed: 5, count: 2, threshold: 0.5, kl: false };

/** Always answers the same two masks: pixel 0 surely, and pixels 0 and 1. Keeps what it was asked. */
class TwoMasks implements Evaluable {
  readonly choice = "z";
  readonly members = null;
  readonly head = { latent: 2, fieldSpacings: [] };
  drawn: Choices | null = null;
  judged: readonly Mask[] = [];

  async prepare(crop: Crop): Promise<Prepared> {
    return { crop, prior: standardGaussian(2), encoding: null };
  }
  async draw(_prepared: Prepared, choices: Choices) {
    this.drawn = choices;
    return { samples: { count: 2, width: 2, height: 2, probabilities: Float32Array.of(1, 0, 0, 0, 1, 1, 0, 0) } };
  }
  async posteriors(_prepared: Prepared, masks: readonly Mask[]): Promise<Gaussian[]> {
    this.judged = masks;
    return masks.map(() => standardGaussian(2));
  }
}

describe("one case of an evaluation", () => {
  it("draws what the seed and the row name", async () => {
    const system = new TwoMasks();
    await evaluateCase(system, CROP, ORDER);
    const size = { width: 2, height: 2 };
    expect(system.drawn).toEqual(chooseSamples(system, standardGaussian(2), size, { seed: 5, row: 3, count: 2 }));
  });

  it("shows the model the crop as it is in the file, without a place in a slice", async () => {
    const system = new TwoMasks();
    const seen: Crop[] = [];
    const prepare = system.prepare.bind(system);
    system.prepare = (crop) => {
      seen.push(crop);
      return prepare(crop);
    };
    await evaluateCase(system, CROP, ORDER);
    expect(seen).toEqual([{ size: 2, values: CROP.values, origin: [0, 0], constant: false }]);
  });

  it("judges the samples by every slot, the empty ones too", async () => {
    const { figures, calibration } = await evaluateCase(new TwoMasks(), CROP, ORDER);
    // distances to slot 1: 0, ½; to the empty slot: 1, 1; among samples: 2·½ / 4 = ¼; among graders 2·1 / 4 = ½
    expect(figures.ged2).toBeCloseTo(2 * 0.625 - 0.25 - 0.5, 12);
    expect(figures.drew).toBe(1);
    expect(figures.nestedness).toBe(1);
    // the mean is 1, ½, 0, 0: at ≥ ½ two pixels; Dice with slot 1: 2·1/3, with the empty one 0
    expect(figures.dice).toBeCloseTo(1 / 3, 12);
    expect([...calibration.count]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(calibration.frequency[9]).toBe(0.5); // half of the graders mark pixel 0
  });

  it("judges those of more draws that stand for all, beside the first ones", async () => {
    const system = new TwoMasks();
    // pixel 0 alone three times, then pixels 0 and 1, and nothing
    const probabilities = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0);
    system.draw = async () => ({ samples: { count: 5, width: 2, height: 2, probabilities } });
    const { figures, representative, samples } = await evaluateCase(system, CROP, { ...ORDER, representativeOf: 5 });
    expect(samples.probabilities).toEqual(Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0));
    expect(figures.diversity).toBe(0);
    expect(representative?.diversity).toBeGreaterThan(0);
    expect((await evaluateCase(new TwoMasks(), CROP, ORDER)).representative).toBeNull();
    // Of fewer draws than there are samples none stand for more: as many are drawn as ever.
    const few = new TwoMasks();
    expect((await evaluateCase(few, CROP, { ...ORDER, representativeOf: 1 })).representative).toBeNull();
    expect(few.drawn).toMatchObject({ draws: { length: 2 } });
  });

  it("tells by many draws how likely anything is drawn, beside the samples", async () => {
    const system = new TwoMasks();
    // something, something, nothing, nothing, nothing
    const probabilities = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, ...new Array<number>(12).fill(0));
    system.draw = async (_prepared, choices) => {
      system.drawn = choices;
      return { samples: { count: 5, width: 2, height: 2, probabilities } };
    };
    const { ownPresence, figures, samples } = await evaluateCase(system, CROP, { ...ORDER, presenceOf: 5 });
    expect([ownPresence, figures.presence, samples.count]).toEqual([0.4, 1, 2]);
    const size = { width: 2, height: 2 };
    expect(system.drawn).toEqual(chooseSamples(system, standardGaussian(2), size, { seed: 5, row: 3, count: 5 }));
    expect((await evaluateCase(new TwoMasks(), CROP, ORDER)).ownPresence).toBeNull();
    // Of members it asks for no more than there are.
    const ensemble = { ...ORDER, presenceOf: 128 };
    const members = Object.assign(new TwoMasks(), { choice: "member", members: 2, head: null } as object);
    expect((await evaluateCase(members, CROP, ensemble)).ownPresence).toBe(1);
    expect(members.drawn).toEqual({ kind: "member", indices: [0, 1] });
  });

  it("takes a gate's own word for how likely anything is drawn, without further draws", async () => {
    const system = new TwoMasks();
    const prepared = await system.prepare({ ...CROP, origin: [0, 0], constant: false });
    const encoding = { width: 2, height: 2, channels: 1, base: new Float32Array(4), presence: Math.log(3) };
    system.prepare = async () => ({ ...prepared, encoding: { ...encoding, prior: standardGaussian(2) } });
    const { ownPresence } = await evaluateCase(system, CROP, { ...ORDER, presenceOf: 128 });
    expect(ownPresence).toBeCloseTo(0.75, 12);
    expect(system.drawn).toMatchObject({ draws: { length: 2 } });
  });

  it("asks for posteriors only where KL is wanted, and once per different mask", async () => {
    const system = new TwoMasks();
    expect((await evaluateCase(system, CROP, ORDER)).figures.klPerAxis).toBeNull();
    expect(system.judged).toEqual([]);
    const graders = [mask(1, 0, 0, 0), mask(0, 0, 0, 0), mask(0, 0, 0, 0)];
    const { figures } = await evaluateCase(system, { ...CROP, graders }, { ...ORDER, kl: true });
    expect(system.judged).toHaveLength(2);
    expect(figures.klPerAxis).toEqual([0, 0]); // Q = P
  });
});
