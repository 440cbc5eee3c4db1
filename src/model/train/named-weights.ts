import * as tf from "@tensorflow/tfjs-core";
import { type Layout, type Part, turnedFilter } from "./layout.ts";

/** The tensors of a network by PyTorch's names. */
export interface Weights {
  /** Weights [k, k, inputs, outputs], biases [outputs]. */
  of(name: string): tf.Tensor;
  /** A filter turned by 180°, its channels exchanged: [k, k, outputs, inputs]. */
  turned(name: string): tf.Tensor4D;
}

/** Every tensor of the network, in the layout's order, of its plain numbers. */
export function weightTensors({ parts }: Layout, weights: Float32Array): tf.Tensor[] {
  return parts.map(({ shape, from, length }) => tf.tensor(weights.subarray(from, from + length), [...shape]));
}

/** `tensors` by their names; turned filters are made of the plain numbers, where `reverse` takes tfjs longer. */
export function namedWeights({ parts }: Layout, tensors: readonly tf.Tensor[], weights: Float32Array): Weights {
  const indices = new Map(parts.map(({ name }, index) => [name, index]));
  const indexOf = (name: string) => indices.get(name) as number;
  return {
    of: (name) => tensors[indexOf(name)] as tf.Tensor,
    turned: (name) => {
      const part = parts[indexOf(name)] as Part;
      const [side = 0, , inputs = 0, outputs = 0] = part.shape;
      const own = weights.subarray(part.from, part.from + part.length);
      return tf.tensor4d(turnedFilter(part, own), [side, side, outputs, inputs]);
    },
  };
}
