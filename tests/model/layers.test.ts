import "@tensorflow/tfjs-backend-cpu";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { convolve, double, halve, loadConv, loadConvPart, loadDense, owned } from "../../src/model/layers.ts";
import { Parameters } from "../../src/model/parameters.ts";

const parameters = (weight: number[], shape: number[], bias: number[]) => {
  const tensor = (values: number[], of: number[]) => ({
    shape: of,
    dtype: "f32" as const,
    values: Float32Array.from(values),
  });
  const tensors = new Map([
    ["a.weight", tensor(weight, shape)],
    ["a.bias", tensor(bias, [bias.length])],
  ]);
  return new Parameters(tensors, "weights");
};
const rounded = (tensor: tf.Tensor) => Array.from(tensor.dataSync(), (value) => Number(value.toFixed(5)));

describe.each(["cpu", "wasm"])("on %s", (backend) => {
  beforeAll(async () => {
    await tf.setBackend(backend);
  });

  it("halves by the mean of each 2×2", () => {
    const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 4, 1]);
    expect(rounded(halve(x))).toEqual([3.5, 5.5]); // (1+2+5+6)/4, (3+4+7+8)/4
  });

  it("doubles with the corners kept, or with the pixels' edges kept", () => {
    const x = tf.tensor4d([0, 3, 0, 3], [1, 2, 2, 1]);
    // Aligned: 4 points over the distance of 1 pixel, thirds of it. Half-pixel: at −¼, ¼, ¾, 1¼, held at the ends.
    expect(rounded(double(x, "bilinear-align-corners")).slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(rounded(double(x, "bilinear-half-pixel")).slice(0, 4)).toEqual([0, 0.75, 2.25, 3]);
  });

  it("convolves as PyTorch does: no flip, zeros outside", () => {
    // 3×3 filter that picks the pixel on the left (row 1, column 0 of the window), plus a bias of 10.
    const conv = loadConv(parameters([0, 0, 0, 1, 0, 0, 0, 0, 0], [1, 1, 3, 3], [10]), "a", 1, 1, 3);
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]);
    expect(rounded(convolve(x, conv, "linear"))).toEqual([10, 11, 10, 13]);
  });

  it("applies the ReLU after the bias", () => {
    const conv = loadConv(parameters([1], [1, 1, 1, 1], [-2]), "a", 1, 1, 1);
    expect(rounded(convolve(tf.tensor4d([1, 3], [1, 1, 2, 1]), conv, "relu"))).toEqual([0, 1]);
  });

  it("cuts a convolution by input channels into parts that add up to it", () => {
    // Two inputs to two outputs: o0 = 1·i0 + 2·i1 + 5, o1 = 3·i0 + 4·i1 + 6.
    const from = () => parameters([1, 2, 3, 4], [2, 2, 1, 1], [5, 6]);
    const part = { inputs: 2, outputs: 2, size: 1, count: 1 };
    const left = loadConvPart(from(), "a", { ...part, first: 0, bias: true });
    const right = loadConvPart(from(), "a", { ...part, first: 1, bias: false });
    const [i0, i1] = [tf.tensor4d([10], [1, 1, 1, 1]), tf.tensor4d([100], [1, 1, 1, 1])];
    const sum = tf.add(convolve(i0, left, "linear"), convolve(i1, right, "linear"));
    expect(rounded(sum)).toEqual([215, 436]);
  });
});

describe("loadDense", () => {
  it("turns [outputs, inputs] into [inputs, outputs]", () => {
    const dense = loadDense(parameters([1, 2, 3, 4, 5, 6], [2, 3, 1, 1], [7, 8]), "a", 3, 2);
    expect(dense).toEqual({
      inputs: 3,
      outputs: 2,
      weights: Float32Array.of(1, 4, 2, 5, 3, 6),
      bias: Float32Array.of(7, 8),
    });
  });
});

describe("owned", () => {
  it("keeps the tensors of its result and frees the others", () => {
    const before = tf.memory().numTensors;
    const { kept } = owned(() => ({ kept: tf.add(tf.scalar(1), tf.scalar(2)) }));
    expect(tf.memory().numTensors).toBe(before + 1);
    kept.dispose();
  });

  it("frees all where the maker throws", () => {
    const before = tf.memory().numTensors;
    const fail = () => {
      tf.scalar(1);
      throw new Error("stop");
    };
    expect(() => owned(fail)).toThrow("stop");
    expect(tf.memory().numTensors).toBe(before);
  });
});
