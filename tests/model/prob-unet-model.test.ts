import { readFileSync } from "node:fs";
import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Encoding, HeadWeights, Posterior } from "../../src/core/network/encoding.ts";
import { logitsOf } from "../../src/core/network/logits.ts";
import type { Model } from "../../src/core/network/model.ts";
import { newtonPosterior } from "../../src/core/network/posterior/newton-posterior.ts";
import { gateOf } from "../../src/core/network/shift-and-gate.ts";
import type { Crop } from "../../src/core/values/region.ts";
import type { Mask } from "../../src/core/values/slice.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { dawn } from "../support/dawn.ts";
import {
  ALL_ON_ALL_BACKENDS,
  bundledModels,
  golden,
  goldenCrop,
  modelFiles,
  relativeError,
  tinyModels,
} from "../support/golden.ts";

const SIZE = 64;
const BOUND = 1e-3;
const isProbUNet = (folder: string) => modelFiles(folder).config.family === "prob-unet";
const tiny = tinyModels().filter(isProbUNet);
const { default: defaultModel } = JSON.parse(readFileSync("models/index.json", "utf8")) as { default: string };
const bundled = bundledModels().filter(
  (folder) => isProbUNet(folder) && (ALL_ON_ALL_BACKENDS || folder === `models/${defaultModel}`),
);
const gpu = await dawn();
if (gpu) await import("@tensorflow/tfjs-backend-webgpu");

const cropOf = (values: Float32Array, size: number): Crop => ({ size, origin: [0, 0], values, constant: false });
const maskOf = (bits: ArrayLike<number>): Mask => ({ width: SIZE, height: SIZE, bits: Uint8Array.from(bits) });

async function encode(model: Model, crop: Crop): Promise<Encoding> {
  return (await model.prepare(crop)).encoding as Encoding;
}

async function posteriorsOf(model: Model, crop: Crop, ...masks: Mask[]): Promise<Posterior[]> {
  return (await model.posteriors?.(await model.prepare(crop), masks)) ?? [];
}

// SwiftShader compiles every shape of every layer anew: seconds on an idle machine, a minute on a busy one.
describe.each(["cpu", "wasm", ...(gpu ? ["webgpu"] : [])])("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });

  // SwiftShader takes minutes for a real width: the tiny networks have every layer that the others have.
  const real = backend === "wasm" || (backend === "cpu" && ALL_ON_ALL_BACKENDS);
  const some = backend === "webgpu" && !ALL_ON_ALL_BACKENDS ? ["tests/golden/tiny-general"] : tiny;
  describe.each(real ? [...tiny, ...bundled] : some)("%s", (folder) => {
    const reference = golden(folder);
    const files = modelFiles(folder);
    const crop = goldenCrop(folder);
    let model: Model;
    beforeAll(async () => {
      model = await loadModel(files);
    });
    afterAll(() => model.dispose());

    it("gives PyTorch's maps, prior and logits", async () => {
      const encoding = await encode(model, crop);
      const head = model.decode as HeadWeights;
      const errors: Record<string, number> = {
        base: relativeError(encoding.base, reference.values("base")),
        prior_mean: relativeError(encoding.prior.mean, reference.values("prior_mean")),
        prior_log_sigma: relativeError(encoding.prior.logSigma, reference.values("prior_log_sigma")),
      };
      for (const name of ["factor", "amplitude", "top"] as const) {
        expect(encoding[name] !== undefined).toBe(reference.has(name));
        if (encoding[name]) errors[name] = relativeError(encoding[name], reference.values(name));
      }
      const { latent } = head;
      const logits = reference.values("logits");
      const draws = logits.length / (SIZE * SIZE);
      for (let n = 0; n < draws; n++) {
        const z = reference.values("z").subarray(n * latent, (n + 1) * latent);
        const fields = head.fieldSpacings.map((spacing) => {
          const cells = (SIZE / spacing) ** 2;
          return reference.values(`field_${spacing}`).subarray(n * cells, (n + 1) * cells);
        });
        const found = logitsOf(head, encoding, { z, fields });
        errors[`logits of draw ${n}`] = relativeError(found, logits.subarray(n * SIZE * SIZE, (n + 1) * SIZE * SIZE));
      }
      for (const [name, error] of Object.entries(errors)) expect(error, name).toBeLessThan(BOUND);
    });

    it.skipIf(!reference.has("posterior_mean"))("gives PyTorch's posterior of a grader's mask", async () => {
      const [posterior] = await posteriorsOf(model, crop, maskOf(reference.values("mask")));
      expect(relativeError(posterior?.mean ?? [], reference.values("posterior_mean"))).toBeLessThan(BOUND);
      expect(relativeError(posterior?.logSigma ?? [], reference.values("posterior_log_sigma"))).toBeLessThan(BOUND);
    });

    // Once on SwiftShader, whose every run takes seconds.
    it.skipIf(backend === "webgpu" && !folder.endsWith("tiny-general"))("leaves no tensor behind", async () => {
      const before = tf.memory().numTensors;
      await posteriorsOf(model, crop, maskOf(new Uint8Array(SIZE * SIZE)));
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
    const model = await loadModel(modelFiles("tests/golden/tiny-general"));
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it("frees what it made where the weights are another model's", async () => {
    const before = tf.memory().numTensors;
    const files = modelFiles("tests/golden/tiny-general");
    const other = modelFiles("tests/golden/tiny-prob-unet");
    const mixed = { config: { ...files.config, weights: other.config.weights }, weights: other.weights };
    await expect(loadModel(mixed)).rejects.toMatchObject({ tag: "ModelWrongShape" });
    expect(tf.memory().numTensors).toBe(before);
  });

  it("answers several masks in one pass as it answers each alone", async () => {
    const folder = "tests/golden/tiny-prob-unet";
    const model = await loadModel(modelFiles(folder));
    const drawn = maskOf(golden(folder).values("mask"));
    const both = await posteriorsOf(model, goldenCrop(folder), maskOf(new Uint8Array(SIZE * SIZE)), drawn);
    const [alone] = await posteriorsOf(model, goldenCrop(folder), drawn);
    expect(relativeError(both[1]?.mean ?? [], alone?.mean ?? [])).toBeLessThan(1e-6);
    expect(relativeError(both[0]?.mean ?? [], alone?.mean ?? [])).toBeGreaterThan(1e-3);
    model.dispose();
  });

  it("asks Newton's steps where there is no posterior net", async () => {
    const folder = "tests/golden/tiny-linear";
    const model = await loadModel(modelFiles(folder));
    const mask = maskOf(golden(folder).values("mask"));
    const [posterior] = await posteriorsOf(model, goldenCrop(folder), mask);
    const encoding = await encode(model, goldenCrop(folder));
    expect(posterior).toEqual(newtonPosterior(model.decode as HeadWeights, encoding, mask));
    expect(posterior?.fields?.mean.map(({ length }) => length)).toEqual([64, 256]);
    model.dispose();
  });

  it("tells the gate what PyTorch tells it, and shuts it by u", async () => {
    const folder = "tests/golden/tiny-gated";
    const model = await loadModel(modelFiles(folder));
    const prepared = await model.prepare(goldenCrop(folder));
    const presence = prepared.encoding?.presence as number;
    expect(Math.abs(presence - (golden(folder).values("presence")[0] as number))).toBeLessThan(
      1e-3 * Math.abs(presence),
    );
    const p = async (u: number) => {
      const draws = [{ z: new Float32Array(2), u }];
      const { samples } = await model.draw(prepared, { kind: "z", draws }, { samples: true });
      return Math.max(...(samples?.probabilities ?? []));
    };
    expect(await p(gateOf(presence) - 1e-6)).toBe(0);
    expect(await p(gateOf(presence) + 1e-6)).toBeGreaterThan(0);
    model.dispose();
  });

  it("refuses a region whose side cannot be halved three times", async () => {
    const model = await loadModel(modelFiles("tests/golden/tiny-prob-unet"));
    const refused = model.prepare(cropOf(new Float32Array(60 * 60), 60));
    await expect(refused).rejects.toMatchObject({ tag: "BadArgument" });
    model.dispose();
  });

  it("stops where it is cancelled", async () => {
    const model = await loadModel(modelFiles("tests/golden/tiny-prob-unet"));
    const abort = new AbortController();
    abort.abort();
    const run = model.prepare(cropOf(new Float32Array(SIZE * SIZE), SIZE), { signal: abort.signal });
    await expect(run).rejects.toMatchObject({ tag: "Aborted" });
    model.dispose();
  });
});
