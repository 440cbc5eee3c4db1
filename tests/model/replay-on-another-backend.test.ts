import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import type { HeadWeights } from "../../src/core/network/encoding.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { chooseSamples } from "../../src/core/random/choices.ts";
import { cropRegion } from "../../src/core/values/region.ts";
import { masksOf } from "../../src/core/values/threshold.ts";
import { exampleCases, readChestSlice } from "../../src/examples.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import { ALL_ON_ALL_BACKENDS, bundledModels, modelFiles, tinyModels } from "../support/golden.ts";

/** The nodule and what is round it, by the tiny networks; the bundled ones, at their own region, are what CI asks for. */
const SIZE = ALL_ON_ALL_BACKENDS ? 128 : 64;
const COUNT = 16;
/** The solid nodule of the built-in examples: something that the model marks. */
const [solid] = exampleCases(await readChestSlice());
if (!solid) throw new Error("no example");
const crop = cropRegion(solid.slice, ...solid.region, SIZE);

/** The same seed from the first pixel to the masks, on one backend with its own decoder. */
async function masksOn(backend: "cpu" | "wasm", folder: string) {
  await tf.setBackend(backend);
  await tf.ready();
  const makeDecoder = async (head: HeadWeights) => {
    return backend === "wasm" ? WasmDecoder.create(head) : new PlainDecoder(head);
  };
  const model = await loadModel(modelFiles(folder), makeDecoder);
  const prepared = await model.prepare(crop);
  const size = { width: SIZE, height: SIZE };
  const choices = chooseSamples(model, prepared.prior, size, { seed: 7, count: COUNT });
  const { samples } = await model.draw(prepared, choices, { samples: true });
  model.dispose();
  if (!samples) throw new Error("no samples");
  return masksOf(samples, 0.5);
}

const models = (ALL_ON_ALL_BACKENDS ? bundledModels() : tinyModels()).filter(
  (folder) => modelFiles(folder).config.family === "prob-unet",
);

it.each(models)("%s draws the same masks on wasm and on cpu, within 2 pixels of each on average", async (folder) => {
  const [wasm, cpu] = [await masksOn("wasm", folder), await masksOn("cpu", folder)];
  let marked = 0;
  let different = 0;
  for (const [n, { bits }] of wasm.entries()) {
    for (const [i, bit] of bits.entries()) {
      marked += bit;
      if (bit !== cpu[n]?.bits[i]) different++;
    }
  }
  expect(marked).toBeGreaterThan(0); // empty masks would agree whatever the backend
  expect(different / COUNT).toBeLessThanOrEqual(2);
});
