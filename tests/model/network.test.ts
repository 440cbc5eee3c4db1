import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { logitsOf } from "../../src/core/logits.ts";
import { newtonPosterior } from "../../src/core/newton-posterior.ts";
import { loadNetwork, type Network } from "../../src/model/network.ts";
import { dawn } from "../support/dawn.ts";
import { bundledModels, golden, modelFiles, REAL_WIDTHS_ON_CPU, relativeError, tinyModels } from "../support/golden.ts";

const SIZE = 64;
const BOUND = 1e-3;
const isProbUNet = (folder: string) => modelFiles(folder).config.family === "prob-unet";
const tiny = tinyModels().filter(isProbUNet);
const bundled = bundledModels().filter(isProbUNet);
const gpu = await dawn();
if (gpu) await import("@tensorflow/tfjs-backend-webgpu");

// SwiftShader compiles every shape of every layer anew: seconds on an idle machine, a minute on a busy one.
describe.each(["cpu", "wasm", ...(gpu ? ["webgpu"] : [])])("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  // SwiftShader takes minutes for a real width: the tiny networks have every layer that the others have.
  const real = backend === "wasm" || (backend === "cpu" && REAL_WIDTHS_ON_CPU);
  describe.each(real ? [...tiny, ...bundled] : tiny)("%s", (folder) => {
    const reference = golden(folder);
    const files = modelFiles(folder);
    let network: Network;
    beforeAll(async () => {
      network = await loadNetwork(files);
    });
    afterAll(() => network.dispose());

    it("gives PyTorch's maps, prior and logits", async () => {
      const encoding = await network.encode(reference.values("input"), SIZE);
      const errors: Record<string, number> = {
        base: relativeError(encoding.base, reference.values("base")),
        prior_mean: relativeError(encoding.prior.mean, reference.values("prior_mean")),
        prior_log_sigma: relativeError(encoding.prior.logSigma, reference.values("prior_log_sigma")),
      };
      for (const name of ["factor", "amplitude", "top"] as const) {
        expect(encoding[name] !== undefined).toBe(reference.has(name));
        if (encoding[name]) errors[name] = relativeError(encoding[name], reference.values(name));
      }
      const latent = network.head.latent;
      const logits = reference.values("logits");
      const draws = logits.length / (SIZE * SIZE);
      for (let n = 0; n < draws; n++) {
        const z = reference.values("z").subarray(n * latent, (n + 1) * latent);
        const fields = network.head.fieldSpacings.map((spacing) => {
          const cells = (SIZE / spacing) ** 2;
          return reference.values(`field_${spacing}`).subarray(n * cells, (n + 1) * cells);
        });
        const found = logitsOf(network.head, encoding, { z, fields });
        errors[`logits of draw ${n}`] = relativeError(found, logits.subarray(n * SIZE * SIZE, (n + 1) * SIZE * SIZE));
      }
      for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(BOUND);
    });

    it.skipIf(!reference.has("posterior_mean"))("gives PyTorch's posterior of a grader's mask", async () => {
      const mask = { width: SIZE, height: SIZE, bits: Uint8Array.from(reference.values("mask")) };
      const posterior = await network.posterior(reference.values("input"), mask, SIZE);
      expect(relativeError(posterior.mean, reference.values("posterior_mean"))).toBeLessThan(BOUND);
      expect(relativeError(posterior.logSigma, reference.values("posterior_log_sigma"))).toBeLessThan(BOUND);
    });

    // Once on SwiftShader, whose every run takes seconds.
    it.skipIf(backend === "webgpu" && !folder.endsWith("tiny-general"))("leaves no tensor behind", async () => {
      const before = tf.memory().numTensors;
      await network.encode(reference.values("input"), SIZE);
      if (reference.has("posterior_mean")) {
        const mask = { width: SIZE, height: SIZE, bits: new Uint8Array(SIZE * SIZE) };
        await network.posterior(reference.values("input"), mask, SIZE);
      }
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});

describe("the life of a network", () => {
  beforeAll(async () => {
    await tf.setBackend("wasm");
  });

  it("ends with all its tensors freed", async () => {
    const before = tf.memory().numTensors;
    const network = await loadNetwork(modelFiles("tests/golden/tiny-general"));
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("frees what it made where the weights are another model's", async () => {
    const before = tf.memory().numTensors;
    const files = modelFiles("tests/golden/tiny-general");
    const other = modelFiles("tests/golden/tiny-prob-unet");
    const mixed = { config: { ...files.config, weights: other.config.weights }, weights: other.weights };
    await expect(loadNetwork(mixed)).rejects.toMatchObject({ tag: "ModelWrongShape" });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("answers several masks in one pass as it answers each alone", async () => {
    const reference = golden("tests/golden/tiny-prob-unet");
    const network = await loadNetwork(modelFiles("tests/golden/tiny-prob-unet"));
    const drawn = { width: SIZE, height: SIZE, bits: Uint8Array.from(reference.values("mask")) };
    const empty = { width: SIZE, height: SIZE, bits: new Uint8Array(SIZE * SIZE) };
    const both = await network.posteriors(reference.values("input"), [empty, drawn], SIZE);
    const alone = await network.posterior(reference.values("input"), drawn, SIZE);
    expect(relativeError(both[1]?.mean ?? [], alone.mean)).toBeLessThan(1e-6);
    expect(relativeError(both[0]?.mean ?? [], alone.mean)).toBeGreaterThan(1e-3);
    network.dispose();
  });

  it("asks Newton's steps where there is no posterior net", async () => {
    const reference = golden("tests/golden/tiny-linear");
    const network = await loadNetwork(modelFiles("tests/golden/tiny-linear"));
    const mask = { width: SIZE, height: SIZE, bits: Uint8Array.from(reference.values("mask")) };
    const posterior = await network.posterior(reference.values("input"), mask, SIZE);
    const encoding = await network.encode(reference.values("input"), SIZE);
    expect(posterior).toEqual(newtonPosterior(encoding, mask));
    network.dispose();
  });

  it("refuses a region whose side cannot be halved three times", async () => {
    const network = await loadNetwork(modelFiles("tests/golden/tiny-prob-unet"));
    await expect(network.encode(new Float32Array(60 * 60), 60)).rejects.toMatchObject({ tag: "BadArgument" });
    network.dispose();
  });

  it("stops where it is cancelled", async () => {
    const network = await loadNetwork(modelFiles("tests/golden/tiny-prob-unet"));
    const abort = new AbortController();
    abort.abort();
    const run = network.encode(new Float32Array(SIZE * SIZE), SIZE, { signal: abort.signal });
    await expect(run).rejects.toMatchObject({ tag: "Aborted" });
    network.dispose();
  });
});
