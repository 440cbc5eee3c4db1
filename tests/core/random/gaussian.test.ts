import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Gaussian } from "../../../src/core/network/encoding.ts";
import { draw, inSigma, klDivergence, standardGaussian } from "../../../src/core/random/gaussian.ts";

const gaussian = (mean: number[], logSigma: number[]): Gaussian => ({
  mean: Float32Array.from(mean),
  logSigma: Float32Array.from(logSigma),
});
const axis = fc.float({ min: -5, max: 5, noNaN: true });
const any = fc.tuple(fc.array(axis, { minLength: 3, maxLength: 3 }), fc.array(axis, { minLength: 3, maxLength: 3 }));

describe("a Gaussian with independent axes", () => {
  it("draws mean + σ · normal", () => {
    // log σ = log 2: 1 + 2 · 3 = 7; log σ = 0: −1 + 1 · 0.5 = −0.5
    const z = draw(gaussian([1, -1], [Math.log(2), 0]), [3, 0.5]);
    expect(z[0]).toBeCloseTo(7, 5);
    expect(z[1]).toBe(-0.5);
  });

  it("inSigma undoes draw", () => {
    fc.assert(
      fc.property(any, fc.array(axis, { minLength: 3, maxLength: 3 }), ([mean, logSigma], normal) => {
        const prior = gaussian(
          mean,
          logSigma.map((x) => x / 2),
        );
        const back = inSigma(prior, draw(prior, normal));
        back.forEach((value, i) => void expect(value).toBeCloseTo(normal[i] as number, 3));
      }),
    );
  });

  it("KL is log(σp/σq) + (σq² + Δ²)/2σp² − ½ on each axis", () => {
    // axis 1: Q = N(1, 1), P = N(0, 1): ½. axis 2: Q = N(0, 1), P = N(0, 2²): log 2 + 1/8 − 1/2 = 0.318147
    const { perAxis, total } = klDivergence(gaussian([1, 0], [0, 0]), gaussian([0, 0], [0, Math.log(2)]));
    expect(perAxis[0]).toBeCloseTo(0.5, 6);
    expect(perAxis[1]).toBeCloseTo(0.318147, 6);
    expect(total).toBeCloseTo(0.818147, 6);
  });

  it("KL is never negative, and 0 from a Gaussian to itself", () => {
    fc.assert(
      fc.property(any, any, ([m1, s1], [m2, s2]) => {
        const q = gaussian(m1, s1);
        expect(klDivergence(q, gaussian(m2, s2)).total).toBeGreaterThanOrEqual(0);
        expect(klDivergence(q, q).total).toBeLessThan(1e-12);
      }),
    );
  });

  it("the standard Gaussian gives the normals themselves", () => {
    expect(Array.from(draw(standardGaussian(2), [0.25, -3]))).toEqual([0.25, -3]);
  });

  it("refuses z of another model's length", () => {
    expect(() => draw(standardGaussian(6), [1, 2])).toThrow(/2 numbers were given for z, and this model has 6 axes/);
  });
});
