import * as tf from "@tensorflow/tfjs-core";
import type { Architecture } from "../core/config/model-config.ts";
import type { Dense } from "../core/network/encoding.ts";
import type { ModelFiles } from "../core/network/model.ts";
import type { Crop } from "../core/values/region.ts";
import { openWeights, type Parameters } from "./parameters.ts";

/** One convolution's numbers on the backend; owned by its network, freed by `disposeAll`. */
export interface Conv {
  /** [k, k, inputs, outputs] */
  readonly filter: tf.Tensor4D;
  /** [outputs]; null where another part of the same convolution carries it. */
  readonly bias: tf.Tensor1D | null;
}

/** Convolutions 3×3 in a row, a ReLU behind each: `NAME.0`, `NAME.2`, … of the file. */
export function loadBlock(from: Parameters, name: string, inputs: number, outputs: number, convs: number): Conv[] {
  return Array.from({ length: convs }, (_, i) =>
    loadConv(from, `${name}.${2 * i}`, i === 0 ? inputs : outputs, outputs, 3),
  );
}

export function loadConv(from: Parameters, name: string, inputs: number, outputs: number, size: number): Conv {
  return loadConvPart(from, name, { inputs, outputs, size, first: 0, count: inputs, bias: true });
}

/** The part of a convolution that reads `count` input channels from `first` on; parts of one name add up to it. */
interface ConvPart {
  readonly inputs: number;
  readonly outputs: number;
  readonly size: number;
  readonly first: number;
  readonly count: number;
  /** Exactly one part carries the bias. */
  readonly bias: boolean;
}

/** From PyTorch's order OIHW to the backend's HWIO, once, when the network is loaded. */
export function loadConvPart(from: Parameters, name: string, part: ConvPart): Conv {
  const { inputs, outputs, size, first, count } = part;
  const weights = from.take(`${name}.weight`, [outputs, inputs, size, size]);
  const bias = from.take(`${name}.bias`, [outputs]);
  const area = size * size;
  const filter = new Float32Array(area * count * outputs);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < count; i++) {
      for (let at = 0; at < area; at++) {
        filter[(at * count + i) * outputs + o] = weights[(o * inputs + first + i) * area + at] as number;
      }
    }
  }
  return { filter: tf.tensor4d(filter, [size, size, count, outputs]), bias: part.bias ? tf.tensor1d(bias) : null };
}

/** A 1×1 convolution for the decoders, which are no tensors: [O, I, 1, 1] becomes [I, O]. */
export function loadDense(from: Parameters, name: string, inputs: number, outputs: number): Dense {
  const stored = from.take(`${name}.weight`, [outputs, inputs, 1, 1]);
  const weights = new Float32Array(stored.length);
  for (let o = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) weights[i * outputs + o] = stored[o * inputs + i] as number;
  }
  return { inputs, outputs, weights, bias: from.take(`${name}.bias`, [outputs]) };
}

/** A tidy whose result is any object with tensors in it: the caller owns those; where it throws, all are freed. */
export function owned<T extends object>(make: () => T): T {
  return tf.tidy(make as unknown as () => tf.TensorContainer) as unknown as T;
}

/**
 * What `make` builds of the weights file at `index`, on the backend that is current; each tensor must be asked for.
 * @throws GraderspaceError as `openWeights`, and ModelMissingTensor, ModelConfig
 */
export async function loadWeights<T extends object>(
  files: ModelFiles,
  index: number,
  make: (from: Parameters) => T,
): Promise<T> {
  const parameters = await openWeights(files, index);
  return owned(() => {
    const made = make(parameters);
    parameters.finish();
    return made;
  });
}

/** The one place where numbers come back from the backend; frees the tensor, whatever happens. */
export async function readBack(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
}

/** [1, H, W, 1] */
export function imageOf({ values, size }: Crop): tf.Tensor4D {
  return tf.tensor4d(values, [1, size, size, 1]);
}

export function disposeAll(convs: Iterable<Conv>): void {
  for (const { filter, bias } of convs) {
    filter.dispose();
    bias?.dispose();
  }
}

/** [B, H, W, inputs] → [B, H, W, outputs]; the ReLU is fused into the convolution, the borders are zeros. */
export function block(x: tf.Tensor4D, convs: readonly Conv[]): tf.Tensor4D {
  return tf.tidy(() => convs.reduce((y, conv) => convolve(y, conv, "relu"), x));
}

export function convolve(x: tf.Tensor4D, { filter, bias }: Conv, activation: "relu" | "linear"): tf.Tensor4D {
  return tf.fused.conv2d({ x, filter, ...(bias && { bias }), strides: 1, pad: "same", activation });
}

/** A kernel that a backend may have beside tfjs's own: max(0, sum + x ∗ filter), of (x, filter, sum), 3×3, without a bias. */
export const CONV_ONTO_KERNEL = "ConvOnto";

/** ReLU(sum + convolution), [B, H, W, outputs], in one go where the backend can; the same numbers as in three. */
export function convolveOnto(sum: tf.Tensor4D, x: tf.Tensor4D, conv: Conv): tf.Tensor4D {
  if (conv.bias === null && tf.getKernel(CONV_ONTO_KERNEL, tf.getBackend())) {
    return tf.engine().runKernel(CONV_ONTO_KERNEL, { x, filter: conv.filter, sum }) as tf.Tensor4D;
  }
  return tf.relu(tf.add<tf.Tensor4D>(sum, convolve(x, conv, "linear")));
}

/** [B, 2h, 2w, C] → [B, h, w, C]: the mean of each 2×2. */
export function halve(x: tf.Tensor4D): tf.Tensor4D {
  return tf.avgPool(x, 2, 2, "valid");
}

/** [B, h, w, C] → [B, 2h, 2w, C] */
export function double(x: tf.Tensor4D, kind: Architecture["upsample"]): tf.Tensor4D {
  const [, h, w] = x.shape;
  const aligned = kind === "bilinear-align-corners";
  return tf.image.resizeBilinear(x, [2 * h, 2 * w], aligned, !aligned);
}
