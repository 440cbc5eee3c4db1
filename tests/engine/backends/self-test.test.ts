import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, test } from "vitest";
import type { BackendName } from "../../../src/core/network/model.ts";
import { selfTest } from "../../../src/engine/backends/self-test.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";

async function start(name: BackendName): Promise<void> {
  await tfjsBackends({ forced: name })[0]?.start();
}

afterEach(() => expect(tf.memory().numTensors).toBe(0));

test.each(["cpu", "wasm"] as const)("%s passes the self-test", async (name) => {
  await start(name);
  expect(await selfTest()).toBeNull();
});

test("a backend whose pooling is wrong does not", async () => {
  await start("cpu");
  const kernel = tf.getKernel("AvgPool", "cpu") as tf.KernelConfig;
  tf.unregisterKernel("AvgPool", "cpu");
  const max = tf.getKernel("MaxPool", "cpu") as tf.KernelConfig;
  tf.registerKernel({ ...kernel, kernelFunc: max.kernelFunc });
  try {
    expect(await selfTest()).toBe("it computes average pooling wrongly");
  } finally {
    tf.unregisterKernel("AvgPool", "cpu");
    tf.registerKernel(kernel);
  }
});

test("a backend that is started again leaves its old tensors behind and computes", async () => {
  await start("wasm");
  await start("wasm");
  expect(await selfTest()).toBeNull();
});
