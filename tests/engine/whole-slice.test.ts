import { expect, test } from "vitest";
import type { Encoding, HeadWeights } from "../../src/core/network/encoding.ts";
import type { Model } from "../../src/core/network/model.ts";
import { PlainDecoder } from "../../src/core/network/plain-decoder.ts";
import { drawMany } from "../../src/core/random/draws.ts";
import { cropRegion } from "../../src/core/values/region.ts";
import type { Slice } from "../../src/core/values/slice.ts";
import { Caller } from "../../src/engine/calls/calls.ts";
import { createRemoteStitcher } from "../../src/engine/decoder/remote-decoder.ts";
import { serveDecoder } from "../../src/engine/decoder/serve-decoder.ts";
import { LocalStitcher, mapWholeSlice, type WholeSliceInput } from "../../src/engine/whole-slice.ts";

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
  const model: Pick<Model, "prepare"> = {
    prepare: async (crop) => {
      seen.push(seen.length);
      const encoding = encodingOf(128, mean(seen.length - 1));
      return { crop, prior: encoding.prior, encoding };
    },
  };
  const input: WholeSliceInput = { head: HEAD, slice, seed: 5, count: 3 };
  return { seen, model, stitcher: new LocalStitcher(new PlainDecoder(HEAD)), input };
}

test("a slice of one region is that region", async () => {
  const { model, stitcher, input, seen } = scene(sliceOf(128, 128, chequered));
  const { mean } = await mapWholeSlice(model, stitcher, input);
  expect(seen).toHaveLength(1);
  const plain = new PlainDecoder(HEAD);
  const encoding = encodingOf(128, 0);
  plain.open(encoding);
  const alone = await plain.decode(drawMany(encoding.prior, HEAD, encoding, { seed: 5, count: 3 }), {
    statistics: true,
  });
  expect(Math.max(...mean.map((p, i) => Math.abs(p - (alone.statistics?.mean[i] as number))))).toBeLessThan(1e-6);
});

test("regions that agree join without a seam, for the same ε is used in all of them", async () => {
  const { model, stitcher, input, seen } = scene(sliceOf(300, 200, chequered));
  const { mean, variance } = await mapWholeSlice(model, stitcher, input);
  expect(seen.length).toBeGreaterThan(4);
  expect(Math.max(...mean) - Math.min(...mean)).toBeLessThan(1e-6);
  expect(Math.min(...variance)).toBeGreaterThan(0.001); // three different z, each the same wherever one looks
  expect(Math.max(...variance) - Math.min(...variance)).toBeLessThan(1e-6);
});

test("each region keeps its own prior: where two disagree the join is between them", async () => {
  const { model, stitcher, input } = scene(sliceOf(224, 128, chequered), (call) => (call === 0 ? -9 : 9)); // x from 0 and 96
  const { mean } = await mapWholeSlice(model, stitcher, input);
  const at = (x: number) => mean[64 * 224 + x] as number;
  expect(at(0)).toBeLessThan(0.01);
  expect(at(223)).toBeGreaterThan(0.99);
  expect(at(111)).toBeGreaterThan(0.2);
  expect(at(112)).toBeLessThan(0.8);
});

test("a region without contrast is 0 and costs no encode", async () => {
  const { model, stitcher, input, seen } = scene(sliceOf(224, 128, (x, y) => (x < 96 ? chequered(x, y) : 7)));
  const { mean } = await mapWholeSlice(model, stitcher, input);
  expect(seen).toHaveLength(1);
  expect(mean[64 * 224 + 220]).toBe(0);
});

test("a slice smaller than a region is answered at its own size", async () => {
  const { model, stitcher, input } = scene(sliceOf(60, 50, chequered));
  expect((await mapWholeSlice(model, stitcher, input)).mean.length).toBe(60 * 50);
});

test("it reports progress region by region and stops when aborted", async () => {
  const { model, stitcher, input } = scene(sliceOf(300, 200, chequered));
  const stop = new AbortController();
  const seen: number[] = [];
  const run = mapWholeSlice(model, stitcher, input, {
    signal: stop.signal,
    onProgress: (fraction) => {
      seen.push(fraction);
      if (seen.length === 2) stop.abort();
    },
  });
  await expect(run).rejects.toMatchObject({ tag: "Aborted" });
  expect(seen.length).toBe(2);
});

test("a crew encodes as many regions at once as it has lanes; the map is the one of a model alone", async () => {
  const { model, stitcher, input, seen } = scene(sliceOf(300, 200, chequered));
  const alone = await mapWholeSlice(model, stitcher, input);
  const regions = seen.length;
  let [atWork, most] = [0, 0];
  const prepare: Model["prepare"] = async (crop, task) => {
    most = Math.max(most, ++atWork);
    await new Promise((next) => setTimeout(next, 1));
    atWork--;
    return model.prepare(crop, task);
  };
  const shared = await mapWholeSlice({ prepare: model.prepare, crew: { lanes: 3, prepare } }, stitcher, input);
  expect(most).toBe(3);
  expect(seen.length).toBe(2 * regions);
  expect(shared).toEqual(alone);
});

test("an encode that fails ends the whole in its error", async () => {
  const { stitcher, input } = scene(sliceOf(300, 200, chequered));
  const prepare = () => Promise.reject(new Error("no"));
  await expect(mapWholeSlice({ prepare }, stitcher, input)).rejects.toThrow("no");
});

test("it begins once more where the stitcher's worker died on the way", async () => {
  const { model, input } = scene(sliceOf(300, 200, chequered));
  const { port1, port2 } = new MessageChannel();
  const next = new MessageChannel();
  for (const port of [port2, next.port2]) serveDecoder(port, async (head: HeadWeights) => new PlainDecoder(head));
  const caller = new Caller(port1);
  const stitcher = await createRemoteStitcher(caller, HEAD);
  let reconnected = false;
  const { mean } = await mapWholeSlice(model, stitcher, input, {
    onProgress: () => {
      if (!reconnected) caller.reconnect(next.port1); // a new worker that knows the head, but of no slice
      reconnected = true;
    },
  });
  expect(reconnected).toBe(true);
  expect(Math.max(...mean) - Math.min(...mean)).toBeLessThan(1e-6);
  for (const port of [port1, port2, next.port1, next.port2]) port.close();
});

test("the crop that a region gets is the one that a click on its centre gets", async () => {
  const slice = sliceOf(128, 128, (x) => x);
  const { stitcher, input } = scene(slice);
  const crops: number[][] = [];
  const prepare: Model["prepare"] = async (crop) => {
    crops.push([...crop.values.subarray(0, 3)]);
    const encoding = encodingOf(128, 0);
    return { crop, prior: encoding.prior, encoding };
  };
  await mapWholeSlice({ prepare }, stitcher, input);
  expect(crops[0]).toEqual([...cropRegion(slice, 64, 64).values.subarray(0, 3)]);
});
