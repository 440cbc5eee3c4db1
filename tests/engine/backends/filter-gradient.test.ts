import * as tf from "@tensorflow/tfjs-core";
import { afterEach, describe, expect, test } from "vitest";
import type { BackendName } from "../../../src/core/network/model.ts";
import { normals } from "../../../src/core/random/random.ts";
import { type ConvCase, eachProduct, startedBackend } from "../../support/conv-products.ts";

/** By loops: Σ over pictures and pixels of x[y + ky − half][x + kx − half][i] · dy[y][x][o]. */
function plain(x: Float32Array, dy: Float32Array, c: ConvCase): Float32Array {
  const out = new Float32Array(c.side * c.side * c.inputs * c.outputs);
  eachProduct(c, (picture, filter, result) => {
    out[filter] = (out[filter] as number) + (x[picture] as number) * (dy[result] as number);
  });
  return out;
}

describe.each<BackendName>(["wasm", "webgpu"])("the gradient of a filter on tfjs's %s backend", (backend) => {
  const here = startedBackend(backend);
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.for<[string, ConvCase]>([
    ["3×3, several pictures", { batch: 3, height: 4, width: 6, inputs: 4, outputs: 16, side: 3 }],
    ["a run of 3 numbers", { batch: 2, height: 5, width: 3, inputs: 1, outputs: 8, side: 3 }],
    ["a run of 6 numbers", { batch: 1, height: 2, width: 5, inputs: 2, outputs: 8, side: 3 }],
    ["24 outputs", { batch: 1, height: 3, width: 3, inputs: 5, outputs: 24, side: 3 }],
    ["1×1", { batch: 2, height: 3, width: 4, inputs: 5, outputs: 8, side: 1 }],
    ["1×1 over pictures of ones: a bias", { batch: 5, height: 7, width: 2, inputs: 1, outputs: 4, side: 1 }],
    ["more rows than threads share", { batch: 9, height: 8, width: 8, inputs: 8, outputs: 8, side: 3 }],
    ["one column", { batch: 1, height: 4, width: 1, inputs: 4, outputs: 4, side: 3 }],
    // what the wasm kernel does not fit is a convolution of transposed tensors, or a product
    ["12 outputs", { batch: 2, height: 4, width: 5, inputs: 3, outputs: 12, side: 3 }],
    ["1×1 to one output", { batch: 2, height: 4, width: 5, inputs: 3, outputs: 1, side: 1 }],
    ["3×3, odd numbers of channels", { batch: 2, height: 5, width: 4, inputs: 3, outputs: 5, side: 3 }],
  ])("is what the loops say: %s", async ([, c], { skip }) => {
    if (!here()) skip("no WebGPU here");
    const x = normals(1, [1], c.batch * c.height * c.width * c.inputs);
    const dy = normals(1, [2], c.batch * c.height * c.width * c.outputs);
    const result = tf.tidy(() => {
      const inputs = {
        x: tf.tensor4d(x, [c.batch, c.height, c.width, c.inputs]),
        dy: tf.tensor4d(dy, [c.batch, c.height, c.width, c.outputs]),
      };
      const filterShape = [c.side, c.side, c.inputs, c.outputs];
      const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", filterShape };
      return tf.engine().runKernel("Conv2DBackpropFilter", inputs, attrs) as tf.Tensor;
    });
    const found = await result.data();
    result.dispose();
    const want = plain(x, dy, c);
    expect(found.length).toBe(want.length);
    expect(Math.max(...Array.from(found, (value, i) => Math.abs(value - (want[i] as number))))).toBeLessThan(1e-4);
  });

  test.runIf(backend === "wasm")("says what it is not for", () => {
    const inputs = { x: tf.ones([1, 4, 4, 1]), dy: tf.ones([1, 2, 2, 8]) };
    const attrs = { strides: 2, pad: "same", dataFormat: "NHWC", filterShape: [3, 3, 1, 8] };
    expect(() => tf.engine().runKernel("Conv2DBackpropFilter", inputs, attrs)).toThrow("for stride 1");
    tf.dispose(inputs);
  });
});
