import { describe, expect, it } from "vitest";
import { figuresOf, ged2Presence, meanProbability, summarise } from "../../../src/core/measures/evaluation.ts";
import type { Posterior } from "../../../src/core/network/encoding.ts";
import type { Mask } from "../../../src/core/values/slice.ts";

/** Four pixels in a row. */
const mask = (...bits: number[]): Mask => ({ width: 4, height: 1, bits: Uint8Array.from(bits) });
const samples = (...rows: number[][]) => ({
  count: rows.length,
  width: 4,
  height: 1,
  probabilities: Float32Array.from(rows.flat()),
});
const two = samples([1, 1, 0, 0], [1, 0, 0, 0]);
const empty = mask(0, 0, 0, 0);

describe("meanProbability", () => {
  it("averages pixel by pixel", () => {
    expect([...meanProbability(two)]).toEqual([1, 0.5, 0, 0]);
  });
});

describe("figuresOf", () => {
  it("takes Dice of the thresholded mean with every slot", () => {
    // mean ≥ .5 is 1100. With 1100: 1; with ∅: 0. Mean .5.
    const figures = figuresOf(two, meanProbability(two), [mask(1, 1, 0, 0), empty], 0.5, null);
    expect(figures.dice).toBe(0.5);
    expect(figures.drew).toBe(1);
    expect(figures.klPerAxis).toBeNull();
  });

  it("gives a perfect answer a GED² of 0", () => {
    const figures = figuresOf(two, meanProbability(two), [mask(1, 1, 0, 0), mask(1, 0, 0, 0)], 0.5, null);
    expect(figures.ged2).toBeCloseTo(0, 12);
    expect(figures.hmIou).toBe(1);
    expect(figures.nestedness).toBe(1); // 1000 lies in 1100
  });

  it("averages the nats of each axis over the slots", () => {
    // KL(N(m, 1) ‖ N(0, 1)) = m² / 2: slots at 2 and 0 give 2 and 0, mean 1.
    const at = (mean: number) => ({ mean: Float32Array.of(mean), logSigma: Float32Array.of(0) });
    const kl = { prior: at(0), posteriors: [at(2), at(0)] };
    expect(figuresOf(two, meanProbability(two), [empty, empty], 0.5, kl).klPerAxis?.[0]).toBeCloseTo(1, 6);
  });

  it("averages the nats of the local fields over the slots, apart from z's, and has none without fields", () => {
    const at = (nats?: number) => {
      const place = { mean: Float32Array.of(0), logSigma: Float32Array.of(0) };
      return nats === undefined ? place : { ...place, fields: { mean: [], nats } };
    };
    const of = (...posteriors: Posterior[]) =>
      figuresOf(two, meanProbability(two), [empty, empty], 0.5, { prior: at(), posteriors });
    expect(of(at(3), at(1)).klFields).toBe(2);
    expect(of(at(3), at(1)).klPerAxis).toEqual([0]);
    expect(of(at(), at()).klFields).toBeNull();
    expect(summarise([of(at(3), at(1)), of(at(0), at(0))]).klFields).toBe(1);
    expect(summarise([of(at(), at())]).klFields).toBeNull();
  });
});

describe("summarise", () => {
  const one = figuresOf(two, meanProbability(two), [mask(1, 1, 0, 0), empty], 0.5, null);
  const other = figuresOf(samples([0, 0, 0, 0]), new Float32Array(4), [empty, empty], 0.5, null);

  it("groups GED² by the number of graders who drew", () => {
    const { ged2ByGraders, ged2, cases } = summarise([one, other]);
    expect(ged2ByGraders).toEqual({ "0": other.ged2, "1": one.ged2 });
    expect(ged2).toBeCloseTo((one.ged2 + other.ged2) / 2, 12);
    expect(cases).toBe(2);
  });

  it("averages the nats of each axis over the cases of a system that has axes, and has none without", () => {
    const kls = [[1, 4], [3, 0], null].map((klPerAxis) => ({ ...one, klPerAxis }));
    expect(summarise(kls).klPerAxis).toEqual([2, 2]);
    expect(summarise([one, other]).klPerAxis).toBeNull();
  });

  it("averages Dice, HM-IoU and diversity over all cases", () => {
    const found = summarise([one, other]);
    expect(found.dice).toBeCloseTo((one.dice + other.dice) / 2, 12);
    expect(found.hmIou).toBeCloseTo((one.hmIou + other.hmIou) / 2, 12);
    expect(found.diversity).toBeCloseTo((one.diversity + other.diversity) / 2, 12);
  });

  it("tells the part of GED² that is drawn or not, and what readers like these would reach", () => {
    // Two of four samples mark something, one of two slots: 2·(½ − ½)² = 0. None of one, one of two: 2·¼ = ½.
    const half = figuresOf(
      samples([1, 0, 0, 0], [0, 0, 0, 0]),
      new Float32Array(4),
      [mask(1, 0, 0, 0), empty],
      0.5,
      null,
    );
    const none = figuresOf(samples([0, 0, 0, 0]), new Float32Array(4), [mask(1, 0, 0, 0), empty], 0.5, null);
    expect([half, none].map((figures) => [figures.presence, ged2Presence(figures)])).toEqual([
      [0.5, 0],
      [0, 0.5],
    ]);
    const found = summarise([half, none]);
    expect([found.presence, found.ged2Presence]).toEqual([0.25, 0.25]);
    // The two slots are 1 apart. With two samples (½ + ½)·1, with one (1 + ½)·1.
    expect(found.ged2Floor).toBe((1 + 1.5) / 2);
    const alone = figuresOf(samples([0, 0, 0, 0]), new Float32Array(4), [empty], 0.5, null);
    expect(summarise([half, alone]).ged2Floor).toBeNull();
  });

  it("averages nestedness over the cases that have one", () => {
    expect(other.nestedness).toBeNull();
    expect(summarise([one, other]).nestedness).toBe(one.nestedness);
    expect(summarise([other]).nestedness).toBeNull();
  });
});
