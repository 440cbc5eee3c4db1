import { describe, expect, it } from "vitest";
import type { Encoding, HeadWeights } from "../../../src/core/network/encoding.ts";
import { logitOf, logitPartsOf, logitsOf, sigmoid, softplus } from "../../../src/core/network/logits.ts";
import { goldenOf } from "../golden.ts";

const prior = { mean: new Float32Array(1), logSigma: new Float32Array(1) };
const onePixel = (more: Partial<Encoding>): Encoding => ({
  width: 1,
  height: 1,
  channels: 1,
  base: Float32Array.of(2),
  prior,
  ...more,
});
const plain: HeadWeights = { latent: 1, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1.5 };
const z = Float32Array.of(3);

describe("logits of one draw", () => {
  it("without parts are the mean map", () => {
    expect(logitsOf(plain, onePixel({}), { z })[0]).toBe(2);
  });

  it("comb: z enters before the first ReLU, and each further layer has its own", () => {
    const head: HeadWeights = {
      ...plain,
      channels: 2,
      comb: {
        latent: Float32Array.of(1, -1),
        layers: [
          { inputs: 2, outputs: 2, weights: Float32Array.of(1, -2, 5, 5), bias: Float32Array.of(0.5, 1) },
          { inputs: 2, outputs: 1, weights: Float32Array.of(10, 100), bias: Float32Array.of(-1) },
        ],
      },
    };
    // base [1, 2] + z·[1, −1] = [4, −1] → ReLU [4, 0] → [4 + .5, −8 + 1] → ReLU [4.5, 0] → 45 − 1 = 44
    const encoding = onePixel({ channels: 2, base: Float32Array.of(1, 2) });
    expect(logitsOf(head, encoding, { z })[0]).toBe(44);
  });

  it("the factor adds factor·z", () => {
    expect(logitsOf(plain, onePixel({ factor: Float32Array.of(-0.5) }), { z })[0]).toBe(0.5); // 2 − .5·3
  });

  it("a field adds fieldScale · amplitude · field, and nothing where it is absent", () => {
    const head = { ...plain, fieldSpacings: [4] };
    const encoding = onePixel({ amplitude: Float32Array.of(2) });
    expect(logitsOf(head, encoding, { z, fields: [Float32Array.of(0.25)] })[0]).toBe(2.75); // 2 + 1.5·2·.25
    expect(logitsOf(head, encoding, { z })[0]).toBe(2);
  });

  it("no logit rises above the envelope, and those far below it stay as they are", () => {
    // top 1: 1 − log(1 + e^(1 − 2)) = 1 − .313262 = .686738
    expect(logitsOf(plain, onePixel({ top: Float32Array.of(1) }), { z })[0]).toBeCloseTo(0.686738, 6);
    expect(logitsOf(plain, onePixel({ base: Float32Array.of(500), top: Float32Array.of(1) }), { z })[0]).toBe(1);
    expect(logitsOf(plain, onePixel({ base: Float32Array.of(-500), top: Float32Array.of(1) }), { z })[0]).toBe(-500);
  });

  it("z, fields or an encoding of another model are refused", () => {
    expect(() => logitsOf(plain, onePixel({}), { z: new Float32Array(2) })).toThrow(/another model/);
    expect(() => logitsOf(plain, onePixel({ channels: 2 }), { z })).toThrow(/another model/);
    const head = { ...plain, fieldSpacings: [4] };
    expect(() => logitsOf(head, onePixel({}), { z, fields: [new Float32Array(2)] })).toThrow(/another model/);
  });

  it.each(["tiny-prob-unet", "tiny-general", "tiny-linear", "tiny-gated"])(
    "%s: equal PyTorch's within 1e-4 of the largest",
    (name) => {
      const { head, encoding, draws, logits } = goldenOf(name);
      const largest = logits.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
      draws.forEach((draw, n) => {
        const found = logitsOf(head, encoding, draw);
        const off = found.reduce((top, value, i) => Math.max(top, Math.abs(value - logits[n * found.length + i]!)), 0);
        expect(off).toBeLessThan(1e-4 * largest);
      });
    },
  );
});

describe("softplus and sigmoid", () => {
  it("neither overflow nor lose small values", () => {
    expect(softplus(1000)).toBe(1000);
    expect(softplus(-40)).toBeCloseTo(Math.exp(-40), 30);
    expect(softplus(0)).toBeCloseTo(Math.LN2, 15);
    expect(sigmoid(1000)).toBe(1);
    expect(sigmoid(-1000)).toBe(0);
    expect(sigmoid(0)).toBe(0.5);
  });
});

describe("the logits of one draw step by step", () => {
  it("are the mean, what z adds, what the fields add, their sum, and that under the envelope", () => {
    // 2 − .5·3 + 1.5·2·.25 = 1.25; under 1: 1 − log(1 + e^(1 − 1.25)) = 1 − .575939 = .424061
    const head = { ...plain, fieldSpacings: [4] };
    const maps = { factor: Float32Array.of(-0.5), amplitude: Float32Array.of(2), top: Float32Array.of(1) };
    const draw = { z, fields: [Float32Array.of(0.25)] };
    const parts = logitPartsOf(head, onePixel(maps), draw);
    const numbers = [parts.start, parts.factor, parts.fields, parts.sum].map((map) => map?.[0]);
    expect(numbers).toEqual([2, -1.5, 0.75, 1.25]);
    expect(parts.logits[0]).toBeCloseTo(0.424061, 6);
    expect(parts.logits).toEqual(logitsOf(head, onePixel(maps), draw));
  });

  it("leave out what the model lacks or the draw has none of", () => {
    const head = { ...plain, fieldSpacings: [4] };
    const parts = logitPartsOf(head, onePixel({ amplitude: Float32Array.of(2) }), { z });
    expect(parts).toMatchObject({ factor: null, fields: null });
    expect([parts.sum[0], parts.logits[0]]).toEqual([2, 2]);
  });
});

it("a probability's logit is that of the sigmoid, as far as 32 bits tell it", () => {
  expect(logitOf(sigmoid(-2.5))).toBeCloseTo(-2.5, 10);
  expect([logitOf(0.5), logitOf(0), logitOf(1)]).toEqual([0, -16, 16]);
});
