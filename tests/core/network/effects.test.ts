import { describe, expect, it } from "vitest";
import {
  axisEffects,
  axisVectors,
  effectDraws,
  effectsFrom,
  effectsOf,
  modeEffects,
} from "../../../src/core/network/effects.ts";
import type { HeadWeights } from "../../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../../src/core/network/plain-decoder.ts";
import { masksOf } from "../../../src/core/values/threshold.ts";
import { goldenOf } from "../golden.ts";

const head: HeadWeights = { latent: 2, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };
const encoding = {
  width: 4,
  height: 1,
  channels: 1,
  base: Float32Array.of(5, 1, -1, -5),
  // the first axis moves the two middle pixels by 1 per σ; the second none
  factor: Float32Array.of(0, 0, 1, 0, 1, 0, 0, 0),
  prior: { mean: new Float32Array(2), logSigma: new Float32Array(2) },
};

describe("effects", () => {
  it("1 − IoU between the masks at −2σ and +2σ", () => {
    // −2: logits 5, −1, −3, −5: 1 pixel. +2: 5, 3, 1, −5: 3 pixels. IoU = 1/3
    const found = axisEffects(head, encoding);
    expect(found[0]).toBeCloseTo(2 / 3, 12);
    expect(found[1]).toBe(0);
  });

  it("the first mode is that axis here, and the second does nothing", () => {
    const found = modeEffects(head, encoding);
    expect(found[0]).toBeCloseTo(2 / 3, 12);
    expect(found[1]).toBe(0);
  });

  it("two empty masks are the same: no effect", () => {
    expect(axisEffects(head, { ...encoding, base: new Float32Array(4).fill(-50) })).toEqual([0, 0]);
  });

  it("follow the threshold", () => {
    // P ≥ .05: logit ≥ −2.94. −2σ: 5, −1 (−3 fails): 2 pixels; +2σ: 5, 3, 1: 3 pixels
    expect(effectsOf(head, encoding, axisVectors(2), 0.05)[0]).toBeCloseTo(1 / 3, 12);
  });

  it("draws lie at prior mean ∓ 2σ, in turn, and any decoder gives the same effects from them", async () => {
    const { head, encoding } = goldenOf("tiny-general");
    const draws = effectDraws(encoding.prior, axisVectors(3));
    expect(draws.map(({ z }) => Array.from(z))).toEqual(
      [
        [-2, 0, 0],
        [2, 0, 0],
        [0, -2, 0],
        [0, 2, 0],
        [0, 0, -2],
        [0, 0, 2],
      ].map((row) => row.map((value) => (value === 0 ? 0 : value))),
    );
    const decoder = new PlainDecoder(head);
    decoder.open(encoding);
    const { samples } = await decoder.decode(draws, { samples: true });
    const found = effectsFrom(masksOf(samples!, 0.5));
    expect(found).toEqual(axisEffects(head, encoding));
    expect(Math.max(...found)).toBeGreaterThan(0.1);
  });
});

/** Axes and modes by models/training/axes.py (PyTorch) on the committed tiny networks. */
const BY_PYTORCH = {
  "tiny-linear": { axes: [0.7978, 0.9726, 0.9693, 0.9868], modes: [0.9945, 0.864, 0.5082, 0.3341] },
  "tiny-general": { axes: [0.2868, 1, 1], modes: [1, 1, 0.9251] },
};

it.each(Object.entries(BY_PYTORCH))("%s: effects of axes and modes equal the recipe's", (name, wanted) => {
  const golden = goldenOf(name);
  // Half a pixel in a thousand may stand exactly on the threshold.
  axisEffects(golden.head, golden.encoding).forEach((value, i) => void expect(value).toBeCloseTo(wanted.axes[i]!, 2.5));
  modeEffects(golden.head, golden.encoding).forEach(
    (value, i) => void expect(value).toBeCloseTo(wanted.modes[i]!, 2.5),
  );
});
