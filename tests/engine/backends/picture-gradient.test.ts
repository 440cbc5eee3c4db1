import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import type { BackendName } from "../../../src/core/network/model.ts";
import { normals } from "../../../src/core/random/random.ts";
import { tfjsBackends } from "../../../src/engine/backends/tfjs-backends.ts";
import { dawn } from "../../support/dawn.ts";

interface Case {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly side: number;
}

/** By loops: each dy[y][x][o] goes back to the pixels it was summed from, x[y + ky − half][x + kx − half][i], by w[ky][kx][i][o]. */
function plain(dy: Float32Array, w: Float32Array, { batch, height, width, inputs, outputs, side }: Case): Float32Array {
  const out = new Float32Array(batch * height * width * inputs);
  const half = (side - 1) / 2;
  for (let n = 0; n < batch; n++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let ky = 0; ky < side; ky++)
          for (let kx = 0; kx < side; kx++) {
            const [sy, sx] = [y + ky - half, x + kx - half];
            if (sy < 0 || sx < 0 || sy >= height || sx >= width) continue;
            for (let i = 0; i < inputs; i++)
              for (let o = 0; o < outputs; o++) {
                const at = ((n * height + sy) * width + sx) * inputs + i;
                const back = dy[((n * height + y) * width + x) * outputs + o] as number;
                out[at] = (out[at] as number) + back * (w[((ky * side + kx) * inputs + i) * outputs + o] as number);
              }
          }
  return out;
}

describe.each<BackendName>(["wasm", "webgpu"])("the gradient of a picture on tfjs's %s backend", (backend) => {
  let here = true;
  beforeAll(async () => {
    here = backend !== "webgpu" || (await dawn()) !== null;
    if (here) await tfjsBackends({ forced: backend })[0]?.start();
  });
  afterEach(() => expect(tf.memory().numTensors).toBe(0));

  test.for<[string, Case]>([
    ["3×3, several pictures", { batch: 3, height: 4, width: 6, inputs: 8, outputs: 4, side: 3 }],
    ["4 inputs of 12 outputs", { batch: 2, height: 5, width: 3, inputs: 4, outputs: 12, side: 3 }],
    ["from 5 outputs", { batch: 1, height: 3, width: 5, inputs: 8, outputs: 5, side: 3 }],
    ["1×1", { batch: 2, height: 3, width: 4, inputs: 8, outputs: 4, side: 1 }],
    ["1×1 from one output", { batch: 2, height: 3, width: 4, inputs: 4, outputs: 1, side: 1 }],
    ["one column", { batch: 1, height: 4, width: 1, inputs: 4, outputs: 4, side: 3 }],
    // what our own program does not fit is tfjs's
    ["odd numbers of channels", { batch: 2, height: 5, width: 4, inputs: 3, outputs: 5, side: 3 }],
  ])("is what the loops say: %s", async ([, c], { skip }) => {
    if (!here) skip("no WebGPU here");
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
