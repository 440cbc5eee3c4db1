import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { sigmoid } from "../../src/core/network/logits.ts";
import type { Choices } from "../../src/core/random/choices.ts";
import { type DropAt, finishPass, startPass } from "../../src/model/dropout-unet.ts";
import { disposeAll, owned } from "../../src/model/layers.ts";
import { loadModel } from "../../src/model/load-model.ts";
import { openWeights } from "../../src/model/parameters.ts";
import { convsOfPlain, loadPlainUNet } from "../../src/model/plain-unet.ts";
import { dawn } from "../support/dawn.ts";
import {
  ALL_ON_ALL_BACKENDS,
  bundledModels,
  type Golden,
  golden,
  goldenCrop,
  modelFiles,
  relativeError,
  tinyModels,
} from "../support/golden.ts";

const SIZE = 64;
const PIXELS = SIZE * SIZE;
const BOUND = 1e-3;
const isBaseline = (folder: string) => modelFiles(folder).config.family !== "prob-unet";
const tiny = tinyModels().filter(isBaseline);
const bundled = bundledModels().filter(isBaseline);
const gpu = ALL_ON_ALL_BACKENDS ? await dawn() : null;
if (gpu) await import("@tensorflow/tfjs-backend-webgpu");

/** The choices that golden logits [N, H, W] belong to: the z they name, else every head or member in its order. */
function choicesOf(reference: Golden, kind: string): Choices {
  const count = reference.values("logits").length / PIXELS;
  if (kind === "z") {
    const all = reference.values("z");
    const latent = all.length / count;
    const draws = Array.from({ length: count }, (_, n) => ({ z: all.slice(n * latent, (n + 1) * latent) }));
    return { kind, draws };
  }
  return { kind: kind as "head" | "member", indices: Array.from({ length: count }, (_, k) => k) };
}

/** PyTorch's own pattern of dropout, cut where two inputs stand side by side: first the skip's channels. */
function dropOf(reference: Golden, p: number): DropAt {
  return (x, { path, level, part }) => {
    const values = reference.values(`keep_${path}_${level}`);
    const [, , all = 0] = reference.shape(`keep_${path}_${level}`);
    const channels = x.shape[3];
    const first = part === "below" ? all - channels : 0;
    const scales = Float32Array.from({ length: x.size }, (_, i) => {
      return (values[Math.floor(i / channels) * all + first + (i % channels)] as number) / (1 - p);
    });
    return tf.mul(x, tf.tensor4d(scales, x.shape));
  };
}

// SwiftShader compiles every shape of every layer anew: seconds on an idle machine, a minute on a busy one.
describe.each(["cpu", "wasm", ...(gpu ? ["webgpu"] : [])])("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
    await tf.ready();
  });
  // SwiftShader takes minutes for real widths: there the tiny networks stand for all.
  const real = backend === "wasm" || (backend === "cpu" && ALL_ON_ALL_BACKENDS);
  const folders = real ? [...tiny, ...bundled] : tiny;
  const dropout = folders.filter((folder) => modelFiles(folder).config.family === "dropout-unet");
  const others = folders.filter((folder) => !dropout.includes(folder));

  it.each(others)("%s gives PyTorch's samples", async (folder) => {
    const reference = golden(folder);
    const model = await loadModel(modelFiles(folder));
    const prepared = await model.prepare(goldenCrop(folder));
    const { samples } = await model.draw(prepared, choicesOf(reference, model.choice), { samples: true });
    expect(relativeError(samples?.probabilities ?? [], reference.values("logits").map(sigmoid))).toBeLessThan(BOUND);
    if (reference.has("posterior_mean")) {
      const mask = { width: SIZE, height: SIZE, bits: Uint8Array.from(reference.values("mask")) };
      const [posterior] = (await model.posteriors?.(prepared, [mask])) ?? [];
      expect(relativeError(posterior?.mean ?? [], reference.values("posterior_mean"))).toBeLessThan(BOUND);
      expect(relativeError(posterior?.logSigma ?? [], reference.values("posterior_log_sigma"))).toBeLessThan(BOUND);
    }
    model.dispose();
  });

  it.each(dropout)("%s gives PyTorch's logits, whole and under PyTorch's own dropout", async (folder) => {
    const reference = golden(folder);
    const files = modelFiles(folder);
    const { architecture } = files.config;
    const parameters = await openWeights(files, 0);
    const net = owned(() => loadPlainUNet(parameters, architecture));
    const start = owned(() => startPass(tf.tensor4d(reference.values("input"), [1, SIZE, SIZE, 1]), net, architecture));
    const patterns: [string, DropAt][] = [["logits", (x) => x]];
    if (reference.has("logits_dropped")) {
      patterns.push(["logits_dropped", dropOf(reference, architecture.dropout ?? 0)]);
    }
    for (const [name, drop] of patterns) {
      const logits = finishPass(start, net, architecture, drop);
      expect(relativeError(await logits.data(), reference.values(name)), name).toBeLessThan(BOUND);
      logits.dispose();
    }
    tf.dispose([start.x, ...start.skips]);
    disposeAll(convsOfPlain(net));
  });
});

describe("the tiny baselines", () => {
  it("are there, all four", () => {
    const families = tiny.map((folder) => modelFiles(folder).config.family).sort();
    expect(families).toEqual(["dropout-unet", "image2image-vae", "m-heads", "unet-ensemble"]);
  });
});
