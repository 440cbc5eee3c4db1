import * as tf from "@tensorflow/tfjs-core";
import { normals } from "../../src/core/random/random.ts";
import { convolveOnto } from "../../src/model/layers.ts";
import { type ConvCase, plainConv } from "./plain-conv.ts";

/** A convolution of made-up numbers on tfjs's current backend, and what plain loops make of them. */
export async function convolved(c: ConvCase, strides = 1): Promise<{ result: Float32Array; want: Float32Array }> {
  const { x, w, b } = numbersOf(c);
  const made = tf.tidy(() =>
    tf.fused.conv2d({
      ...tensorsOf(c),
      ...(b && { bias: tf.tensor1d(b) }),
      strides,
      pad: "same",
      activation: c.activation,
    }),
  );
  return { result: await readOnce(made), want: plainConv(x, w, b, c) };
}

/** The same onto a sum, ReLU behind it: in one go where the backend can, and in three. */
export async function convolvedOnto(c: ConvCase): Promise<{ inOne: Float32Array; inThree: Float32Array }> {
  const { batch, height, width, outputs } = c;
  const numbers = normals(1, [4], batch * height * width * outputs).map((value) => 5 * value);
  const sum = () => tf.tensor4d(numbers, [batch, height, width, outputs]);
  const inOne = tf.tidy(() => {
    const { x, filter } = tensorsOf(c);
    return convolveOnto(sum(), x, { filter, bias: null });
  });
  const inThree = tf.tidy(() =>
    tf.relu(tf.add(sum(), tf.fused.conv2d({ ...tensorsOf(c), strides: 1, pad: "same", activation: "linear" }))),
  );
  return { inOne: await readOnce(inOne), inThree: await readOnce(inThree) };
}

/** Largest |a − b| in units of the largest |b|. */
export function furthestShare(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  const largest = Math.max(...b.map(Math.abs)); // 576 products of normals sum up to 100
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number)))) / largest;
}

function numbersOf({ batch, height, width, inputs, outputs, side = 3, bias }: ConvCase) {
  return {
    x: normals(1, [1], batch * height * width * inputs),
    w: normals(1, [2], side * side * inputs * outputs),
    b: bias ? normals(1, [3], outputs) : null,
  };
}

function tensorsOf(c: ConvCase): { x: tf.Tensor4D; filter: tf.Tensor4D } {
  const { batch, height, width, inputs, outputs, side = 3 } = c;
  const { x, w } = numbersOf(c);
  return {
    x: tf.tensor4d(x, [batch, height, width, inputs]),
    filter: tf.tensor4d(w, [side, side, inputs, outputs]),
  };
}

async function readOnce(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return values;
}
