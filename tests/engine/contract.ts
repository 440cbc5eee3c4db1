import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Engine, ModelFiles } from "../../src/engine/engine.ts";
import { golden, modelFiles, relativeError } from "../support/golden.ts";

const TINY = "tests/golden/tiny-prob-unet";
/** A model whose posterior is found by Newton's steps in the encoding. */
const LINEAR = "tests/golden/tiny-linear";

export interface Opened {
  readonly engine: Engine;
  close(): void;
}

/** What every engine does, wherever it runs: local and over a port are held to the same words. */
export function engineContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keeps the engine's contract:`, () => {
    const reference = golden(TINY);
    const crop = { size: 64, origin: [0, 0] as const, values: reference.values("input"), constant: false };
    const mask = { width: 64, height: 64, bits: Uint8Array.from(reference.values("mask")) };
    let opened: Opened;
    let engine: Engine;
    let files: ModelFiles;

    beforeAll(async () => {
      files = modelFiles(TINY);
      opened = await open();
      engine = opened.engine;
    });
    afterAll(() => opened.close());

    test("it refuses to encode before a model is loaded", async () => {
      await expect(engine.encode(crop)).rejects.toMatchObject({ tag: "BadArgument" });
      await expect(engine.report()).rejects.toMatchObject({ tag: "BadArgument" });
    });

    test("it says which model it loaded, with what the decoder needs, and which backend runs it", async () => {
      const info = await engine.load(files);
      expect(info.config.name).toBe("tiny-prob-unet");
      expect(info.head.latent).toBe(files.config.architecture.latent);
      expect(info.head.comb?.layers.at(-1)?.outputs).toBe(1);
      expect(info.backend).toMatchObject({ backend: "wasm", rejected: [] });
    });

    test("it encodes to what PyTorch computed", async () => {
      const encoding = await engine.encode(crop);
      expect([encoding.width, encoding.height]).toEqual([64, 64]);
      expect(relativeError(encoding.base, reference.values("base"))).toBeLessThan(1e-3);
      expect(relativeError(encoding.prior.mean, reference.values("prior_mean"))).toBeLessThan(1e-3);
    });

    test("it finds the posterior that PyTorch computed", async () => {
      const { mean, logSigma } = await engine.posterior(crop, mask);
      expect(relativeError(mean, reference.values("posterior_mean"))).toBeLessThan(1e-3);
      expect(relativeError(logSigma, reference.values("posterior_log_sigma"))).toBeLessThan(1e-3);
    });

    test("it finds a posterior after the encode of the same crop, also without a posterior net", async () => {
      await engine.load(modelFiles(LINEAR));
      const linear = { ...crop, values: golden(LINEAR).values("input") };
      const alone = await engine.posterior(linear, mask);
      await engine.encode(linear);
      expect(await engine.posterior(linear, mask)).toEqual(alone);
      await engine.load(files);
    });

    test("it reports progress up to 1", async () => {
      const seen: number[] = [];
      await engine.encode(crop, { onProgress: (fraction) => seen.push(fraction) });
      expect(seen.at(-1)).toBe(1);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    });

    test("an aborted run ends as Aborted, and the next one is not disturbed", async () => {
      const stop = new AbortController();
      const run = engine.encode(crop, { signal: stop.signal });
      stop.abort();
      await expect(run).rejects.toMatchObject({ tag: "Aborted" });
      await expect(engine.encode(crop, { signal: stop.signal })).rejects.toMatchObject({ tag: "Aborted" });
      expect((await engine.encode(crop)).width).toBe(64);
    });

    test("errors keep their tag and their sentence", async () => {
      const odd = { size: 5, origin: [0, 0] as const, values: new Float32Array(25), constant: true };
      await expect(engine.encode(odd)).rejects.toMatchObject({ tag: "BadArgument" });
      const [weights] = files.weights as [Uint8Array];
      const damaged = { ...files, weights: [weights.map((byte, i) => (i === weights.length - 1 ? byte ^ 1 : byte))] };
      const refused = engine.load(damaged);
      await expect(refused).rejects.toMatchObject({ tag: "ModelHashDiffers" });
      await expect(refused).rejects.toThrow(/weights\.safetensors/);
    });

    test("after a refused model, another one can be loaded", async () => {
      await engine.load(files);
      expect((await engine.encode(crop)).width).toBe(64);
    });

    test("the files stay with the caller: they can be loaded twice", async () => {
      await engine.load(files);
      await engine.load(files);
      expect(files.weights[0]?.length).toBeGreaterThan(0);
    });
  });
}
