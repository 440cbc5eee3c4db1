import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect, it } from "vitest";
import type { Encoding } from "../../../src/core/network/encoding.ts";
import type { InnerMap, Insides } from "../../../src/core/network/inside/inner-maps.ts";
import { loadModel } from "../../../src/model/load-model.ts";
import { goldenCrop, modelFiles, relativeError } from "../../support/golden.ts";

const PAPER = "tests/golden/tiny-prob-unet";
const LINEAR = "tests/golden/tiny-linear";

beforeAll(async () => {
  await tf.setBackend("wasm");
});

async function looked(folder: string): Promise<{ inside: Insides; encoding: Encoding; channels: readonly number[] }> {
  const model = await loadModel(modelFiles(folder));
  const prepared = await model.prepare(goldenCrop(folder));
  const inside = (await model.lookInside?.(prepared)) as Insides;
  model.dispose();
  return { inside, encoding: prepared.encoding as Encoding, channels: model.config.architecture.channels };
}

const shapes = (maps: readonly InnerMap[]) => maps.map(({ size, channels }) => [size, channels]);

it("sees each level down and up with its size and channels, and the prior net's way down", async () => {
  const { inside, channels } = await looked(PAPER);
  const down = channels.map((count, k) => [64 / 2 ** k, count]); // 64 × 64, halved at each level
  expect(shapes(inside.down)).toEqual(down);
  expect(shapes(inside.up)).toEqual(down.slice(0, -1));
  expect(shapes(inside.prior ?? [])).toEqual(down);
});

it.each([PAPER, LINEAR])("shows the base that the decode gets, of %s", async (folder) => {
  const { inside, encoding } = await looked(folder);
  const { base } = inside;
  expect([base.size, base.channels]).toEqual([64, encoding.channels]);
  expect(base.shown).toHaveLength(Math.min(4, encoding.channels));
  const [kept, all] = [base.shown.map(({ channel }) => channel), encoding.channels];
  const varianceOf = (c: number) => {
    const values = Array.from({ length: 64 * 64 }, (_, i) => encoding.base[i * all + c] as number);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  };
  for (const { channel, values } of base.shown) {
    const wanted = Array.from({ length: 64 * 64 }, (_, i) => encoding.base[i * all + channel] as number);
    expect(relativeError(values, wanted)).toBeLessThan(1e-6);
  }
  const left = Array.from({ length: all }, (_, c) => c).filter((c) => !kept.includes(c));
  const least = Math.min(...kept.map(varianceOf));
  for (const c of left) expect(varianceOf(c)).toBeLessThanOrEqual(least + 1e-9);
});

it("shows the features that the base is made of", async () => {
  // Of the linear model the base is one 1×1 convolution of the features: a channel that shows in it shows in them.
  const { inside } = await looked(LINEAR);
  expect(inside.prior).toBeNull();
  expect(inside.up[0]?.shown[0]?.values.some((value) => value > 0)).toBe(true);
  expect(inside.up[0]?.shown.every(({ values }) => values.every((value) => value >= 0))).toBe(true); // after a ReLU
});

it("leaves no tensor behind, aborted or not, and reports progress up to 1", async () => {
  const model = await loadModel(modelFiles(PAPER));
  const crop = goldenCrop(PAPER);
  const before = tf.memory().numTensors;
  const seen: number[] = [];
  await model.lookInside?.({ crop }, { onProgress: (fraction) => seen.push(fraction) });
  expect(seen.at(-1)).toBe(1);
  expect(tf.memory().numTensors).toBe(before);
  const stop = new AbortController();
  const run = model.lookInside?.({ crop }, { signal: stop.signal, onProgress: () => stop.abort() });
  await expect(run).rejects.toMatchObject({ tag: "Aborted" });
  expect(tf.memory().numTensors).toBe(before);
  await expect(model.lookInside?.({ crop: { ...crop, size: 60 } })).rejects.toMatchObject({ tag: "BadArgument" });
  model.dispose();
});
