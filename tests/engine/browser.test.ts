import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Decoder, Draw } from "../../src/core/encoding.ts";
import type { Crop } from "../../src/core/region.ts";
import type { BackendName, ModelFiles } from "../../src/engine/engine.ts";
import type { PageEngine } from "../../src/engine/page-engine.ts";
import { type OpenPage, openChromiumPage } from "../support/chromium-page.ts";

// The page's engine in a real browser: minified, in its workers, with the failures forced that machines have.
const opened = await openChromiumPage();
if ("problem" in opened) console.warn(`SKIPPED: the engine in Chromium; ${opened.problem}`);

interface Scene {
  readonly engine: PageEngine;
  readonly decoder: Decoder;
  readonly draws: readonly Draw[];
  readonly crop: Crop;
  readonly base: Float32Array;
  readonly probabilities: Float32Array;
}

declare global {
  var scene: Scene | undefined;
  var files: ModelFiles | undefined;
}

const folder = join(import.meta.dirname, "../golden/tiny-prob-unet");
const model = {
  config: JSON.parse(readFileSync(`${folder}/config.json`, "utf8")),
  weights: readFileSync(`${folder}/weights.safetensors`).toString("base64"),
};

describe.skipIf("problem" in opened)("the page's engine in Chromium", { timeout: 180_000 }, () => {
  const { page, close } = opened as OpenPage;
  afterAll(() => close());

  /** Loads the model and keeps engine, decoder and a few results on the page as `scene`. */
  const start = (forced?: BackendName) =>
    page.evaluate(
      async ({ config, weights, forced }) => {
        const { createPageEngine, wasmUrls, workers } = globalThis.graderspace;
        globalThis.scene?.engine.engine.dispose();
        globalThis.scene?.decoder.dispose();
        workers.length = 0;
        const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
        const engine = createPageEngine({ wasmUrls, ...(forced && { forced }) });
        globalThis.files = { config, weights: [bytes] };
        const info = await engine.engine.load(globalThis.files);
        const values = new Float32Array(64 * 64).map((_, i) => ((i * 7919) % 256) / 255);
        const crop = { size: 64, origin: [0, 0] as const, values, constant: false };
        const encoding = await engine.engine.encode(crop);
        const decoder = await engine.decoder(info.head);
        decoder.open(encoding);
        const draws = [0.5, -1, 2].map((z) => ({ z: new Float32Array(info.head.latent).fill(z) }));
        const { samples } = await decoder.decode(draws, { samples: true });
        const scene = { engine, decoder, draws, crop, base: encoding.base, probabilities: samples!.probabilities };
        Object.assign(globalThis, { scene });
        return { report: engine.report(), kind: decoder.kind, isolated: crossOriginIsolated };
      },
      { ...model, forced },
    );

  /** Largest difference to the first results when both are asked for again. */
  const again = () =>
    page.evaluate(async () => {
      const { engine, decoder, draws, crop, base, probabilities } = globalThis.scene!;
      const furthest = (a: Float32Array, b: Float32Array) =>
        a.length === b.length ? Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) : Number.POSITIVE_INFINITY;
      const encoding = await engine.engine.encode(crop);
      const { samples } = await decoder.decode(draws, { samples: true });
      return {
        encode: furthest(encoding.base, base),
        decode: furthest(samples!.probabilities, probabilities),
        backend: engine.report()?.backend,
      };
    });

  const worker = (name: "engine" | "decode") => {
    const found = page.workers().filter((one) => one.url().includes(`${name}.worker`));
    return found.at(-1)!;
  };

  describe("on a machine without a graphics card", () => {
    beforeAll(async () => {
      const { report, kind, isolated } = await start();
      expect(isolated).toBe(true);
      expect(kind).toBe("wasm");
      expect(report).toMatchObject({ backend: "wasm", rejected: [{ backend: "webgpu" }] });
      expect(report?.rejected[0]?.reason).toMatch(/software|no WebGPU|no graphics adapter/);
    });

    test("answers the same twice", async () => {
      expect(await again()).toEqual({ encode: 0, decode: 0, backend: "wasm" });
    });

    test("decodes on when its decode worker is killed in the middle", async () => {
      const off = await page.evaluate(async () => {
        const { decoder, draws, probabilities } = globalThis.scene!;
        const run = decoder.decode(draws, { samples: true });
        globalThis.graderspace.workers.at(-1)!.terminate();
        const { samples } = await run;
        return samples!.probabilities.every((p, i) => p === probabilities[i]);
      });
      expect(off).toBe(true);
    });

    test("encodes on when its encode worker is killed in the middle", async () => {
      const same = await page.evaluate(async () => {
        const { engine, crop, base } = globalThis.scene!;
        const run = engine.engine.encode(crop);
        globalThis.graderspace.workers[0]!.terminate();
        return (await run).base.every((value, i) => value === base[i]);
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
        const { engine, draws, crop } = globalThis.scene!;
        const head = (await engine.engine.load(globalThis.files!)).head;
        const encoding = await engine.engine.encode(crop);
        const before = workers.length;
        const pool = await createPageEngine({ wasmUrls, decodeWorkers: 3 }).decoder(head);
        const one = await createPageEngine({ wasmUrls, decodeWorkers: 1 }).decoder(head);
        const many = Array.from({ length: 130 }, (_, n) => draws[n % 3]!); // 130 · 64² > 2^19
        const all = await Promise.all(
          [pool, one].map((decoder) => {
            decoder.open(encoding);
            return decoder.decode(many, { samples: true, statistics: true });
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
      expect(same).toEqual({ equal: true, workers: 6 }); // two encode workers, 3 + 1 decode workers
    });

    test("keeps the heap level over 1,000 moves of z", async () => {
      const session = await page.context().newCDPSession(page);
      const moves = (count: number) =>
        page.evaluate(async (times) => {
          const { decoder, draws } = globalThis.scene!;
          for (let k = 0; k < times; k++) await decoder.decode([draws[0]!], { samples: true });
        }, count);
      const used = async () => {
        await session.send("HeapProfiler.collectGarbage");
        return (await session.send("Runtime.getHeapUsage")).usedSize;
      };
      await moves(100);
      const before = await used();
      await moves(1000);
      expect((await used()) - before).toBeLessThan(500_000);
    });
  });

  describe("with WebGPU forced, on SwiftShader where there is no card,", () => {
    beforeAll(async () => {
      const { report, kind } = await start("webgpu");
      expect(report).toMatchObject({ backend: "webgpu", rejected: [] });
      expect(kind).toBe("webgpu");
    }, 180_000);

    /** The next command encoder that the worker makes is its device's last. */
    const destroyInTheMiddle = (name: "engine" | "decode") =>
      worker(name).evaluate(() => {
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

    test("shows the same z, on wasm, where the device allows buffers of 1 kB only", async () => {
      await worker("decode").evaluate(() => {
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
        const { decoder, draws, probabilities } = globalThis.scene!;
        const twice = [...draws, ...draws]; // more than the buffers hold so far: they would have to grow
        const { samples } = await decoder.decode(twice, { samples: true });
        return Math.max(...probabilities.map((p, i) => Math.abs(p - samples!.probabilities[i]!)));
      });
      expect(off).toBeLessThan(1e-4);
    });

    test("encodes the same when tfjs's device is destroyed in the middle", async () => {
      await destroyInTheMiddle("engine");
      const after = await again();
      expect(after.encode).toBeLessThan(1e-4);
      expect(after.backend).toBe("webgpu");
    });

    test("ends in a sentence when every new device is destroyed too", async () => {
      await worker("engine").evaluate(() => {
        const { createCommandEncoder } = GPUDevice.prototype;
        GPUDevice.prototype.createCommandEncoder = function (...args) {
          this.destroy();
          return createCommandEncoder.apply(this, args);
        };
      });
      const error = await page.evaluate(() =>
        globalThis.scene!.engine.engine.encode(globalThis.scene!.crop).catch((reason) => ({
          tag: reason.tag,
          message: reason.message,
        })),
      );
      expect(error).toMatchObject({ tag: "NoBackend" });
    });
  });
});
