import { describe, expect, it } from "vitest";
import type { Encoding, HeadWeights } from "../../../../src/core/network/encoding.ts";
import { logitsOf, sigmoid } from "../../../../src/core/network/logits.ts";
import { newtonPosterior } from "../../../../src/core/network/posterior/newton-posterior.ts";
import { PixelRegression } from "../../../../src/core/network/posterior/pixel-regression.ts";
import { draw, klDivergence } from "../../../../src/core/random/gaussian.ts";
import { normals, uniforms } from "../../../../src/core/random/random.ts";
import { maskOf } from "../../../../src/core/values/threshold.ts";
import { goldenOf } from "../../golden.ts";

const L = 3;
const SIZE = 24;
const head: HeadWeights = { latent: L, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };

/** A blob whose size and place follow z: mean map a soft disc; factor columns: grow, shift right, shift down. */
function blob(
  envelope: boolean,
  prior = { mean: Float32Array.of(0.3, -0.2, 0), logSigma: Float32Array.of(0.2, -0.3, 0) },
): Encoding {
  const pixels = SIZE * SIZE;
  const base = new Float32Array(pixels);
  const factor = new Float32Array(pixels * L);
  for (let i = 0; i < pixels; i++) {
    const [dx, dy] = [(i % SIZE) - 11.5, Math.floor(i / SIZE) - 11.5];
    base[i] = 6 - Math.hypot(dx, dy);
    factor.set([1.5, dx / 6, dy / 6], i * L);
  }
  const top = new Float32Array(pixels).fill(3);
  return { width: SIZE, height: SIZE, channels: 1, base, factor, prior, ...(envelope && { top }) };
}

/** A grader who draws pixel by pixel from the model's own P at z. */
function simulate(encoding: Encoding, z: Float32Array, seed: number) {
  const chance = uniforms(seed, [], SIZE * SIZE);
  const bits = Uint8Array.from(logitsOf(head, encoding, { z }), (logit, i) => (chance[i]! < sigmoid(logit) ? 1 : 0));
  return { width: SIZE, height: SIZE, bits };
}

describe.each([false, true])("a grader's posterior by Newton steps (envelope: %s)", (envelope) => {
  const encoding = blob(envelope);

  it("finds the z that drew the mask, within four of its own standard deviations; on average within its spread", () => {
    let squares = 0;
    const runs = 40;
    for (let seed = 0; seed < runs; seed++) {
      const z = draw(encoding.prior, normals(seed, [1], L));
      const { mean, logSigma } = newtonPosterior(encoding, simulate(encoding, z, seed));
      z.forEach((value, l) => {
        const off = (value - mean[l]!) / Math.exp(logSigma[l]!);
        expect(Math.abs(off)).toBeLessThan(4);
        squares += off * off;
      });
    }
    // z given the mask is nearly Gaussian with this spread: squared distances in σ have mean 1 (marginals; sd √(2/120))
    expect(squares / (runs * L)).toBeGreaterThan(0.5);
    expect(squares / (runs * L)).toBeLessThan(1.6);
  });

  it("ends where the gradient is 0", () => {
    const mask = simulate(encoding, draw(encoding.prior, [1, -1, 0.5]), 3);
    const { mean } = newtonPosterior(encoding, mask);
    const normal = Float64Array.from(
      mean,
      (value, l) => (value - encoding.prior.mean[l]!) / Math.exp(encoding.prior.logSigma[l]!),
    );
    for (const slope of new PixelRegression(encoding, mask).at(normal).gradient)
      expect(Math.abs(slope)).toBeLessThan(0.02);
  });

  it("its gradient is that of its loss (central differences)", () => {
    const problem = new PixelRegression(encoding, simulate(encoding, encoding.prior.mean, 1));
    const normal = Float64Array.of(0.4, -0.7, 1.1);
    const { gradient } = problem.at(normal);
    gradient.forEach((value, l) => {
      const at = (step: number) => problem.at(normal.map((x, i) => (i === l ? x + step : x))).loss;
      expect((at(1e-4) - at(-1e-4)) / 2e-4).toBeCloseTo(value, 4);
    });
  });

  it("an empty mask pulls z to where there is no lesion", () => {
    const nothing = { width: SIZE, height: SIZE, bits: new Uint8Array(SIZE * SIZE) };
    const { mean, logSigma } = newtonPosterior(encoding, nothing);
    expect(mean[0]).toBeLessThan(-2);
    expect([...mean, ...logSigma].every(Number.isFinite)).toBe(true);
    const found = maskOf(logitsOf(head, encoding, { z: mean }), SIZE, SIZE, 0);
    expect(found.bits.some((bit) => bit === 1)).toBe(false);
  });

  it("says less than it says nothing: every axis is at most as wide as the prior, and KL grows with surprise", () => {
    const usual = newtonPosterior(encoding, simulate(encoding, encoding.prior.mean, 2));
    usual.logSigma.forEach((value, l) => void expect(value).toBeLessThanOrEqual(encoding.prior.logSigma[l]! + 1e-6));
    const odd = newtonPosterior(encoding, simulate(encoding, draw(encoding.prior, [3, 3, 0]), 2));
    expect(klDivergence(odd, encoding.prior).total).toBeGreaterThan(klDivergence(usual, encoding.prior).total + 2);
  });
});

describe("the Hessian", () => {
  it("is that of the loss where there is no envelope (central differences of the gradient)", () => {
    const encoding = blob(false);
    const problem = new PixelRegression(encoding, simulate(encoding, encoding.prior.mean, 1));
    const normal = Float64Array.of(0.2, 0.5, -0.4);
    const { hessian } = problem.at(normal);
    for (let l = 0; l < L; l++) {
      const at = (step: number) => problem.at(normal.map((x, i) => (i === l ? x + step : x))).gradient;
      const [above, below] = [at(1e-4), at(-1e-4)];
      for (let k = 0; k < L; k++) expect((above[k]! - below[k]!) / 2e-4).toBeCloseTo(hessian[l * L + k]!, 2);
    }
  });
});

it("a pixel that says nothing about an axis leaves it as the prior has it", () => {
  const encoding = blob(false);
  const factor = encoding.factor!.map((value, i) => (i % L === 2 ? 0 : value));
  const { mean, logSigma } = newtonPosterior({ ...encoding, factor }, simulate(encoding, encoding.prior.mean, 5));
  expect(mean[2]).toBeCloseTo(encoding.prior.mean[2]!, 6);
  expect(logSigma[2]).toBeCloseTo(encoding.prior.logSigma[2]!, 6);
});

it("a model with comb, a mask of another size, and maps with NaN are refused with a sentence", () => {
  const encoding = blob(false);
  const mask = simulate(encoding, encoding.prior.mean, 1);
  const { factor: _, ...noFactor } = encoding;
  expect(() => newtonPosterior(noFactor, mask)).toThrow(/not linear in z/);
  expect(() => newtonPosterior(encoding, { width: 2, height: 2, bits: new Uint8Array(4) })).toThrow(/mask of 2 × 2/);
  const broken = { ...encoding, base: encoding.base.map(() => Number.NaN) };
  expect(() => newtonPosterior(broken, mask)).toThrow(/not finite/);
});

it("equals the recipe's (models/training/posterior.py, PyTorch) on a tiny network and a mask it finds odd", () => {
  const { encoding, mask } = goldenOf("tiny-linear");
  const { width, height } = encoding;
  const { mean, logSigma } = newtonPosterior(encoding, { width, height, bits: Uint8Array.from(mask) });
  [1.2307, -6.1216, 1.6025, 10.6957].forEach((value, l) => void expect(mean[l]).toBeCloseTo(value, 3));
  [-1.2145, -0.8403, -1.9024, -0.8509].forEach((value, l) => void expect(logSigma[l]).toBeCloseTo(value, 3));
});
