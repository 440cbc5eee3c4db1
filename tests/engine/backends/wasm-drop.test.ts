import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { keptBySeed, normals, streamState, uniforms } from "../../../src/core/random/random.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { DROP_KERNEL } from "../../../src/model/dropout-unet.ts";

describe("dropout by a seed on tfjs's wasm backend", () => {
  beforeAll(async () => {
    await tfjsBackends({ forced: "wasm" })[0]?.start();
  });

  const dropped = (x: Float32Array, state: readonly number[], p: number) =>
    tf.tidy(() => (tf.engine().runKernel(DROP_KERNEL, { x: tf.tensor1d(x) }, { state, p }) as tf.Tensor).dataSync());

  it.each([
    [0, 1, 0.5],
    [7, 1000, 0.5],
    [2 ** 32 + 5, 777, 0.1],
    [-3, 33, 0.9],
    [1, 5, 0],
  ])("keeps and scales what its twin in core keeps (seed %d, %d values, p %d)", (seed, count, p) => {
    const x = normals(seed, [9], count);
    const kept = keptBySeed(seed, [1, 2], count, p);
    const expected = x.map((value, i) => (kept[i] ? Math.fround(value * Math.fround(1 / (1 - p))) : 0));
    expect(Array.from(dropped(x, streamState(seed, [1, 2]), p))).toEqual(Array.from(expected));
  });

  it("draws the line where the twin does: a value whose chance is p itself stays, the next one up goes", () => {
    const chances = uniforms(4, [0], 50);
    const x = new Float32Array(50).fill(1);
    for (const chance of chances) {
      // chances are odd multiples of 2⁻⁵³: the next number that can be told from one lies 2⁻⁵³ above
      for (const p of [chance, chance + 2 ** -53]) {
        const kept = keptBySeed(4, [0], 50, p);
        expect(Array.from(dropped(x, streamState(4, [0]), p), (value) => (value === 0 ? 0 : 1))).toEqual([...kept]);
      }
    }
  });
});
