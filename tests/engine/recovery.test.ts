import { describe, expect, test } from "vitest";
import { GraderspaceError } from "../../src/core/errors.ts";
import type { BackendName, Model, ModelFiles } from "../../src/core/network/model.ts";
import type { Crop } from "../../src/core/values/region.ts";
import type { Backend, Started } from "../../src/engine/backends/backend.ts";
import { ModelHost } from "../../src/engine/recovery.ts";

const FILES = { config: { name: "fake", architecture: {} }, weights: [] } as unknown as ModelFiles;
const CROP = { size: 8, origin: [0, 0] as const, values: new Float32Array(64), constant: false };
const PRIOR = { mean: new Float32Array(1), logSigma: new Float32Array(1) };
const ENCODING = { width: 8, height: 8, channels: 1, base: new Float32Array(64), prior: PRIOR };

/** Backends that note what happens to them, and models whose prepare does what the test says, one step per call. */
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
  const loadModel = async (): Promise<Model> => {
    events.push(`load on ${current}`);
    return {
      prepare: async (crop: Crop) => {
        await steps.shift()?.();
        return { crop, prior: PRIOR, encoding: ENCODING };
      },
      dispose: () => events.push(`dispose on ${current}`),
    } as unknown as Model;
  };
  const host = new ModelHost(backends, { loadModel, selfTest: async () => null });
  return {
    host,
    events,
    backends,
    loadModel,
    refuse: (reason: string) => {
      fault = reason;
    },
  };
}

const lose = () => {
  throw new Error("device lost");
};

describe("the choice of backend", () => {
  test("takes the first that starts and computes rightly, and says why the better ones are not taken", async () => {
    const { backends, loadModel } = scene(["webgpu", "wasm", "cpu"]);
    const verdicts = ["it computes average pooling wrongly", null];
    const [first, ...rest] = backends as [Backend, ...Backend[]];
    const start = async () => {
      throw new Error("WebGPU finds no graphics adapter");
    };
    const host = new ModelHost([{ ...first, start }, ...rest], {
      loadModel,
      selfTest: async () => verdicts.shift() as string | null,
    });
    expect((await host.load(FILES)).report()).toMatchObject({
      backend: "cpu",
      rejected: [
        { backend: "webgpu", reason: "WebGPU finds no graphics adapter" },
        { backend: "wasm", reason: "it computes average pooling wrongly" },
      ],
    });
  });

  test("does not take one that gets the model's golden values wrong", async () => {
    const { host } = scene(["webgpu"]);
    const load = host.load({ ...FILES, golden: goldenOf(1) }); // the network says 0 where golden says 1
    await expect(load).rejects.toMatchObject({ tag: "NoBackend" });
    await expect(load).rejects.toThrow(/its base of the golden input is off by 1\.0/);
  });

  test("does not blame the backend for a damaged model", async () => {
    const { backends } = scene(["webgpu", "wasm"]);
    const loadModel = async () => {
      throw new GraderspaceError("ModelTruncated", { problem: "it ends early" });
    };
    const host = new ModelHost(backends, { loadModel, selfTest: async () => null });
    await expect(host.load(FILES)).rejects.toMatchObject({ tag: "ModelTruncated" });
  });
});

describe("a model after a failure", () => {
  test("starts the same backend anew, loads the weights again and answers all the same", async () => {
    const { host, events } = scene(["webgpu", "wasm"], [lose]);
    const model = await host.load(FILES);
    expect((await model.prepare(CROP)).encoding).toEqual(ENCODING);
    expect(events).toEqual(["start webgpu", "load on webgpu", "dispose on webgpu", "start webgpu", "load on webgpu"]);
    expect(model.report()).toMatchObject({ backend: "webgpu", rejected: [] });
  });

  test("takes the next backend when the same one fails again", async () => {
    const { host } = scene(["webgpu", "wasm"], [lose, lose]);
    const model = await host.load(FILES);
    expect((await model.prepare(CROP)).encoding).toEqual(ENCODING);
    const rejected = [{ backend: "webgpu", reason: "device lost" }];
    expect(model.report()).toMatchObject({ backend: "wasm", rejected });
  });

  test("does not believe a result that the device only half computed", async () => {
    const refused = scene(["webgpu", "wasm"], [() => refused.refuse("the graphics device refused work (buffer)")]);
    const model = await refused.host.load(FILES);
    await model.prepare(CROP);
    expect(refused.events.filter((event) => event === "start webgpu")).toHaveLength(2);
  });

  test("says so when no backend is left", async () => {
    const { host } = scene(["cpu"], [lose, lose]);
    const model = await host.load(FILES);
    await expect(model.prepare(CROP)).rejects.toMatchObject({ tag: "NoBackend" });
  });

  test("works again on the next call where only one run failed beyond help", async () => {
    const { host } = scene(["cpu"], [lose, lose]);
    const model = await host.load(FILES);
    await model.prepare(CROP).catch(() => undefined);
    expect((await model.prepare(CROP)).encoding).toEqual(ENCODING);
  });

  test("leaves errors of the caller alone", async () => {
    const bad = () => {
      throw new GraderspaceError("BadArgument", { problem: "the size is odd" });
    };
    const { host, events } = scene(["webgpu", "wasm"], [bad]);
    const model = await host.load(FILES);
    await expect(model.prepare(CROP)).rejects.toMatchObject({ tag: "BadArgument" });
    expect(events).toEqual(["start webgpu", "load on webgpu"]);
  });
});

test("two looks at once run one after the other", async () => {
  const order: string[] = [];
  const slow = async () => {
    order.push("first begins");
    await new Promise((resolve) => setTimeout(resolve, 5));
    order.push("first ends");
  };
  const { host } = scene(["wasm"], [slow, () => void order.push("second")]);
  const model = await host.load(FILES);
  await Promise.all([model.prepare(CROP), model.prepare(CROP)]);
  expect(order).toEqual(["first begins", "first ends", "second"]);
});

describe("one model after another", () => {
  test("the one before is let go, and answers no more", async () => {
    const { host, events } = scene(["wasm"]);
    const first = await host.load(FILES);
    const second = await host.load({ ...FILES });
    expect(events).toEqual(["start wasm", "load on wasm", "dispose on wasm", "load on wasm"]);
    await expect(first.prepare(CROP)).rejects.toMatchObject({ tag: "BadArgument" });
    first.dispose(); // takes nothing from its successor
    expect((await second.prepare(CROP)).encoding).toEqual(ENCODING);
  });

  test("a model that was refused leaves nothing behind", async () => {
    const { host, events } = scene(["cpu"], [lose, lose]);
    await expect(host.load({ ...FILES, golden: goldenOf(0) })).rejects.toMatchObject({ tag: "NoBackend" });
    expect((await (await host.load(FILES)).prepare(CROP)).encoding).toEqual(ENCODING);
    expect(events.filter((event) => event.startsWith("load"))).toHaveLength(
      events.filter((event) => event.startsWith("dispose")).length + 1,
    );
  });

  test("golden values are reproduced once per model, and again on a backend started anew", async () => {
    let looks = 0;
    const look = () => void looks++;
    const { host } = scene(["wasm"], [look, look, lose, look, look]);
    const model = await host.load({ ...FILES, golden: goldenOf(0) });
    expect(looks).toBe(1);
    await model.prepare(CROP);
    expect(looks).toBe(2);
    await model.prepare(CROP); // is lost: the golden input, then the crop again
    expect(looks).toBe(4);
  });
});

/** A golden input of zeros whose base is this value everywhere. */
function goldenOf(base: number) {
  const values = new Uint8Array(new Float32Array([...new Array(64).fill(0), ...new Array(64).fill(base)]).buffer);
  return { tensors: { input: { shape: [8, 8], offset: 0 }, base: { shape: [8, 8, 1], offset: 256 } }, values };
}

describe("a look inside the network", () => {
  test("is taken once more on a backend that was lost, and only of models that have a decode", async () => {
    const { host, events, backends } = scene(["webgpu", "wasm"]);
    expect((await host.load(FILES)).lookInside).toBeUndefined();
    const steps = [lose];
    const loadModel = async () =>
      ({
        decode: { latent: 1 },
        lookInside: async ({ crop }: { crop: Crop }) => {
          events.push("look");
          steps.shift()?.();
          return { down: [], up: [], base: { size: crop.size }, prior: null };
        },
        dispose: () => undefined,
      }) as unknown as Model;
    const looking = new ModelHost(backends, { loadModel, selfTest: async () => null });
    const model = await looking.load(FILES);
    events.length = 0;
    expect((await model.lookInside?.({ crop: CROP }))?.base.size).toBe(8);
    expect(events).toEqual(["look", "start webgpu", "look"]);
  });
});
