import * as tf from "@tensorflow/tfjs-core";

/** All numbers of a network in one vector each, [P]; owned by whoever holds it. */
export interface AdamState {
  readonly weights: tf.Tensor1D;
  /** Moving average of the gradient. */
  readonly mean: tf.Tensor1D;
  /** … and of its square. */
  readonly square: tf.Tensor1D;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * The state after one step of Adam (Kingma & Ba 2015, algorithm 1; PyTorch's defaults): m ← β₁m + (1−β₁)g,
 * v ← β₂v + (1−β₂)g², w ← w − rate · m̂ / (√v̂ + ε). `step` counts from 1. Made anew: the old state stays the caller's.
 */
export function adamStep({ weights, mean, square }: AdamState, gradient: tf.Tensor1D, rate: number, step: number): AdamState {
  return tf.tidy(() => {
    const nextMean = tf.add(tf.mul(BETA1, mean), tf.mul(1 - BETA1, gradient)) as tf.Tensor1D;
    const nextSquare = tf.add(tf.mul(BETA2, square), tf.mul(1 - BETA2, tf.mul(gradient, gradient))) as tf.Tensor1D;
    const root = tf.add(tf.mul(tf.sqrt(nextSquare), 1 / Math.sqrt(1 - BETA2 ** step)), EPSILON);
    const move = tf.div(tf.mul(rate / (1 - BETA1 ** step), nextMean), root);
    return { weights: tf.sub(weights, move) as tf.Tensor1D, mean: nextMean, square: nextSquare };
  });
}
