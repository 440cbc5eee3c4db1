import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test } from "vitest";
import type { BackendName } from "../../../src/core/network/model.ts";
import { normals } from "../../../src/core/random/random.ts";
import { type ConvCase, eachProduct, startedBackend } from "../../support/conv-products.ts";

/** By loops: each number of dy goes back to the pixels that it was summed from, by the filter. */
function plain(dy: Float32Array, w: Float32Array, c: ConvCase): Float32Array {
  const out = new Float32Array(c.batch * c.height * c.width * c.inputs);
  eachProduct(c, (picture, filter, result) => {
    out[picture] = (out[picture] as number) + (dy[result] as number) * (w[filter] as number);
  });
  return out;
}

describe.each<BackendName>(["wasm", "webgpu"])("the gradient of a picture on tfjs's %s backend", (backend) => {
  const here = startedBackend(backend);
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.for<[string, ConvCase]>([
    ["3×3, several pictures", { batch: 3, height: 4, width: 6, inputs: 8, outputs: 4, side: 3 }],
    ["4 inputs of 12 outputs", { batch: 2, height: 5, width: 3, inputs: 4, outputs: 12, side: 3 }],
    ["from 5 outputs", { batch: 1, height: 3, width: 5, inputs: 8, outputs: 5, side: 3 }],
    ["1×1", { batch: 2, height: 3, width: 4, inputs: 8, outputs: 4, side: 1 }],
    ["1×1 from one output", { batch: 2, height: 3, width: 4, inputs: 4, outputs: 1, side: 1 }],
    ["one column", { batch: 1, height: 4, width: 1, inputs: 4, outputs: 4, side: 3 }],
    // what our own program does not fit is tfjs's
    ["odd numbers of channels", { batch: 2, height: 5, width: 4, inputs: 3, outputs: 5, side: 3 }],
  ])("is what the loops say: %s", async ([, c], { skip }) => {
    if (!here()) skip("no WebGPU here");
    const dy = normals(1, [1], c.batch * c.height * c.width * c.outputs);
    const filter = normals(1, [2], c.side * c.side * c.inputs * c.outputs);
    const result = tf.tidy(() => {
      const inputs = {
        dy: tf.tensor4d(dy, [c.batch, c.height, c.width, c.outputs]),
        filter: tf.tensor4d(filter, [c.side, c.side, c.inputs, c.outputs]),
      };
      const inputShape = [c.batch, c.height, c.width, c.inputs];
      const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", inputShape };
      return tf.engine().runKernel("Conv2DBackpropInput", inputs, attrs) as tf.Tensor;
    });
    const [found, said] = [await result.data(), plain(dy, filter, c)];
    result.dispose();
    expect(found.length).toBe(said.length);
    for (const [at, value] of said.entries()) expect(found[at]).toBeCloseTo(value, 4);
  });
});
