import * as tf from "@tensorflow/tfjs-core";
import type { Text } from "../../core/language/say.ts";

/** The ops of the network on inputs small enough to work by hand. Drivers have been seen to get each kind wrong. */
interface Check {
  readonly what: string;
  run(): tf.Tensor;
  readonly expected: readonly number[];
}

const square = (values: number[], side: number) => tf.tensor4d(values, [1, side, side, 1]);

const CHECKS: readonly Check[] = [
  {
    what: "a 3×3 convolution with bias and ReLU",
    // all-ones filter over [[1,2],[3,4]] padded with 0: every output sees all four = 10; bias −4; second filter −1 → 0
    run: () => {
      const filter = tf.tensor4d(new Array(9).fill([1, -1]).flat(), [3, 3, 1, 2]);
      return tf.fused.conv2d({
        x: square([1, 2, 3, 4], 2),
        filter,
        strides: 1,
        pad: "same",
        bias: tf.tensor1d([-4, 0]),
        activation: "relu",
      });
    },
    expected: [6, 0, 6, 0, 6, 0, 6, 0],
  },
  {
    what: "average pooling",
    run: () => tf.avgPool(square([1, 3, 0, 0, 5, 7, 0, 8, 1, 1, 2, 2, 1, 1, 2, 2], 4), 2, 2, "valid"),
    expected: [4, 2, 1, 2],
  },
  {
    what: "bilinear resizing with aligned corners",
    // corners stay, two points between them at thirds
    run: () => tf.image.resizeBilinear(square([0, 3, 6, 9], 2) as tf.Tensor4D, [4, 4], true),
    expected: [0, 1, 2, 3, 2, 3, 4, 5, 4, 5, 6, 7, 6, 7, 8, 9],
  },
  {
    what: "joining channels and their mean",
    run: () => tf.mean(tf.concat([square([1, 2, 3, 4], 2), square([5, 5, 5, 5], 2)], 3), [1, 2]),
    expected: [2.5, 5],
  },
];

/** Runs the ops on tfjs's current backend. The first that comes out wrong, as a clause; null where none does. */
export async function selfTest(): Promise<Text | null> {
  for (const { what, run, expected } of CHECKS) {
    const result = tf.tidy(run);
    try {
      const values = await result.data();
      const right =
        values.length === expected.length && expected.every((e, i) => Math.abs(e - (values[i] as number)) < 1e-4);
      if (!right) return `it computes ${what} wrongly`;
    } finally {
      result.dispose();
    }
  }
  return null;
}
