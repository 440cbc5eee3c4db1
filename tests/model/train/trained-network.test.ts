import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Architecture } from "../../../src/core/config/model-config.ts";
import type { BackendName } from "../../../src/core/network/model.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import type { Checkpoint } from "../../../src/model/train/adam.ts";
import { asPyTorch } from "../../../src/model/train/layout.ts";
import { TrainedNetwork } from "../../../src/model/train/trained-network.ts";
import { dawn } from "../../support/dawn.ts";
import { golden, modelFiles, relativeError } from "../../support/golden.ts";

// models/training/golden_step.py: three images of 8×8, β 2, rate .01; "after" is after two steps on them.
const expected = golden("tests/golden/training/step");
const paper = modelFiles("tests/golden/tiny-prob-unet").config.architecture;
const ARCHITECTURE: Architecture = { ...paper, channels: [4, 16], latent: 3 };
const BATCH = {
  count: 3,
  size: 8,
  images: expected.values("images"),
  masks: expected.values("masks"),
  noise: expected.values("noise"),
};
const OBJECTIVE = { beta: 2, pixels: "sum", latent: true } as const;

/** The golden weights in this network's order and layout: the inverse of `asPyTorch`. */
function goldenStart(): Checkpoint {
  const weights = new Float32Array(layout.length);
  for (const part of layout.parts) {
    const stored = expected.values(`weights.${part.name}`);
    const index = asPyTorch(
      part,
      Float32Array.from({ length: part.length }, (_, i) => i),
    ).values;
    for (const [at, from] of index.entries()) weights[part.from + from] = stored[at] as number;
  }
  const zeros = new Float32Array(layout.length);
  return { step: 0, weights, mean: zeros, square: zeros };
}

const { layout } = new TrainedNetwork(ARCHITECTURE, 0);

/** The largest error of any tensor whose values PyTorch knows as `what.NAME`. */
function worst(what: string, flat: Float32Array): number {
  const errors = layout.parts.map((part) => {
    const values = flat.subarray(part.from, part.from + part.length);
    return relativeError(asPyTorch(part, values).values, expected.values(`${what}.${part.name}`));
  });
  return Math.max(...errors);
}

describe.each<BackendName>(["cpu", "wasm", "webgpu"])("a training step on %s", (backend) => {
  let here = true;
  beforeAll(async () => {
    here = backend !== "webgpu" || (await dawn()) !== null;
    if (here) await tfjsBackends({ forced: backend })[0]?.start();
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test("has PyTorch's loss and every one of its gradients", async ({ skip }) => {
    if (!here) skip("no WebGPU here");
    const net = new TrainedNetwork(ARCHITECTURE, 0, goldenStart());
    const { loss, crossEntropy, kl, gradient } = await net.gradient(BATCH, OBJECTIVE);
    expect(relativeError([loss], expected.values("loss"))).toBeLessThan(1e-3);
    expect(relativeError([crossEntropy], expected.values("cross_entropy"))).toBeLessThan(1e-3);
    expect(relativeError(kl, expected.values("kl"))).toBeLessThan(1e-3);
    expect(worst("gradient", gradient)).toBeLessThan(1e-3);
  });

  test("leaves PyTorch's weights after two steps of Adam", async ({ skip }) => {
    if (!here) skip("no WebGPU here");
    const net = new TrainedNetwork(ARCHITECTURE, 0, goldenStart());
    for (let k = 0; k < 2; k++) await net.train(BATCH, OBJECTIVE, 0.01);
    const { step, weights } = net.checkpoint;
    expect(step).toBe(2);
    expect(worst("after", weights)).toBeLessThan(1e-3);
  });
});
