import * as tf from "@tensorflow/tfjs-core";
import type { Architecture, PresenceNet } from "../core/config/model-config.ts";
import type { Dense } from "../core/network/encoding.ts";
import { block, type Conv, halve, loadBlock, loadDense } from "./layers.ts";
import type { Parameters } from "./parameters.ts";

// The gate's branch of the general head: whether there is anything at all, asked of the middle of the region.

type Encoder = readonly (readonly Conv[])[];

export interface PresenceBranch {
  /** Small encoders of its own, each one block a level, the largest map first. */
  readonly own: readonly Encoder[];
  /** From the numbers that it is told to the gate's logit: a hidden layer, and the last one. */
  readonly layers: readonly [Dense, Dense];
}

/** The middle of the region: whether there is a lesion is asked of it alone. Pixels, and cells of the innermost map. */
export const CENTRE = { features: 32, innermost: 4 };

/**
 * What the gate is told: means over the centre of the innermost map [1, h, w, C] and of the features [1, H, W, C0], the
 * features' maxima there, and what its own encoders tell of the image [1, H, W, 1] → [C + 2·C0 + 3·(E₁ + E₂ + …)].
 */
export function presenceNumbers(
  image: tf.Tensor4D,
  features: tf.Tensor4D,
  innermost: tf.Tensor4D,
  branch: PresenceBranch,
): tf.Tensor1D {
  return tf.concat([...unetTells(features, innermost), ...ownTell(image, branch)]) as tf.Tensor1D;
}

/** … of it what the U-Net tells: [C], [C0] and [C0]. `features` may be cut to any picture around the same centre. */
export function unetTells(features: tf.Tensor4D, innermost: tf.Tensor4D): tf.Tensor[] {
  const [inner, outer] = [centreOf(innermost, CENTRE.innermost), centreOf(features, CENTRE.features)];
  return [tf.mean(inner, [0, 1, 2]), tf.mean(outer, [0, 1, 2]), tf.max(outer, [0, 1, 2])];
}

/** … and what its own encoders tell, [E] three times each. */
export function ownTell(image: tf.Tensor4D, { own }: PresenceBranch): tf.Tensor[] {
  return own.flatMap((encoder) => seenBy(encoder, image));
}

/**
 * Of an encoder's last map of the image and of its mirror images [4, h, w, E]: mean and maximum over the centre, mean over
 * all of it, [E] each, the mean of the four.
 */
function seenBy(encoder: Encoder, image: tf.Tensor4D): tf.Tensor[] {
  const views = tf.concat([image, tf.reverse(image, 2), tf.reverse(image, 1), tf.reverse(image, [1, 2])]);
  const map = encoder.reduce((x, convs, k) => block(k === 0 ? x : halve(x), convs), views as tf.Tensor4D);
  const middle = centreOf(map, CENTRE.features / 2 ** (encoder.length - 1));
  return [tf.mean(middle, [0, 1, 2]), tf.mean(tf.max(middle, [1, 2]), 0), tf.mean(map, [0, 1, 2])];
}

/** The middle `size` × `size` of maps [B, H, W, C], or all of it where it is smaller. */
function centreOf(map: tf.Tensor4D, size: number): tf.Tensor4D {
  const [images, height, width, channels] = map.shape;
  const [top, left] = [height, width].map((whole) => Math.max(0, Math.floor((whole - size) / 2))) as [number, number];
  return tf.slice(map, [0, top, left, 0], [images, Math.min(size, height), Math.min(size, width), channels]);
}

/** The gate's logit of these numbers: a hidden layer with a ReLU, and the last one. */
export function presenceLogit({ layers: [hidden, last] }: PresenceBranch, numbers: Float32Array): number {
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

/** `presence.0` and `presence.2` of the file, of 32 hidden values, and `presence.own` where the head asks for it. */
export function loadPresence(from: Parameters, { channels, head }: Architecture): PresenceBranch {
  const nets = head.presenceNets ?? [];
  const [features, innermost] = [channels[0], channels.at(-1)] as [number, number];
  const seen = nets.reduce((sum, net) => sum + 3 * (net.channels.at(-1) as number), 0);
  const hidden = 32;
  return {
    own: nets.map((net, n) => loadEncoder(from, `presence.own.${n}`, net)),
    layers: [
      loadDense(from, "presence.0", innermost + 2 * features + seen, hidden),
      loadDense(from, "presence.2", hidden, 1),
    ],
  };
}

function loadEncoder(from: Parameters, name: string, { channels, convs }: PresenceNet): Encoder {
  return channels.map((outputs, k) => {
    return loadBlock(from, `${name}.${k}`, channels[k - 1] ?? 1, outputs, convs[k] as number);
  });
}
