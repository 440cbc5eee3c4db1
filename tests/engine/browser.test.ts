import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CDPSession } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Draw } from "../../src/core/network/encoding.ts";
import type { BackendName, Model, ModelFiles, Prepared } from "../../src/core/network/model.ts";
import type { Crop } from "../../src/core/values/region.ts";
import type { PageEngine } from "../../src/engine/page-engine.ts";
import { type OpenPage, openChromiumPage } from "../support/chromium-page.ts";

// The page's engine in a real browser: minified, in its workers, with the failures forced that machines have.
const opened = process.env.CI ? await openChromiumPage() : { problem: "it is built and tried in CI alone" };
if ("problem" in opened) console.warn(`SKIPPED: the engine in Chromium; ${opened.problem}`);

interface Scene {
  readonly engine: PageEngine;
  readonly model: Model;
  readonly draws: readonly Draw[];
  readonly crop: Crop;
  readonly prepared: Prepared;
  readonly base: Float32Array;
  readonly probabilities: Float32Array;
}

declare global {
  var scene: Scene | undefined;
  var files: ModelFiles | undefined;
  /** How memory grows where nobody stands in the way. */
  var grow: typeof WebAssembly.Memory.prototype.grow | undefined;
  /** What the encode worker was asked for. */
  var asked: number | undefined;
  /** Buffers that a device made, and that it gave back. */
  var made: { buffers: number; destroyed: number } | undefined;
}

const folder = join(import.meta.dirname, "../golden/tiny-prob-unet");
const model = {
  config: JSON.parse(readFileSync(`${folder}/config.json`, "utf8")),
  weights: readFileSync(`${folder}/weights.safetensors`).toString("base64"),
};

describe.skipIf("problem" in opened)("the page's engine in Chromium", () => {
  const { page, close } = opened as OpenPage;
  afterAll(() => close());

  /** Loads the model and keeps engine, model and a few results on the page as `scene`. */
  const start = (forced?: BackendName) =>
    page.evaluate(
      async ({ config, weights, forced }) => {
        const { createPageEngine, wasmUrls, workers } = globalThis.graderspace;
        globalThis.scene?.engine.dispose();
        globalThis.scene?.model.dispose();
        workers.length = 0;
        const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
        const engine = createPageEngine({ wasmUrls, ...(forced && { forced }) });
        globalThis.files = { config, weights: [bytes] };
        const model = await engine.load(globalThis.files);
        const values = new Float32Array(64 * 64).map((_, i) => ((i * 7919) % 256) / 255);
        const crop = { size: 64, origin: [0, 0] as const, values, constant: false };
        const prepared = await model.prepare(crop);
        const draws = [0.5, -1, 2].map((z) => ({ z: new Float32Array(model.head!.latent).fill(z) }));
        const { samples } = await model.draw(prepared, { kind: "z", draws }, { samples: true });
        const { probabilities } = samples!;
        const scene = { engine, model, draws, crop, prepared, base: prepared.encoding!.base, probabilities };
        Object.assign(globalThis, { scene });
        return { report: model.report(), isolated: crossOriginIsolated };
      },
      { ...model, forced },
    );

  /** Largest difference to the first results when both are asked for again. */
  const again = () =>
    page.evaluate(async () => {
      const { model, draws, crop, prepared, base, probabilities } = globalThis.scene!;
      const furthest = (a: Float32Array, b: Float32Array) =>
        a.length === b.length ? Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) : Number.POSITIVE_INFINITY;
      const { encoding } = await model.prepare(crop);
      const { samples } = await model.draw(prepared, { kind: "z", draws }, { samples: true });
      return {
        encode: furthest(encoding!.base, base),
        decode: furthest(samples!.probabilities, probabilities),
        backend: model.report()?.backend,
      };
    });

  const moves = (count: number) =>
    page.evaluate(async (times) => {
      const { model, draws, prepared } = globalThis.scene!;
      for (let k = 0; k < times; k++) {
        await model.draw(prepared, { kind: "z", draws: [draws[k % 3]!] }, { samples: true });
      }
    }, count);

  /** The page's workers, once the browser has done with those that were ended: they would never answer. */
  const living = async () => {
    const count = await page.evaluate(() => globalThis.graderspace.living.size);
    await expect.poll(() => page.workers().length).toBe(count);
    return page.workers();
  };

  /** The youngest of its kind. */
  const worker = async (name: "model" | "decode") =>
    (await living()).findLast((one) => one.url().includes(`${name}.worker`))!;

  describe("on a machine without a graphics card", () => {
    beforeAll(async () => {
      const { report, isolated } = await start();
      expect(isolated).toBe(true);
      expect(report).toMatchObject({ backend: "wasm", rejected: [{ backend: "webgpu" }] });
      expect(report?.rejected[0]?.reason).toMatch(/software|no WebGPU|no graphics adapter/);
    });

    test("answers the same twice", async () => {
      expect(await again()).toEqual({ encode: 0, decode: 0, backend: "wasm" });
    });

    test("decodes on when its decode worker is killed in the middle", async () => {
      const off = await page.evaluate(async () => {
        const { model, draws, prepared, probabilities } = globalThis.scene!;
        const run = model.draw(prepared, { kind: "z", draws }, { samples: true });
        globalThis.graderspace.workers.at(-1)!.terminate();
        const { samples } = await run;
        return samples!.probabilities.every((p, i) => p === probabilities[i]);
      });
      expect(off).toBe(true);
    });

    test("encodes on when its encode worker is killed in the middle", async () => {
      const same = await page.evaluate(async () => {
        const { model, crop, base } = globalThis.scene!;
        const run = model.prepare(crop);
        globalThis.graderspace.workers[0]!.terminate();
        return (await run).encoding!.base.every((value, i) => value === base[i]);
      });
      expect(same).toBe(true);
    });

    test("encodes on when its worker was killed while nothing ran", async () => {
      await page.evaluate(() => globalThis.graderspace.workers.at(-1)!.terminate());
      expect(await again()).toMatchObject({ encode: 0, decode: 0 });
    });

    test("shares a large decode among workers, with the same result", async () => {
      const same = await page.evaluate(async () => {
        const { createPageEngine, wasmUrls, workers } = globalThis.graderspace;
        const { draws, crop } = globalThis.scene!;
        const before = workers.length;
        const pool = await createPageEngine({ wasmUrls, decodeWorkers: 3 }).load(globalThis.files!);
        const one = await createPageEngine({ wasmUrls, decodeWorkers: 1 }).load(globalThis.files!);
        const many = Array.from({ length: 130 }, (_, n) => draws[n % 3]!); // 130 · 64² > 2^19
        const all = await Promise.all(
          [pool, one].map(async (model) => {
            const prepared = await model.prepare(crop);
            return model.draw(prepared, { kind: "z", draws: many }, { samples: true, statistics: true });
          }),
        );
        const [a, b] = all.map(({ samples, statistics }) => [...samples!.probabilities, ...statistics!.variance]);
        pool.dispose();
        one.dispose();
        return {
          equal: a!.length > 130 * 4096 && a!.every((value, i) => value === b![i]),
          workers: workers.length - before,
        };
      });
      expect(same).toEqual({ equal: true, workers: 6 }); // two model workers, 3 + 1 decode workers
    });

    test("takes the worker that lost its model for the next one, and leaks none over ten switches", async () => {
      const counts = await page.evaluate(async () => {
        const { living } = globalThis.graderspace;
        const { engine } = globalThis.scene!;
        const made: number[] = [];
        let shown = await engine.load(globalThis.files!);
        const before = living.size;
        for (let k = 0; k < 10; k++) {
          const next = await engine.load(globalThis.files!);
          shown.dispose();
          shown = next;
          made.push(living.size - before);
        }
        shown.dispose();
        return made;
      });
      // the second model's two; from then on its model worker waits, and each decode worker goes with its model
      expect(counts).toEqual(new Array(10).fill(1));
    });

    test("keeps page and worker level over 1,000 moves of z, and the encode's tensors hear nothing of them", async () => {
      const session = await page.context().newCDPSession(page);
      await living();
      const heap = await workerHeap(session, "decode");
      const used = async () => {
        await session.send("HeapProfiler.collectGarbage");
        return [(await session.send("Runtime.getHeapUsage")).usedSize, await heap()] as const;
      };
      await page.evaluate(() => {
        const encoder = globalThis.graderspace.workers[0]!;
        const post = encoder.postMessage.bind(encoder) as (message: unknown) => void;
        globalThis.asked = 0;
        encoder.postMessage = (message: unknown) => {
          globalThis.asked!++;
          post(message);
        };
      });
      await moves(200);
      const before = await used();
      await moves(1000);
      const after = await used();
      expect(after[0] - before[0]).toBeLessThan(500_000);
      expect(after[1] - before[1]).toBeLessThan(500_000);
      expect(await page.evaluate(() => globalThis.asked)).toBe(0);
    });

    test("decodes on when it is refused memory once, and ends in a sentence while it is refused for good", async () => {
      const refuse = async (times: number) =>
        (await worker("decode")).evaluate((times) => {
          const grow = (globalThis.grow ??= WebAssembly.Memory.prototype.grow);
          let left = times;
          WebAssembly.Memory.prototype.grow = function (pages) {
            if (left-- > 0) throw new RangeError("Maximum memory size exceeded");
            WebAssembly.Memory.prototype.grow = grow;
            return grow.call(this, pages);
          };
        }, times);
      /** Decodes a picture of this side; its first 64 rows and columns are the scene's. */
      const decodeAt = (side: number) =>
        page.evaluate(async (side) => {
          const { model, draws, prepared, probabilities } = globalThis.scene!;
          const encoding = prepared.encoding!;
          const { channels } = encoding;
          const base = new Float32Array(side * side * channels);
          for (let y = 0; y < 64; y++) {
            base.set(encoding.base.subarray(64 * y * channels, 64 * (y + 1) * channels), side * y * channels);
          }
          const large = { ...prepared, encoding: { ...encoding, width: side, height: side, base } };
          try {
            const { samples } = await model.draw(large, { kind: "z", draws: [draws[0]!] }, { samples: true });
            return probabilities
              .slice(0, 64 * 64)
              .every((p, i) => p === samples!.probabilities[side * Math.floor(i / 64) + (i % 64)]);
          } catch (error) {
            return (error as Error).message;
          }
        }, side);
      await refuse(1);
      expect(await decodeAt(512)).toBe(true);
      await refuse(1000);
      expect(await decodeAt(700)).toMatch(/needs 8 MiB, more than the browser gives/);
      await refuse(0);
      expect(await decodeAt(64)).toBe(true);
    });
  });

  describe("with WebGPU forced, on SwiftShader where there is no card,", () => {
    beforeAll(async () => {
      const { report } = await start("webgpu");
      expect(report).toMatchObject({ backend: "webgpu", rejected: [] });
    }, 180_000);

    /** The next command encoder that the worker makes is its device's last. */
    const destroyInTheMiddle = async (name: "model" | "decode") =>
      (await worker(name)).evaluate(() => {
        const { createCommandEncoder } = GPUDevice.prototype;
        GPUDevice.prototype.createCommandEncoder = function (...args) {
          GPUDevice.prototype.createCommandEncoder = createCommandEncoder;
          this.destroy();
          return createCommandEncoder.apply(this, args);
        };
      });

    test("shows the same z when the decoder's device is destroyed in the middle", async () => {
      await destroyInTheMiddle("decode");
      const after = await again();
      expect(after.decode).toBeLessThan(1e-4);
    });

    test("makes no buffer in 200 moves of z", async () => {
      await moves(20);
      await (await worker("decode")).evaluate(() => {
        const made = { buffers: 0, destroyed: 0 };
        globalThis.made = made;
        const { createBuffer } = GPUDevice.prototype;
        GPUDevice.prototype.createBuffer = function (descriptor) {
          made.buffers++;
          return createBuffer.call(this, descriptor);
        };
        const { destroy } = GPUBuffer.prototype;
        GPUBuffer.prototype.destroy = function () {
          made.destroyed++;
          return destroy.call(this);
        };
      });
      await moves(200); // SwiftShader takes a hundredth of a second for each; one buffer in one of them would tell
      expect(await (await worker("decode")).evaluate(() => globalThis.made)).toEqual({ buffers: 0, destroyed: 0 });
    });

    test("shows the same z when the device refuses a buffer", async () => {
      await (await worker("decode")).evaluate(() => {
        const { createBuffer } = GPUDevice.prototype;
        GPUDevice.prototype.createBuffer = function (descriptor) {
          GPUDevice.prototype.createBuffer = createBuffer;
          return createBuffer.call(this, { ...descriptor, size: 2 ** 50 });
        };
      });
      const off = await page.evaluate(async () => {
        const { model, draws, prepared, probabilities } = globalThis.scene!;
        const more = [...draws, draws[0]!]; // one more than held so far
        const { samples } = await model.draw(prepared, { kind: "z", draws: more }, { samples: true });
        return Math.max(...probabilities.map((p, i) => Math.abs(p - samples!.probabilities[i]!)));
      });
      expect(off).toBeLessThan(1e-4);
    });

    test("shows the same z, on wasm, where the device allows buffers of 1 kB only", async () => {
      await (await worker("decode")).evaluate(() => {
        const real = Object.getOwnPropertyDescriptor(GPUDevice.prototype, "limits")!.get!;
        Object.defineProperty(GPUDevice.prototype, "limits", {
          get() {
            const { maxComputeInvocationsPerWorkgroup, maxComputeWorkgroupSizeX, maxComputeWorkgroupsPerDimension } =
              real.call(this);
            const small = { maxBufferSize: 1000, maxStorageBufferBindingSize: 1000 };
            return {
              ...small,
              maxComputeInvocationsPerWorkgroup,
              maxComputeWorkgroupSizeX,
              maxComputeWorkgroupsPerDimension,
            };
          },
        });
      });
      const off = await page.evaluate(async () => {
        const { model, draws, prepared, probabilities } = globalThis.scene!;
        const twice = [...draws, ...draws]; // more than the buffers hold so far: they would have to grow
        const { samples } = await model.draw(prepared, { kind: "z", draws: twice }, { samples: true });
        return Math.max(...probabilities.map((p, i) => Math.abs(p - samples!.probabilities[i]!)));
      });
      expect(off).toBeLessThan(1e-4);
    });

    test("encodes the same when tfjs's device is destroyed in the middle", async () => {
      await destroyInTheMiddle("model");
      const after = await again();
      expect(after.encode).toBeLessThan(1e-4);
      expect(after.backend).toBe("webgpu");
    });

    test("ends in a sentence when every new device is destroyed too", async () => {
      await (await worker("model")).evaluate(() => {
        const { createCommandEncoder } = GPUDevice.prototype;
        GPUDevice.prototype.createCommandEncoder = function (...args) {
          this.destroy();
          return createCommandEncoder.apply(this, args);
        };
      });
      const error = await page.evaluate(() =>
        globalThis.scene!.model.prepare(globalThis.scene!.crop).catch((reason) => ({
          tag: reason.tag,
          message: reason.message,
        })),
      );
      expect(error).toMatchObject({ tag: "NoBackend" });
    });
  });
});

/** Bytes that live in a worker, after a collection of garbage. */
async function workerHeap(session: CDPSession, name: string): Promise<() => Promise<number>> {
  const attached = new Promise<string>((found) => {
    session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (targetInfo.url.includes(`${name}.worker`)) found(sessionId);
    });
  });
  await session.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  let next = 0;
  const ask = (method: string) =>
    new Promise<{ usedSize: number }>((answer, fail) => {
      const id = ++next;
      const listen = ({ message }: { message: string }) => {
        const reply = JSON.parse(message);
        if (reply.id !== id) return;
        session.off("Target.receivedMessageFromTarget", listen);
        answer(reply.result);
      };
      session.on("Target.receivedMessageFromTarget", listen);
      session.send("Target.sendMessageToTarget", { sessionId, message: JSON.stringify({ id, method }) }).catch(fail);
    });
  return async () => {
    await ask("HeapProfiler.collectGarbage");
    return (await ask("Runtime.getHeapUsage")).usedSize;
  };
}
