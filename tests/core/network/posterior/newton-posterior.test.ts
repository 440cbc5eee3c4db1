import { describe, expect, it } from "vitest";
import { iou } from "../../../../src/core/measures/agreement.ts";
import type { Draw, Encoding, Gaussian, HeadWeights } from "../../../../src/core/network/encoding.ts";
import { logitsOf, sigmoid } from "../../../../src/core/network/logits.ts";
import { Curvature } from "../../../../src/core/network/posterior/curvature.ts";
import { newtonPosterior } from "../../../../src/core/network/posterior/newton-posterior.ts";
import { PixelRegression } from "../../../../src/core/network/posterior/pixel-regression.ts";
import { gateOf } from "../../../../src/core/network/shift-and-gate.ts";
import { draw, inSigma, klDivergence } from "../../../../src/core/random/gaussian.ts";
import { normals, uniforms } from "../../../../src/core/random/random.ts";
import { maskOf } from "../../../../src/core/values/threshold.ts";
import { relativeError } from "../../../support/golden.ts";
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
      const { mean, logSigma } = newtonPosterior(head, encoding, simulate(encoding, z, seed));
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
    const { mean } = newtonPosterior(head, encoding, mask);
    const normal = Float64Array.from(
      mean,
      (value, l) => (value - encoding.prior.mean[l]!) / Math.exp(encoding.prior.logSigma[l]!),
    );
    for (const slope of new PixelRegression(head, encoding, mask).at(normal).gradient)
      expect(Math.abs(slope)).toBeLessThan(0.02);
  });

  it("its gradient is that of its loss (central differences)", () => {
    const problem = new PixelRegression(head, encoding, simulate(encoding, encoding.prior.mean, 1));
    const normal = Float64Array.of(0.4, -0.7, 1.1);
    const { gradient } = problem.at(normal);
    gradient.forEach((value, l) => {
      const at = (step: number) => problem.at(normal.map((x, i) => (i === l ? x + step : x))).loss;
      expect((at(1e-4) - at(-1e-4)) / 2e-4).toBeCloseTo(value, 4);
    });
  });

  it("an empty mask pulls z to where there is no lesion", () => {
    const nothing = { width: SIZE, height: SIZE, bits: new Uint8Array(SIZE * SIZE) };
    const { mean, logSigma } = newtonPosterior(head, encoding, nothing);
    expect(mean[0]).toBeLessThan(-2);
    expect([...mean, ...logSigma].every(Number.isFinite)).toBe(true);
    const found = maskOf(logitsOf(head, encoding, { z: mean }), SIZE, SIZE, 0);
    expect(found.bits.some((bit) => bit === 1)).toBe(false);
  });

  it("says less than it says nothing: every axis is at most as wide as the prior, and KL grows with surprise", () => {
    const usual = newtonPosterior(head, encoding, simulate(encoding, encoding.prior.mean, 2));
    usual.logSigma.forEach((value, l) => void expect(value).toBeLessThanOrEqual(encoding.prior.logSigma[l]! + 1e-6));
    const odd = newtonPosterior(head, encoding, simulate(encoding, draw(encoding.prior, [3, 3, 0]), 2));
    expect(klDivergence(odd, encoding.prior).total).toBeGreaterThan(klDivergence(usual, encoding.prior).total + 2);
  });
});

describe("with local fields", () => {
  const wavy: HeadWeights = { ...head, fieldSpacings: [12, 6] };
  const encoding: Encoding = { ...blob(true), amplitude: new Float32Array(2 * SIZE * SIZE).fill(0.8) };

  /** A mask that no z draws: the disc with a bite on its left. */
  function bitten() {
    const whole = simulate(encoding, encoding.prior.mean, 1);
    return { ...whole, bits: whole.bits.map((bit, i) => (i % SIZE < 9 ? 0 : bit)) };
  }

  it("the fields take what z cannot explain: the outline comes nearer and z surprises less", () => {
    const mask = bitten();
    const without = newtonPosterior(head, encoding, mask);
    const together = newtonPosterior(wavy, encoding, mask);
    const overlap = (draw: Draw) => iou(mask, maskOf(logitsOf(wavy, encoding, draw), SIZE, SIZE, 0));
    expect(overlap({ z: together.mean, fields: together.fields!.mean })).toBeGreaterThan(overlap({ z: without.mean }));
    const nats = (found: Gaussian) => klDivergence(found, encoding.prior).total;
    expect(nats(together)).toBeLessThan(nats(without));
    expect(together.fields!.nats).toBeGreaterThan(0.5);
    expect(without.fields).toBeUndefined();
  });

  it("ends where the gradient in z and in every node is 0", () => {
    const mask = bitten();
    const { mean, fields } = newtonPosterior(wavy, encoding, mask);
    const sigma = inSigma(encoding.prior, mean);
    const { gradient } = new PixelRegression(wavy, encoding, mask).at(
      Float64Array.from([...sigma, ...fields!.mean.flatMap((grid) => [...grid])]),
    );
    expect(gradient).toHaveLength(L + 2 * 2 + 4 * 4);
    for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(0.02);
  });

  it("its gradient is that of its loss, and its weights' precision that of the gradient (central differences, no envelope)", () => {
    const { top: _, ...open } = encoding;
    const problem = new PixelRegression(wavy, open, bitten());
    const x = Float64Array.from(normals(7, [1], L + 20));
    const { gradient, weights } = problem.at(x);
    const move = new Curvature(problem, weights).solve(gradient);
    const nudged = (way: number) => problem.at(x.map((value, i) => value + way * 1e-4 * move[i]!));
    const [ahead, back] = [nudged(1), nudged(-1)];
    const along = gradient.reduce((sum, slope, i) => sum + slope * move[i]!, 0);
    expect((ahead.loss - back.loss) / 2e-4 / along).toBeCloseTo(1, 4);
    // H · (H⁻¹ · gradient) = gradient
    gradient.forEach((slope, i) => void expect((ahead.gradient[i]! - back.gradient[i]!) / 2e-4).toBeCloseTo(slope, 2));
  });

  it("of z the fields are integrated out: where they could explain the mask as well, z is known less surely", () => {
    const mask = simulate(encoding, encoding.prior.mean, 1);
    const [held, free] = [newtonPosterior(head, encoding, mask), newtonPosterior(wavy, encoding, mask)];
    free.logSigma.forEach((value, l) => void expect(value).toBeGreaterThan(held.logSigma[l]!));
  });

  it("fields that do nothing cost nothing", () => {
    const still = { ...encoding, amplitude: new Float32Array(2 * SIZE * SIZE) };
    const mask = bitten();
    const found = newtonPosterior(wavy, still, mask);
    expect(found.fields!.nats).toBe(0);
    expect(found.fields!.mean.map((grid) => grid.length)).toEqual([4, 16]);
    const held = newtonPosterior(head, still, mask);
    found.mean.forEach((value, l) => void expect(value).toBeCloseTo(held.mean[l]!, 5));
  });
});

describe("with a gate", () => {
  const gated: HeadWeights = { ...head, gate: true };
  const encoding: Encoding = { ...blob(true), presence: 1 };
  const nothing = { width: SIZE, height: SIZE, bits: new Uint8Array(SIZE * SIZE) };

  it("who drew nothing is taken to have had it shut: z stays as the prior has it, u is the median of those", () => {
    const { mean, logSigma, u } = newtonPosterior(gated, encoding, nothing);
    expect({ mean, logSigma }).toEqual(encoding.prior);
    // p = sigmoid(1) = .7311: Φ(u) = .2689 / 2 = .1345, u = −1.1055; the gate is at Φ⁻¹(.2689) = −.6161
    expect(u).toBeCloseTo(-1.1055, 3);
    expect(u).toBeLessThan(gateOf(1));
  });

  it("who drew something had it open: nothing else changes", () => {
    const mask = simulate(encoding, encoding.prior.mean, 1);
    expect(newtonPosterior(gated, encoding, mask)).toEqual(newtonPosterior(head, blob(true), mask));
  });
});

it("a pixel that says nothing about an axis leaves it as the prior has it", () => {
  const encoding = blob(false);
  const factor = encoding.factor!.map((value, i) => (i % L === 2 ? 0 : value));
  const { mean, logSigma } = newtonPosterior(head, { ...encoding, factor }, simulate(encoding, encoding.prior.mean, 5));
  expect(mean[2]).toBeCloseTo(encoding.prior.mean[2]!, 6);
  expect(logSigma[2]).toBeCloseTo(encoding.prior.logSigma[2]!, 6);
});

it("a model with comb, a mask of another size, and maps with NaN are refused with a sentence", () => {
  const encoding = blob(false);
  const mask = simulate(encoding, encoding.prior.mean, 1);
  const { factor: _, ...noFactor } = encoding;
  expect(() => newtonPosterior(head, noFactor, mask)).toThrow(/not linear in z/);
  expect(() => newtonPosterior(head, encoding, { width: 2, height: 2, bits: new Uint8Array(4) })).toThrow(
    /mask of 2 × 2/,
  );
  const broken = { ...encoding, base: encoding.base.map(() => Number.NaN) };
  expect(() => newtonPosterior(head, broken, mask)).toThrow(/not finite/);
});

it.each(["tiny-linear", "tiny-gated"])("equals the recipe's (models/training/posterior.py, PyTorch) on %s", (name) => {
  const { head: its, encoding, mask, posterior } = goldenOf(name);
  const { width, height } = encoding;
  const { mean, logSigma, fields } = newtonPosterior(its, encoding, { width, height, bits: Uint8Array.from(mask) });
  expect(relativeError(mean, posterior("mean"))).toBeLessThan(1e-3);
  expect(relativeError(logSigma, posterior("log_sigma"))).toBeLessThan(1e-3);
  expect(relativeError([fields!.nats], posterior("fields_nats"))).toBeLessThan(1e-3);
  its.fieldSpacings.forEach((spacing, s) => {
    expect(relativeError(fields!.mean[s]!, posterior(`field_${spacing}`))).toBeLessThan(2e-3);
  });
});
