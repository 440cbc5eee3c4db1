import { describe, expect, it } from "vitest";
import type { Encoding, HeadWeights } from "../../../src/core/network/encoding.ts";
import { lineariseAtMean } from "../../../src/core/network/jacobian.ts";
import { modesOf } from "../../../src/core/network/modes.ts";
import { goldenOf } from "../golden.ts";

const head: HeadWeights = { latent: 2, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };
const linear = (factor: number[], more: Partial<Encoding> = {}): Encoding => ({
  width: factor.length / 2,
  height: 1,
  channels: 1,
  base: new Float32Array(factor.length / 2),
  factor: Float32Array.from(factor),
  prior: { mean: new Float32Array(2), logSigma: new Float32Array(2) },
  ...more,
});

describe("modes of a case", () => {
  it("two axes that do the same are one mode: their diagonal; the other mode does nothing", () => {
    // both pixels: p = ½, weight ¼ + .001 = .251; factor [3, 4] and [3, 4]: one direction (.6, .8) of length 5
    const { values, vectors, shares } = modesOf(head, linear([3, 4, 3, 4]));
    expect(values[0]).toBeCloseTo(5 * Math.sqrt(2 * 0.251), 5);
    expect(values[1]).toBeCloseTo(0, 5);
    expect(Array.from(vectors[0]!, (value) => value.toFixed(5))).toEqual(["0.60000", "0.80000"]);
    expect(shares[0]).toBeCloseTo(1, 6);
  });

  it("plus is the way in which the lesion grows", () => {
    expect(modesOf(head, linear([-3, -4, -3, -4])).vectors[0]![0]).toBeCloseTo(-0.6, 5);
  });

  it("are in units of the prior's σ: an axis twice as wide counts twice", () => {
    const wide = linear([1, 0, 0, 1], {
      prior: { mean: new Float32Array(2), logSigma: Float32Array.of(0, Math.log(2)) },
    });
    const { values, vectors } = modesOf(head, wide);
    expect(values[0]! / values[1]!).toBeCloseTo(2, 5);
    expect(vectors[0]![1]).toBeCloseTo(1, 6);
  });

  it("pixels that are certain hardly count: weight √(p(1 − p) + .001)", () => {
    // pixel 1 at logit 0: .251; pixel 2 at logit 30: p(1 − p) ≈ 0: .001
    const { values } = modesOf(head, linear([1, 0, 0, 1], { base: Float32Array.of(0, 30) }));
    expect(values[0]).toBeCloseTo(Math.sqrt(0.251), 5);
    expect(values[1]).toBeCloseTo(Math.sqrt(0.001), 5);
  });

  it("where z does nothing all modes are 0, without NaN", () => {
    const { values, shares, vectors } = modesOf(head, linear([0, 0, 0, 0]));
    expect([...values, ...shares]).toEqual([0, 0, 0, 0]);
    expect(vectors.length).toBe(2);
  });

  it.each(["tiny-prob-unet", "tiny-general", "tiny-linear"])(
    "%s: uncorrelated, falling, and together all that z does",
    (name) => {
      const golden = goldenOf(name);
      const { values, vectors, shares } = modesOf(golden.head, golden.encoding);
      const { logits, slopes } = lineariseAtMean(golden.head, golden.encoding);
      const L = golden.head.latent;
      const moved = vectors.map((vector) =>
        Array.from(logits, (logit, pixel) => {
          const p = 1 / (1 + Math.exp(-logit));
          const slope = vector.reduce((sum, value, l) => sum + value * slopes[pixel * L + l]!, 0);
          return Math.sqrt(p * (1 - p) + 0.001) * slope;
        }),
      );
      const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
      moved.forEach((a, i) => {
        expect(Math.sqrt(dot(a, a)) / values[0]!).toBeCloseTo(values[i]! / values[0]!, 4);
        moved.slice(i + 1).forEach((b) => void expect(dot(a, b) / values[0]! ** 2).toBeCloseTo(0, 4));
        if (i > 0) expect(values[i]).toBeLessThanOrEqual(values[i - 1]!);
      });
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
    },
  );
});
