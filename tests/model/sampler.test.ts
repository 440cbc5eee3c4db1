import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { Family } from "../../src/core/config/model-config.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { type Choices, chooseSamples } from "../../src/core/random/choices.ts";
import { loadSampler, type MakeDecoder, type Sampler } from "../../src/model/sampler.ts";
import { golden, modelFiles, relativeError } from "../support/golden.ts";
import { randomModel } from "../support/random-model.ts";

const SIZE = 64;
const size = { width: SIZE, height: SIZE };
const input = golden("tests/golden/tiny-prob-unet").values("input");
const plain: MakeDecoder = async (head) => new PlainDecoder(head);
const families: readonly Family[] = ["prob-unet", "dropout-unet", "unet-ensemble", "m-heads", "image2image-vae"];
const filesOf = (family: Family) => {
  return family === "prob-unet" ? modelFiles("tests/golden/tiny-prob-unet") : randomModel(family);
};

beforeAll(async () => {
  await tf.setBackend("wasm");
});

async function drawn(sampler: Sampler, seed: number, count: number): Promise<Float32Array> {
  const { prior } = await sampler.prepare(input, SIZE);
  const { samples } = await sampler.draw(chooseSamples(sampler, prior, size, { seed, count }), { samples: true });
  return samples?.probabilities ?? new Float32Array();
}

describe.each(families)("%s", (family) => {
  it("gives as many samples as asked for, each different", async () => {
    const sampler = await loadSampler(filesOf(family), plain);
    const probabilities = await drawn(sampler, 3, 3);
    expect(probabilities).toHaveLength(3 * SIZE * SIZE);
    expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true);
    const [one, two, three] = [0, 1, 2].map((n) => probabilities.slice(n * SIZE * SIZE, (n + 1) * SIZE * SIZE));
    expect(one).not.toEqual(two);
    expect(two).not.toEqual(three);
    sampler.dispose();
  });

  it("gives the same samples for the same choices, whatever came between", async () => {
    const sampler = await loadSampler(filesOf(family), plain);
    const first = await drawn(sampler, 3, 2);
    await drawn(sampler, 4, 3);
    expect(await drawn(sampler, 3, 2)).toEqual(first);
    sampler.dispose();
  });

  it("adds statistics where they are wanted", async () => {
    const sampler = await loadSampler(filesOf(family), plain);
    const { prior } = await sampler.prepare(input, SIZE);
    const choices = chooseSamples(sampler, prior, size, { seed: 0, count: 2 });
    const { samples, statistics } = await sampler.draw(choices, { samples: true, statistics: true });
    // mean of two: (a + b) / 2 at the first pixel
    const [a, b] = [samples?.probabilities[0] ?? 0, samples?.probabilities[SIZE * SIZE] ?? 0];
    expect(statistics?.mean[0]).toBeCloseTo((a + b) / 2, 6);
    sampler.dispose();
  });

  it("frees every tensor with itself", async () => {
    const before = tf.memory().numTensors;
    const sampler = await loadSampler(filesOf(family), plain);
    await drawn(sampler, 0, 2);
    const held = tf.memory().numTensors;
    await drawn(sampler, 1, 2);
    expect(tf.memory().numTensors).toBe(held); // another crop takes the place of the last
    sampler.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("refuses choices of another kind, and questions before it has a crop", async () => {
    const sampler = await loadSampler(filesOf(family), plain);
    const own: Choices = chooseSamples(
      sampler,
      { mean: new Float32Array(sampler.head?.latent ?? 0), logSigma: new Float32Array(sampler.head?.latent ?? 0) },
      size,
      { seed: 0, count: 1 },
    );
    const early = async () => sampler.draw(own, { samples: true });
    await expect(early()).rejects.toMatchObject({ tag: "BadArgument" });
    await sampler.prepare(input, SIZE);
    const wrong: Choices = sampler.choice === "seed" ? { kind: "head", indices: [0] } : { kind: "seed", seeds: [0] };
    const strange = async () => sampler.draw(wrong, { samples: true });
    await expect(strange()).rejects.toMatchObject({ tag: "BadArgument" });
    sampler.dispose();
  });

  it("stops where it is cancelled", async () => {
    const sampler = await loadSampler(filesOf(family), plain);
    const { prior } = await sampler.prepare(input, SIZE);
    const abort = new AbortController();
    abort.abort();
    const choices = chooseSamples(sampler, prior, size, { seed: 0, count: 2 });
    const run = async () => sampler.draw(choices, { samples: true }, { signal: abort.signal });
    await expect(run()).rejects.toMatchObject({ tag: "Aborted" });
    sampler.dispose();
  });
});

describe("the ensemble", () => {
  it("says member by member how far it is", async () => {
    const told: number[] = [];
    const sampler = await loadSampler(randomModel("unet-ensemble", { members: 4 }), plain, {
      onProgress: (fraction) => told.push(fraction),
    });
    expect(told).toEqual([0.25, 0.5, 0.75, 1]);
    sampler.dispose();
  });

  it("frees the members it had when one is damaged", async () => {
    const before = tf.memory().numTensors;
    const { config, weights } = randomModel("unet-ensemble");
    const damaged = weights.map((bytes, m) =>
      m === 2 ? bytes.map((byte, i) => (i === 5000 ? byte ^ 1 : byte)) : bytes,
    );
    await expect(loadSampler({ config, weights: damaged }, plain)).rejects.toMatchObject({ tag: "ModelHashDiffers" });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("posteriors", () => {
  const mask = { ...size, bits: Uint8Array.from(golden("tests/golden/tiny-prob-unet").values("mask")) };

  it.each(families)("%s answers with Gaussians, or null where it has no posterior", async (family) => {
    const sampler = await loadSampler(filesOf(family), plain);
    await sampler.prepare(input, SIZE);
    const found = await sampler.posteriors([mask, mask]);
    expect(found?.length ?? null).toBe(sampler.choice === "z" ? 2 : null);
    if (found) expect(relativeError(found[0]?.mean ?? [], found[1]?.mean ?? [])).toBeLessThan(1e-6);
    sampler.dispose();
  });
});
