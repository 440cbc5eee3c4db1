import { afterEach, expect, test } from "vitest";
import { GraderspaceError } from "../../src/core/errors.ts";
import { chooseSamples } from "../../src/core/random/choices.ts";
import { tfjsBackends } from "../../src/engine/backends/tfjs-backends.ts";
import { Caller } from "../../src/engine/calls/calls.ts";
import { serveModel } from "../../src/engine/model-worker.ts";
import { createRemoteModel } from "../../src/engine/remote-model.ts";
import { goldenCrop, testedFiles } from "../support/golden.ts";

const ALL = { samples: true, statistics: true } as const;
const HEADS = "tests/golden/tiny-m-heads";
const SIZE = { width: 64, height: 64 };

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function served(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serveModel(port2, () => tfjsBackends({ forced: "wasm" }));
  return port1;
}

test("a worker that dies is told of the model again, and what was prepared is drawn as before", async () => {
  const caller = new Caller(served());
  const model = await createRemoteModel(caller, testedFiles(HEADS));
  const prepared = await model.prepare(goldenCrop(HEADS));
  const choices = chooseSamples(model, null, SIZE, { seed: 3, count: 2 });
  const before = await model.draw(prepared, choices, ALL);
  caller.reconnect(served());
  expect(await model.draw(prepared, choices, ALL)).toEqual(before);
});

test("it tells which backend runs it, and how long the last look took", async () => {
  const model = await createRemoteModel(new Caller(served()), testedFiles(HEADS));
  expect(model.report()).toMatchObject({ backend: "wasm", rejected: [] });
  expect(Object.keys(model.report()?.timings ?? {}).sort()).toEqual(["load", "start"]);
  await model.prepare(goldenCrop(HEADS));
  expect(Object.keys(model.report()?.timings ?? {}).sort()).toEqual(["encode", "load", "start"]);
});

test("a backend that gets a family's golden samples wrong is not taken", async () => {
  const files = testedFiles(HEADS);
  const values = files.golden?.values.slice() as Uint8Array;
  new Float32Array(values.buffer).fill(-9, files.golden!.tensors["logits"]!.offset / 4);
  const wrong = createRemoteModel(new Caller(served()), { ...files, golden: { ...files.golden!, values } });
  await expect(wrong).rejects.toMatchObject({ tag: "NoBackend" });
  await expect(wrong).rejects.toThrow(/its samples of the golden input/);
});

test("a model that was closed answers no more, ends its calls, and leaves its worker to the next", async () => {
  const caller = new Caller(served());
  const first = await createRemoteModel(caller, testedFiles(HEADS));
  const underWay = first.prepare(goldenCrop(HEADS));
  first.dispose();
  await expect(underWay).rejects.toMatchObject({ tag: "Aborted" });
  const folder = "tests/golden/tiny-prob-unet";
  const second = await createRemoteModel(caller, testedFiles(folder));
  await expect(first.prepare(goldenCrop(HEADS))).rejects.toMatchObject({ tag: "Aborted" });
  first.dispose();
  expect((await second.prepare(goldenCrop(folder))).encoding?.width).toBe(64);
});

test("a refused model is not told to a successor of the worker", async () => {
  const caller = new Caller(served());
  const files = testedFiles(HEADS);
  const refused = createRemoteModel(caller, { ...files, weights: [] });
  await expect(refused).rejects.toBeInstanceOf(GraderspaceError);
  const heir = served();
  const told: string[] = [];
  const post = heir.postMessage.bind(heir);
  heir.postMessage = (message: { method: string }) => {
    told.push(message.method);
    post(message);
  };
  caller.reconnect(heir);
  expect(told).toEqual(["start"]);
});
