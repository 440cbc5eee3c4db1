import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { expect, it } from "vitest";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { drawMany } from "../../src/core/random/draws.ts";
import { cropRegion } from "../../src/core/values/region.ts";
import { masksOf } from "../../src/core/values/threshold.ts";
import { exampleCases, readChestSlice } from "../../src/examples.ts";
import { loadNetwork } from "../../src/model/network.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import { bundledModels, modelFiles } from "../support/golden.ts";

const SIZE = 128;
const COUNT = 16;
/** The solid nodule of the built-in examples: something that the model marks. */
const [solid] = exampleCases(await readChestSlice());
if (!solid) throw new Error("no example");
const crop = cropRegion(solid.slice, ...solid.region);

/** The same seed from the first pixel to the masks, on one backend with its own decoder. */
async function masksOn(backend: "cpu" | "wasm", folder: string) {
  await tf.setBackend(backend);
  await tf.ready();
  const network = await loadNetwork(modelFiles(folder));
  const { head } = network;
  const encoding = await network.encode(crop.values, SIZE);
  const decoder = backend === "wasm" ? await WasmDecoder.create(head) : new PlainDecoder(head);
  decoder.open(encoding);
  const draws = drawMany(encoding.prior, head, { width: SIZE, height: SIZE }, { seed: 7, count: COUNT });
  const { samples } = await decoder.decode(draws, { samples: true });
  network.dispose();
  decoder.dispose();
  if (!samples) throw new Error("no samples");
  return masksOf(samples, 0.5);
}

it.each(bundledModels().filter((folder) => modelFiles(folder).config.family === "prob-unet"))(
  "%s draws the same masks on wasm and on cpu, within 2 pixels of each on average",
  async (folder) => {
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
  },
  120_000, // tfjs's cpu backend is plain JavaScript
);
