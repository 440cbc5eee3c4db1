import * as tf from "@tensorflow/tfjs-core";
import type { Dense } from "../core/network/encoding.ts";
import { loadDense } from "./layers.ts";
import type { Parameters } from "./parameters.ts";

// The gate's branch of the general head: whether there is anything at all, asked of the middle of the region.

/** From what `presenceNumbers` sees to the gate's logit: a hidden layer, and the last one. */
export type PresenceLayers = readonly [Dense, Dense];

/** The middle of the region: whether there is a lesion is asked of it alone. Pixels, and cells of the innermost map. */
const CENTRE = { features: 32, innermost: 4 };

/**
 * What the gate is told: means over the centre of the innermost map [1, h, w, C] and of the features [1, H, W, C0], and
 * the features' maxima there → [C + 2·C0].
 */
export function presenceNumbers(features: tf.Tensor4D, innermost: tf.Tensor4D): tf.Tensor1D {
  const [inner, outer] = [centreOf(innermost, CENTRE.innermost), centreOf(features, CENTRE.features)];
  return tf.concat([tf.mean(inner, [0, 1, 2]), tf.mean(outer, [0, 1, 2]), tf.max(outer, [0, 1, 2])]) as tf.Tensor1D;
}

/** The middle `size` × `size` of a map [1, H, W, C], or all of it where it is smaller. */
function centreOf(map: tf.Tensor4D, size: number): tf.Tensor4D {
  const [, height, width, channels] = map.shape;
  const [top, left] = [height, width].map((whole) => Math.max(0, Math.floor((whole - size) / 2))) as [number, number];
  return tf.slice(map, [0, top, left, 0], [1, Math.min(size, height), Math.min(size, width), channels]);
}

/** The gate's logit of these numbers: a hidden layer with a ReLU, and the last one. */
export function presenceLogit([hidden, last]: PresenceLayers, numbers: Float32Array): number {
  return denseOf(
    last,
    denseOf(hidden, numbers).map((value) => Math.max(0, value)),
  )[0] as number;
}

function denseOf({ outputs, weights, bias }: Dense, x: ArrayLike<number>): Float64Array {
  return Float64Array.from(bias, (start, j) => {
    let sum = start;
    for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (weights[i * outputs + j] as number);
    return sum;
  });
}

/** `presence.0` and `presence.2` of the file; there are 32 hidden values. */
export function loadPresence(from: Parameters, features: number, innermost: number): PresenceLayers {
  const hidden = 32;
  return [loadDense(from, "presence.0", innermost + 2 * features, hidden), loadDense(from, "presence.2", hidden, 1)];
}
