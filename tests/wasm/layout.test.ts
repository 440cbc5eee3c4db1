import { expect, test } from "vitest";
import { between, blocksPerRow, packLayers, packMap, paddedChannels, shiftOf } from "../../src/wasm/layout.ts";

test("channels come in fours, pixels of a row in eights", () => {
  expect([1, 4, 5, 8].map(paddedChannels)).toEqual([4, 4, 8, 8]);
  expect([1, 8, 9, 16].map(blocksPerRow)).toEqual([1, 1, 2, 2]);
});

test("a map lies in blocks of eight pixels of one row, channel by channel, scaled, and zero where there is nothing", () => {
  // 9 × 2 pixels of two channels: two blocks a row, three planes of eight floats each
  const [width, height, channels, padded] = [9, 2, 2, 3];
  const map = Float32Array.from({ length: width * height * channels }, (_, i) => i + 1);
  const to = new Float32Array(2 * 2 * padded * 8).fill(99);
  packMap(map, { width, height }, channels, { padded, scale: 10 }, to);
  const odd = (from: number, count: number) => Array.from({ length: count }, (_, i) => 10 * (from + 2 * i));
  const zeros = (count: number) => Array<number>(count).fill(0);
  expect([...to]).toEqual([
    ...[...odd(1, 8), ...odd(2, 8), ...zeros(8)],
    ...[170, ...zeros(7), 180, ...zeros(7), ...zeros(8)],
    ...[...odd(19, 8), ...odd(20, 8), ...zeros(8)],
    ...[350, ...zeros(7), 360, ...zeros(7), ...zeros(8)],
  ]);
});

test("a map without more said keeps its channels and its numbers", () => {
  const to = new Float32Array(16);
  packMap(Float32Array.of(1, 2, 3, 4), { width: 2, height: 1 }, 2, {}, to);
  expect([...to]).toEqual([1, 3, 0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0, 0, 0]);
});

test("a hidden layer is, per four outputs, their biases and four weights an input; the last is its bias, three zeros and a weight an input", () => {
  // five channels fill up to eight: two groups of outputs, eight rows of inputs each
  const weights = Float32Array.from({ length: 25 }, (_, i) => i + 1); // input i, output k: 5 i + k + 1
  const hidden = { inputs: 5, outputs: 5, weights, bias: Float32Array.of(-1, -2, -3, -4, -5) };
  const last = { inputs: 5, outputs: 1, weights: Float32Array.of(31, 32, 33, 34, 35), bias: Float32Array.of(30) };
  const zeros = (count: number) => Array<number>(count).fill(0);
  expect([...packLayers({ latent: new Float32Array(0), layers: [hidden, last] }, 5)]).toEqual([
    ...[-1, -2, -3, -4],
    ...[1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 16, 17, 18, 19, 21, 22, 23, 24, ...zeros(12)],
    ...[-5, 0, 0, 0],
    ...[5, 0, 0, 0, 10, 0, 0, 0, 15, 0, 0, 0, 20, 0, 0, 0, 25, 0, 0, 0, ...zeros(12)],
    ...[30, 0, 0, 0],
    ...[31, 32, 33, 34, 35, 0, 0, 0],
  ]);
});

test("z moves a pixel by W_z z, and what was there before is gone", () => {
  const to = Float32Array.of(9, 9, 9, 9);
  shiftOf({ latent: Float32Array.of(1, 10, 100, 2, 20, 200), layers: [] }, Float32Array.of(3, -1), 3, to);
  expect([...to]).toEqual([1, 10, 100, 0]); // 3 · (1, 10, 100) − (2, 20, 200)
});

test("a pixel lies between two nodes by half pixels, and is held at the border", () => {
  // 8 pixels over 2 nodes, which lie at 1.5 and 5.5: (0.5 · 2 / 8) − 0.5 < 0; pixel 3: 3.5 / 4 − 0.5 = 0.375
  expect(between(0, 8, 2)).toEqual({ first: 0, second: 1, share: 0 });
  expect(between(3, 8, 2)).toEqual({ first: 0, second: 1, share: 0.375 });
  expect(between(5, 8, 2)).toEqual({ first: 0, second: 1, share: 0.875 });
  const { first, second } = between(7, 8, 2); // 7.5 / 4 − 0.5 = 1.375: past the last node
  expect([first, second]).toEqual([1, 1]);
});
