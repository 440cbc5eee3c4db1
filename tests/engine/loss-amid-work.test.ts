import { expect, test } from "vitest";
import { evaluateCase } from "../../src/core/measures/evaluate-case.ts";
import type { Model, ModelFiles } from "../../src/core/network/model.ts";
import { cutMask } from "../../src/core/values/mask-placement.ts";
import { cropRegion } from "../../src/core/values/region.ts";
import type { Backend } from "../../src/engine/backends/backend.ts";
import { ModelHost } from "../../src/engine/recovery.ts";
import { LocalStitcher, mapWholeSlice } from "../../src/engine/whole-slice.ts";
import { FAKE_CONFIG, FAKE_HEAD, FakeDecoder, FakeEngine } from "../support/fake-engine.ts";
import { discMask, discSlice } from "../support/fake-library.ts";

/** A graphics device may go at any moment of long work: what comes of it is what would have come without the loss. */

const FILES: ModelFiles = { config: FAKE_CONFIG, weights: [] };

/** A model behind a host whose device is lost in these calls of `prepare`, counted from 0 over all starts. */
async function hostedModel(lossAt: readonly number[]) {
  const starts: string[] = [];
  let prepared = 0;
  const backend: Backend = {
    name: "webgpu",
    start: async () => {
      starts.push("start");
      return { detail: "", versions: {}, limits: {}, fault: () => null, lost: new Promise(() => undefined) };
    },
  };
  const loadModel = async (files: ModelFiles): Promise<Model> => {
    const model = await new FakeEngine().load(files, () => new FakeDecoder(FAKE_HEAD));
    return {
      ...model,
      prepare: (crop, task) => {
        if (lossAt.includes(prepared++)) throw new Error("the graphics device was lost");
        return model.prepare(crop, task);
      },
    };
  };
  const host = new ModelHost([backend], { loadModel, selfTest: async () => null });
  return { model: await host.load(FILES), starts };
}

test("a map of the whole slice goes on over two losses, and is the same map", async () => {
  const input = { head: FAKE_HEAD, slice: discSlice(), seed: 3, count: 4 };
  const map = async (lossAt: readonly number[]) => {
    const { model, starts } = await hostedModel(lossAt);
    return { ...(await mapWholeSlice(model, new LocalStitcher(new FakeDecoder(FAKE_HEAD)), input)), starts };
  };
  const [whole, broken] = [await map([]), await map([1, 3])];
  expect([whole.starts.length, broken.starts.length]).toEqual([1, 3]);
  expect(broken.mean).toEqual(whole.mean);
  expect(broken.variance).toEqual(whole.variance);
});

test("a case of an evaluation has the same figures after a loss", async () => {
  const { origin, values } = cropRegion(discSlice(), 100, 90);
  const graders = [cutMask(discMask(6), origin, 128), cutMask(discMask(9), origin, 128)];
  const evaluate = async (lossAt: readonly number[]) => {
    const { model } = await hostedModel(lossAt);
    const order = { seed: 1, count: 4, threshold: 0.5, kl: true };
    return (await evaluateCase(model, { row: 2, size: 128, values, graders }, order)).figures;
  };
  expect(await evaluate([0])).toEqual(await evaluate([]));
});
