import { expect, test } from "vitest";
import type { Dense, Encoding, HeadWeights } from "../../src/core/network/encoding.ts";
import { drawLayout, PLAN_BYTES, packDraws, packMaps, packPlan, packWeights, quadsOf } from "../../src/gpu/layout.ts";

const standing = { mean: new Float32Array(2), logSigma: new Float32Array(2) };

/** Three channels, two axes, one hidden layer: what decode.wgsl holds in vectors of four. */
const hidden: Dense = {
  inputs: 3,
  outputs: 3,
  weights: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9),
  bias: Float32Array.of(0.1, 0.2, 0.3),
};
const last: Dense = { inputs: 3, outputs: 1, weights: Float32Array.of(-1, -2, -3), bias: Float32Array.of(0.5) };
const comb: HeadWeights = {
  latent: 2,
  channels: 3,
  comb: { latent: Float32Array.of(1, 10, 100, 2, 20, 200), layers: [hidden, last] },
  fieldSpacings: [4, 2],
  fieldScale: 1.5,
};
const plain: HeadWeights = { latent: 2, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1 };

/** A head of so many channels, hidden layers and fields, all zeros. */
function wide(channels: number, layers: number, fields = 0): HeadWeights {
  const layer = (outputs: number): Dense => ({
    inputs: channels,
    outputs,
    weights: new Float32Array(channels * outputs),
    bias: new Float32Array(outputs),
  });
  return {
    latent: 1,
    channels,
    comb: {
      latent: new Float32Array(channels),
      layers: [...Array.from({ length: layers }, () => layer(channels)), layer(1)],
    },
    fieldSpacings: Array(fields).fill(4),
    fieldScale: 1,
  };
}

test("channels come in fours, and a head without a comb has none", () => {
  expect([1, 4, 5, 64].map((channels) => quadsOf(wide(channels, 0)))).toEqual([1, 1, 2, 16]);
  expect(quadsOf(plain)).toBe(0);
});

test("a hidden layer is its biases and then a row of weights per input, each filled up to four; the last has one column", () => {
  const packed = packWeights(comb);
  const float32 = (...values: number[]) => [...Float32Array.of(...values)];
  expect([...packed.subarray(0, 4)]).toEqual(float32(0.1, 0.2, 0.3, 0));
  expect([...packed.subarray(4, 20)]).toEqual([1, 2, 3, 0, 4, 5, 6, 0, 7, 8, 9, 0, 0, 0, 0, 0]);
  expect([...packed.subarray(20, 25)]).toEqual([-1, -2, -3, 0, 0.5]); // three weights, a filler, the bias
  expect(packed.subarray(25).every((value) => value === 0)).toBe(true);
  expect(packWeights(plain).every((value) => value === 0)).toBe(true);
});

test("a second hidden layer stands behind the first", () => {
  const layers = [hidden, { ...hidden, bias: Float32Array.of(7, 7, 7) }, last];
  const packed = packWeights({ ...comb, comb: { latent: new Float32Array(6), layers } });
  expect([...packed.subarray(20, 24)]).toEqual([7, 7, 7, 0]);
  expect([...packed.subarray(40, 45)]).toEqual([-1, -2, -3, 0, 0.5]);
});

test("64 channels, 8 fields and 16,384 floats of weights are the most", () => {
  // 64 channels: three layers take 3 · 64 · 65 + 64 + 4 = 12,548 floats, four 16,708.
  // 20 channels: 38 layers take 38 · 20 · 21 + 20 + 4 = 15,984, 39 take 16,404; 4 channels: 818 take 16,368, 819 take 16,388.
  for (const fits of [wide(64, 3, 8), wide(61, 3), wide(20, 38), wide(4, 818), wide(4, 0)])
    expect(() => packWeights(fits)).not.toThrow();
  for (const [head, channels] of [
    [wide(65, 0), 68],
    [wide(64, 4), 64],
    [wide(20, 39), 20],
    [wide(4, 819), 4],
    [wide(4, 0, 9), 4],
  ] as const)
    expect(() => packWeights(head)).toThrow(`A head of ${channels} channels is wider than the graphics kernel`);
});

test("maps become planes, one channel after the other; the base has as many as the comb's vectors, the others as they are", () => {
  const encoding: Encoding = {
    width: 2,
    height: 1,
    channels: 3,
    base: Float32Array.of(1, 2, 3, 4, 5, 6),
    factor: Float32Array.of(10, 20, 30, 40),
    amplitude: Float32Array.of(0.25, 0.5, 0.75, 1),
    top: Float32Array.of(8, 9),
    prior: standing,
  };
  expect([...packMaps(comb, encoding)]).toEqual([
    ...[1, 4, 2, 5, 3, 6, 0, 0], // base: three channels of two pixels, and a plane of zeros
    ...[10, 30, 20, 40], // factor: two axes
    ...[0.25, 0.75, 0.5, 1], // amplitude: two fields
    ...[8, 9],
  ]);
});

test("a map that is not there takes no room, and a mean map is one plane", () => {
  const encoding = { width: 1, height: 3, channels: 1, base: Float32Array.of(1, 2, 3), prior: standing };
  expect([...packMaps(plain, encoding)]).toEqual([1, 2, 3]);
  expect([...packMaps(plain, { ...encoding, top: Float32Array.of(4, 5, 6) })]).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a draw is W_z z filled up to four, z, and each field's grid; without fields there are zeros", () => {
  // 4 × 2 pixels: the fields of 4 and 2 px have grids of 1 × 1 and 2 × 1
  const layout = drawLayout(comb, 4, 2);
  expect(layout).toEqual({
    lattices: [
      { width: 1, height: 1, offset: 6 },
      { width: 2, height: 1, offset: 7 },
    ],
    placement: 9,
    stride: 14,
  });
  const z = Float32Array.of(3, -1);
  const placements = [
    { dx: 0.25, dy: -1.5, drawn: true }, // one column back and ¾ to the next; one row on and ½
    { dx: 0, dy: 0, drawn: false },
  ];
  const fields = [Float32Array.of(5), Float32Array.of(6, 7)];
  const packed = packDraws(comb, [{ z, fields }, { z }], placements, layout);
  // 3 · (1, 10, 100) − (2, 20, 200) = (1, 10, 100)
  expect([...packed]).toEqual([
    ...[1, 10, 100, 0, 3, -1, 5, 6, 7, -1, 1, 0.75, 0.5, 1],
    ...[1, 10, 100, 0, 3, -1, 0, 0, 0, 0, 0, 0, 0, 0],
  ]);
  const here = [{ dx: 0, dy: 0, drawn: true }];
  expect([...packDraws(plain, [{ z }], here, drawLayout(plain, 4, 2))]).toEqual([3, -1, 0, 0, 0, 0, 1]);
});

test("the plan says size, batch, draws, their length and the fields' scale, and from its ninth word on each field's grid", () => {
  expect(PLAN_BYTES).toBe(160); // 8 words and 4 per field
  const plan = packPlan(comb, { width: 4, height: 2 }, { first: 3, pixels: 5 }, 7, drawLayout(comb, 4, 2));
  expect([...new Uint32Array(plan, 0, 6)]).toEqual([4, 2, 3, 5, 7, 14]);
  expect(new Float32Array(plan)[6]).toBe(1.5);
  expect([...new Uint32Array(plan, 28, 10)]).toEqual([9, 1, 1, 6, 0, 2, 1, 7, 0, 0]);
});
