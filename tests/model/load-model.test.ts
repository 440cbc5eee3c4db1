import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { NetworkFamily } from "../../src/core/config/model-config.ts";
import type { Model } from "../../src/core/network/model.ts";
import { type Choices, chooseSamples } from "../../src/core/random/choices.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { golden, goldenCrop, modelFiles, relativeError } from "../support/golden.ts";
import { randomModel } from "../support/random-model.ts";

const SIZE = 64;
const size = { width: SIZE, height: SIZE };
const crop = goldenCrop("tests/golden/tiny-prob-unet");
const families: readonly NetworkFamily[] = ["prob-unet", "dropout-unet", "unet-ensemble", "m-heads", "image2image-vae"];
const filesOf = (family: NetworkFamily) => {
  return family === "prob-unet" ? modelFiles("tests/golden/tiny-prob-unet") : randomModel(family);
};

beforeAll(async () => {
  await tf.setBackend("wasm");
});

async function drawn(model: Model, seed: number, count: number): Promise<Float32Array> {
  const prepared = await model.prepare(crop);
  const choices = chooseSamples(model, prepared.prior, size, { seed, count });
  const { samples } = await model.draw(prepared, choices, { samples: true });
  return samples?.probabilities ?? new Float32Array();
}

describe.each(families)("%s", (family) => {
  it("gives as many samples as asked for, each different", async () => {
    const model = await loadModel(filesOf(family));
    const probabilities = await drawn(model, 3, 3);
    expect(probabilities).toHaveLength(3 * SIZE * SIZE);
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
    const [one, two, three] = [0, 1, 2].map((n) => probabilities.slice(n * SIZE * SIZE, (n + 1) * SIZE * SIZE));
    expect(one).not.toEqual(two);
    expect(two).not.toEqual(three);
    model.dispose();
  });

  it("gives the same samples for the same choices, whatever came between", async () => {
    const model = await loadModel(filesOf(family));
    const first = await drawn(model, 3, 2);
    await drawn(model, 4, 3);
    expect(await drawn(model, 3, 2)).toEqual(first);
    model.dispose();
  });

  it("adds statistics where they are wanted", async () => {
    const model = await loadModel(filesOf(family));
    const prepared = await model.prepare(crop);
    const choices = chooseSamples(model, prepared.prior, size, { seed: 0, count: 2 });
    const { samples, statistics } = await model.draw(prepared, choices, { samples: true, statistics: true });
    // mean of two: (a + b) / 2 at the first pixel
    const [a, b] = [samples?.probabilities[0] ?? 0, samples?.probabilities[SIZE * SIZE] ?? 0];
    expect(statistics?.mean[0]).toBeCloseTo((a + b) / 2, 6);
    model.dispose();
  });

  it("frees every tensor with itself", async () => {
    const before = tf.memory().numTensors;
    const model = await loadModel(filesOf(family));
    await drawn(model, 0, 2);
    const held = tf.memory().numTensors;
    await drawn(model, 1, 2);
    expect(tf.memory().numTensors).toBe(held); // another crop takes the place of the last
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses choices of another kind", async () => {
    const model = await loadModel(filesOf(family));
    const prepared = await model.prepare(crop);
    const wrong: Choices = model.choice === "seed" ? { kind: "head", indices: [0] } : { kind: "seed", seeds: [0] };
    await expect(model.draw(prepared, wrong, { samples: true })).rejects.toMatchObject({ tag: "BadArgument" });
    model.dispose();
  });

  it("stops where it is cancelled", async () => {
    const model = await loadModel(filesOf(family));
    const prepared = await model.prepare(crop);
    const abort = new AbortController();
    abort.abort();
    const choices = chooseSamples(model, prepared.prior, size, { seed: 0, count: 2 });
    const run = async () => model.draw(prepared, choices, { samples: true }, { signal: abort.signal });
    await expect(run()).rejects.toMatchObject({ tag: "Aborted" });
    model.dispose();
  });
});

describe("the ensemble", () => {
  it("asks a member once about a picture, however often its sample is drawn", async () => {
    const model = await loadModel(randomModel("unet-ensemble", { members: 2 }));
    const prepared = await model.prepare(crop);
    const kernels = async (...indices: number[]) => {
      const { kernelNames } = await tf.profile(async () => {
        await model.draw(prepared, { kind: "member", indices }, { samples: true });
        return tf.scalar(0);
      });
      return kernelNames.length;
    };
    const once = await kernels(0);
    expect(once).toBeGreaterThan(0);
    expect(await kernels(0, 0)).toBe(0);
    expect(await kernels(0, 1)).toBe(once);
    model.dispose();
  });

  it("says member by member how far it is", async () => {
    const told: number[] = [];
    const model = await loadModel(randomModel("unet-ensemble", { members: 4 }), undefined, {
      onProgress: (fraction) => told.push(fraction),
    });
    expect(told).toEqual([0.25, 0.5, 0.75, 1]);
    model.dispose();
  });

  it("frees the members it had when one is damaged", async () => {
    const before = tf.memory().numTensors;
    const { config, weights } = randomModel("unet-ensemble");
    const damaged = weights.map((bytes, m) =>
      m === 2 ? bytes.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)) : bytes,
    );
    await expect(loadModel({ config, weights: damaged })).rejects.toMatchObject({ tag: "ModelHashDiffers" });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("posteriors", () => {
  const mask = { ...size, bits: Uint8Array.from(golden("tests/golden/tiny-prob-unet").values("mask")) };

  it.each(families)("%s answers with Gaussians, or has no posterior to ask for", async (family) => {
    const model = await loadModel(filesOf(family));
    const found = await model.posteriors?.(await model.prepare(crop), [mask, mask]);
    expect(found?.length).toBe(model.choice === "z" ? 2 : undefined);
    if (found) expect(relativeError(found[0]?.mean ?? [], found[1]?.mean ?? [])).toBeLessThan(1e-6);
    model.dispose();
  });
});
