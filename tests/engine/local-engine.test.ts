import { describe, expect, test } from "vitest";
import { GraderspaceError } from "../../src/core/errors.ts";
import type { Backend, Started } from "../../src/engine/backends/backend.ts";
import type { BackendName, ModelFiles } from "../../src/engine/engine.ts";
import { createLocalEngine } from "../../src/engine/local-engine.ts";
import type { Network } from "../../src/model/network.ts";

const FILES = { config: { name: "fake" }, weights: [] } as unknown as ModelFiles;
const CROP = { size: 8, origin: [0, 0] as const, values: new Float32Array(64), constant: false };
const PRIOR = { mean: new Float32Array(1), logSigma: new Float32Array(1) };

/** Backends that note what happens to them, and networks whose encode does what the test says, one step per call. */
function scene(names: BackendName[], steps: (() => void | Promise<void>)[] = []) {
  const events: string[] = [];
  let current = "";
  let fault: string | null = null;
  const backends = names.map(
    (name): Backend => ({
      name,
      start: async (): Promise<Started> => {
        events.push(`start ${name}`);
        current = name;
        fault = null;
        return { detail: name, versions: {}, limits: {}, fault: () => fault, lost: new Promise(() => undefined) };
      },
    }),
  );
  const loadNetwork = async (): Promise<Network> => {
    events.push(`load on ${current}`);
    return {
      head: { latent: 1 },
      encode: async () => {
        await steps.shift()?.();
        return { width: 8, height: 8, channels: 1, base: new Float32Array(64), prior: PRIOR };
      },
      dispose: () => events.push(`dispose on ${current}`),
    } as unknown as Network;
  };
  const engine = createLocalEngine(backends, { loadNetwork, selfTest: async () => null });
  return {
    engine,
    events,
    backends,
    loadNetwork,
    refuse: (reason: string) => {
      fault = reason;
    },
  };
}

const lose = () => {
  throw new Error("device lost");
};

describe("the local engine's choice of backend", () => {
  test("takes the first that starts and computes rightly, and says why the better ones are not taken", async () => {
    const { backends, loadNetwork } = scene(["webgpu", "wasm", "cpu"]);
    const verdicts = ["it computes average pooling wrongly", null];
    const [first, ...rest] = backends as [Backend, ...Backend[]];
    const start = async () => {
      throw new Error("WebGPU finds no graphics adapter");
    };
    const engine = createLocalEngine([{ ...first, start }, ...rest], {
      loadNetwork,
      selfTest: async () => verdicts.shift() as string | null,
    });
    expect((await engine.load(FILES)).backend).toMatchObject({
      backend: "cpu",
      rejected: [
        { backend: "webgpu", reason: "WebGPU finds no graphics adapter" },
        { backend: "wasm", reason: "it computes average pooling wrongly" },
      ],
    });
  });

  test("does not take one that gets the model's golden values wrong", async () => {
    const { engine } = scene(["webgpu"]);
    const values = new Uint8Array(new Float32Array([...new Array(64).fill(0), ...new Array(64).fill(1)]).buffer);
    const tensors = { input: { shape: [8, 8], offset: 0 }, base: { shape: [8, 8, 1], offset: 256 } };
    const load = engine.load({ ...FILES, golden: { tensors, values } }); // the network says 0 where golden says 1
    await expect(load).rejects.toMatchObject({ tag: "NoBackend" });
    await expect(load).rejects.toThrow(/its base of the golden input is off by 1\.0/);
  });

  test("does not blame the backend for a damaged model", async () => {
    const { backends } = scene(["webgpu", "wasm"]);
    const loadNetwork = async () => {
      throw new GraderspaceError("ModelTruncated", { problem: "it ends early" });
    };
    const engine = createLocalEngine(backends, { loadNetwork, selfTest: async () => null });
    await expect(engine.load(FILES)).rejects.toMatchObject({ tag: "ModelTruncated" });
  });
});

describe("the local engine after a failure", () => {
  test("starts the same backend anew, loads the weights again and answers all the same", async () => {
    const { engine, events } = scene(["webgpu", "wasm"], [lose]);
    await engine.load(FILES);
    expect((await engine.encode(CROP)).width).toBe(8);
    expect(events).toEqual(["start webgpu", "load on webgpu", "dispose on webgpu", "start webgpu", "load on webgpu"]);
    expect(await engine.report()).toMatchObject({ backend: "webgpu", rejected: [] });
  });

  test("takes the next backend when the same one fails again", async () => {
    const { engine } = scene(["webgpu", "wasm"], [lose, lose]);
    await engine.load(FILES);
    expect((await engine.encode(CROP)).width).toBe(8);
    const rejected = [{ backend: "webgpu", reason: "device lost" }];
    expect(await engine.report()).toMatchObject({ backend: "wasm", rejected });
  });

  test("does not believe a result that the device only half computed", async () => {
    const refused = scene(["webgpu", "wasm"], [() => refused.refuse("the graphics device refused work (buffer)")]);
    await refused.engine.load(FILES);
    await refused.engine.encode(CROP);
    expect(refused.events.filter((event) => event === "start webgpu")).toHaveLength(2);
  });

  test("says so when no backend is left", async () => {
    const { engine } = scene(["cpu"], [lose, lose]);
    await engine.load(FILES);
    await expect(engine.encode(CROP)).rejects.toMatchObject({ tag: "NoBackend" });
  });

  test("works again on the next call where only one run failed beyond help", async () => {
    const { engine } = scene(["cpu"], [lose, lose]);
    await engine.load(FILES);
    await engine.encode(CROP).catch(() => undefined);
    expect((await engine.encode(CROP)).width).toBe(8);
  });

  test("leaves errors of the caller alone", async () => {
    const bad = () => {
      throw new GraderspaceError("BadArgument", { problem: "the size is odd" });
    };
    const { engine, events } = scene(["webgpu", "wasm"], [bad]);
    await engine.load(FILES);
    await expect(engine.encode(CROP)).rejects.toMatchObject({ tag: "BadArgument" });
    expect(events).toEqual(["start webgpu", "load on webgpu"]);
  });
});

test("two encodes at once run one after the other", async () => {
  const order: string[] = [];
  const slow = async () => {
    order.push("first begins");
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push("first ends");
  };
  const { engine } = scene(["wasm"], [slow, () => void order.push("second")]);
  await engine.load(FILES);
  await Promise.all([engine.encode(CROP), engine.encode(CROP)]);
  expect(order).toEqual(["first begins", "first ends", "second"]);
});
