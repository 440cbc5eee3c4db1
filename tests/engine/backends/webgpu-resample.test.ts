import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { normals } from "../../../src/core/random/random.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { double, halve } from "../../../src/model/layers.ts";
import { dawn } from "../../support/dawn.ts";

const gpu = await dawn();

interface Size {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

const SIZES: [string, Size][] = [
  ["four channels", { batch: 1, height: 4, width: 6, channels: 4 }],
  ["two pictures of eight channels", { batch: 2, height: 2, width: 4, channels: 8 }],
  ["more than one workgroup", { batch: 1, height: 18, width: 10, channels: 12 }],
  // what does not fit goes to tfjs, with the same result
  ["three channels", { batch: 1, height: 4, width: 4, channels: 3 }],
];

const valuesOf = ({ batch, height, width, channels }: Size) => normals(1, [5], batch * height * width * channels);

/** The number at (row, column) of picture b and channel c, whose places are held at the border. */
function reader({ height, width, channels }: Size, values: Float32Array) {
  const held = (place: number, length: number) => Math.max(0, Math.min(length - 1, place));
  return (b: number, row: number, column: number, c: number) =>
    values[((b * height + held(row, height)) * width + held(column, width)) * channels + c] as number;
}

/** By loops, in the order of [B, height, width, C]. */
function each({ batch, height, width, channels }: Size, of: (b: number, y: number, x: number, c: number) => number) {
  const found: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) found.push(of(b, y, x, c));
  return found;
}

async function onTheBackend(size: Size, values: Float32Array, work: (x: tf.Tensor4D) => tf.Tensor4D) {
  const { batch, height, width, channels } = size;
  const made = tf.tidy(() => work(tf.tensor4d(values, [batch, height, width, channels])));
  const found = [...(await made.data())];
  made.dispose();
  return found;
}

const furthest = (a: number[], b: number[]) =>
  a.length === b.length
    ? Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))))
    : Number.POSITIVE_INFINITY;

describe.skipIf(gpu === null)("halving and doubling on tfjs's webgpu backend", () => {
  beforeAll(async () => {
    await tfjsBackends({ forced: "webgpu" })[0]?.start();
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.each(SIZES)("the mean of each 2×2 is what the loops say: %s", async (_, size) => {
    const values = valuesOf(size);
    const at = reader(size, values);
    const half = { ...size, height: size.height / 2, width: size.width / 2 };
    const want = each(half, (b, y, x, c) => {
      const four = [at(b, 2 * y, 2 * x, c), at(b, 2 * y, 2 * x + 1, c), at(b, 2 * y + 1, 2 * x, c)];
      return [...four, at(b, 2 * y + 1, 2 * x + 1, c)].reduce((sum, value) => sum + value / 4, 0);
    });
    expect(furthest(await onTheBackend(size, values, halve), want)).toBeLessThan(1e-6);
  });

  describe.each(["bilinear-align-corners", "bilinear-half-pixel"] as const)("%s", (kind) => {
    test.each(SIZES)("doubles as the loops do: %s", async (_, size) => {
      const values = valuesOf(size);
      const at = reader(size, values);
      const twice = { ...size, height: 2 * size.height, width: 2 * size.width };
      const place = (k: number, length: number) =>
        kind === "bilinear-half-pixel" ? Math.max(0, (k + 0.5) / 2 - 0.5) : (k * (length - 1)) / (2 * length - 1);
      const want = each(twice, (b, y, x, c) => {
        const [down, across] = [place(y, size.height), place(x, size.width)];
        const [row, column] = [Math.floor(down), Math.floor(across)];
        const line = (r: number) => {
          const share = across - column;
          return (1 - share) * at(b, r, column, c) + share * at(b, r, column + 1, c);
        };
        return (1 - (down - row)) * line(row) + (down - row) * line(row + 1);
      });
      expect(furthest(await onTheBackend(size, values, (x) => double(x, kind)), want)).toBeLessThan(1e-5);
    });
  });

  test("a single pixel is doubled to four of itself", async () => {
    const one = { batch: 1, height: 1, width: 1, channels: 4 };
    const found = await onTheBackend(one, Float32Array.of(1, 2, 3, 4), (x) => double(x, "bilinear-align-corners"));
    expect(found).toEqual([1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4]);
  });

  test("windows of 3×3 and sizes that are not twice as large stay with tfjs", async () => {
    const size = { batch: 1, height: 6, width: 6, channels: 4 };
    const ones = new Float32Array(144).fill(1);
    const pooled = await onTheBackend(size, ones, (x) => tf.avgPool(x, 3, 3, "valid"));
    expect(pooled).toEqual(new Array(16).fill(1));
    const resized = await onTheBackend(size, ones, (x) => tf.image.resizeBilinear(x, [9, 9], true));
    expect(resized).toHaveLength(324);
  });
});
