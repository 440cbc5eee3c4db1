import { expect, test } from "vitest";
import { drawMany } from "../../src/core/draws.ts";
import type { Encoding, HeadWeights } from "../../src/core/encoding.ts";
import { PlainDecoder } from "../../src/core/plain-decoder.ts";
import { cropRegion } from "../../src/core/region.ts";
import type { Slice } from "../../src/core/slice.ts";
import { statisticsOf } from "../../src/core/statistics.ts";
import { sampleWholeSlice } from "../../src/engine/whole-slice.ts";

/** A model whose logits are z everywhere, over a mean map of 0. */
const HEAD: HeadWeights = { latent: 1, channels: 1, comb: null, fieldSpacings: [], fieldScale: 1 };

function encodingOf(size: number, mean: number): Encoding {
  const ones = new Float32Array(size * size).fill(1);
  const prior = { mean: new Float32Array([mean]), logSigma: new Float32Array([0]) };
  return { width: size, height: size, channels: 1, base: new Float32Array(size * size), factor: ones, prior };
}

function sliceOf(width: number, height: number, value: (x: number, y: number) => number): Slice {
  const values = Float32Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
  return {
    width,
    height,
    values,
    unit: "HU",
    spacingMm: null,
    geometry: null,
    padding: null,
    modality: "CT",
    name: "",
  };
}

const chequered = (x: number, y: number) => (x + y) % 2;

function scene(slice: Slice, mean: (call: number) => number = () => 0) {
  const seen: number[] = [];
  const engine = {
    encode: async () => {
      seen.push(seen.length);
      return encodingOf(128, mean(seen.length - 1));
    },
  };
  return { seen, input: { engine, decoder: new PlainDecoder(HEAD), head: HEAD, slice, seed: 5, count: 3 } };
}

test("a slice of one region is that region", async () => {
  const { input, seen } = scene(sliceOf(128, 128, chequered));
  const samples = await sampleWholeSlice(input);
  expect(seen).toHaveLength(1);
  const plain = new PlainDecoder(HEAD);
  const encoding = encodingOf(128, 0);
  plain.open(encoding);
  const alone = await plain.decode(drawMany(encoding.prior, HEAD, encoding, { seed: 5, count: 3 }), { samples: true });
  const off = samples.probabilities.map((p, i) => Math.abs(p - (alone.samples?.probabilities[i] as number)));
  expect(Math.max(...off)).toBeLessThan(1e-6);
});

test("regions that agree join without a seam, for the same ε is used in all of them", async () => {
  const { input, seen } = scene(sliceOf(300, 200, chequered));
  const { probabilities, count } = await sampleWholeSlice(input);
  expect(seen.length).toBeGreaterThan(4);
  for (let n = 0; n < count; n++) {
    const sample = probabilities.subarray(n * 300 * 200, (n + 1) * 300 * 200);
    expect(Math.max(...sample) - Math.min(...sample)).toBeLessThan(1e-6); // one z per sample, wherever one looks
  }
});

test("each region keeps its own prior: where two disagree the join is between them", async () => {
  const { input } = scene(sliceOf(224, 128, chequered), (call) => (call === 0 ? -9 : 9)); // starts at x = 0 and 96
  const { mean } = statisticsOf(await sampleWholeSlice(input));
  const at = (x: number) => mean[64 * 224 + x] as number;
  expect(at(0)).toBeLessThan(0.01);
  expect(at(223)).toBeGreaterThan(0.99);
  expect(at(111)).toBeGreaterThan(0.2);
  expect(at(112)).toBeLessThan(0.8);
});

test("a region without contrast is 0 and costs no encode", async () => {
  const { input, seen } = scene(sliceOf(224, 128, (x, y) => (x < 96 ? chequered(x, y) : 7)));
  const { probabilities } = await sampleWholeSlice(input);
  expect(seen).toHaveLength(1);
  expect(probabilities[64 * 224 + 220]).toBe(0);
});

test("a slice smaller than a region is answered at its own size", async () => {
  const { input } = scene(sliceOf(60, 50, chequered));
  const samples = await sampleWholeSlice(input);
  expect([samples.width, samples.height, samples.probabilities.length]).toEqual([60, 50, 3 * 60 * 50]);
});

test("it reports progress region by region and stops when aborted", async () => {
  const { input } = scene(sliceOf(300, 200, chequered));
  const stop = new AbortController();
  const seen: number[] = [];
  const run = sampleWholeSlice(input, {
    signal: stop.signal,
    onProgress: (fraction) => {
      seen.push(fraction);
      if (seen.length === 2) stop.abort();
    },
  });
  await expect(run).rejects.toMatchObject({ tag: "Aborted" });
  expect(seen.length).toBe(2);
});

test("an encode that fails ends the whole in its error", async () => {
  const { input } = scene(sliceOf(300, 200, chequered));
  const encode = async () => {
    throw new Error("no");
  };
  await expect(sampleWholeSlice({ ...input, engine: { encode } })).rejects.toThrow("no");
});

test("the crop that a region gets is the one that a click on its centre gets", async () => {
  const slice = sliceOf(128, 128, (x) => x);
  const crops: number[][] = [];
  const engine = {
    encode: async (crop: { values: Float32Array }) => {
      crops.push([...crop.values.subarray(0, 3)]);
      return encodingOf(128, 0);
    },
  };
  await sampleWholeSlice({ ...scene(slice).input, engine });
  expect(crops[0]).toEqual([...cropRegion(slice, 64, 64).values.subarray(0, 3)]);
});
