import { afterEach, describe, expect, test } from "vitest";
import { chooseSamples } from "../../src/core/random/choices.ts";
import { tfjsBackends } from "../../src/engine/backends/tfjs-backends.ts";
import { Caller } from "../../src/engine/calls/calls.ts";
import { createRemoteSystem } from "../../src/engine/remote-system.ts";
import { serveSystem } from "../../src/engine/system.ts";
import { loadSampler, type Sampler } from "../../src/model/sampler.ts";
import { WasmDecoder } from "../../src/wasm/wasm-decoder.ts";
import { golden, modelFiles } from "../support/golden.ts";

const SYSTEMS = ["prob-unet", "dropout-unet", "unet-ensemble", "m-heads", "image2image-vae"];
const ALL = { samples: true, statistics: true } as const;

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function served(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serveSystem(port2, () => tfjsBackends({ forced: "wasm" }));
  return port1;
}

async function drawn(system: Sampler, crop: Float32Array) {
  const { prior } = await system.prepare(crop, 64);
  const choices = chooseSamples(system, prior, { width: 64, height: 64 }, { seed: 3, count: 2 });
  return system.draw(choices, ALL);
}

describe.each(SYSTEMS)("the %s over a port", (name) => {
  const folder = `tests/golden/tiny-${name}`;
  const crop = golden(folder).values("input");

  test("draws what it draws in this thread", async () => {
    const remote = await createRemoteSystem(new Caller(served()), modelFiles(folder));
    const local = await loadSampler(modelFiles(folder), (head) => WasmDecoder.create(head));
    expect([remote.choice, remote.members]).toEqual([local.choice, local.members]);
    expect(await drawn(remote, crop)).toEqual(await drawn(local, crop));
    remote.dispose();
    local.dispose();
  });
});

test("a worker that dies is told of the model and the crop again", async () => {
  const caller = new Caller(served());
  const folder = "tests/golden/tiny-m-heads";
  const remote = await createRemoteSystem(caller, modelFiles(folder));
  const before = await drawn(remote, golden(folder).values("input"));
  caller.reconnect(served());
  const choices = chooseSamples(remote, null, { width: 64, height: 64 }, { seed: 3, count: 2 });
  expect(await remote.draw(choices, ALL)).toEqual(before);
  remote.dispose();
});

test("a draw before a crop keeps its tag over the port", async () => {
  const remote = await createRemoteSystem(new Caller(served()), modelFiles("tests/golden/tiny-m-heads"));
  await expect(remote.draw({ kind: "head", indices: [0] }, ALL)).rejects.toMatchObject({ tag: "BadArgument" });
  remote.dispose();
});
