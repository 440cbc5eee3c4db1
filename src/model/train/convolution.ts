import * as tf from "@tensorflow/tfjs-core";

/** A convolution in training: with its own gradients, which are convolutions again on every backend. */
export interface TrainedConv {
  /** [k, k, inputs, outputs] */
  readonly filter: tf.Tensor4D;
  /** [outputs]; null where another part of the same sum carries it. */
  readonly bias: tf.Tensor1D | null;
  /** The filter turned by 180°, its channels exchanged, [k, k, outputs, inputs]; asked for where a gradient is. */
  readonly turned: () => tf.Tensor4D;
}

interface Manner {
  readonly relu: boolean;
  /** The picture is no part of the network: nobody asks for its gradient. */
  readonly constant?: boolean;
}

/**
 * [B, H, W, inputs] → [B, H, W, outputs], zeros around, stride 1. tfjs's own gradients will not do: under a tape it
 * splits the ReLU off, its gradient of the picture takes four times the forward on wasm, and that of the filter is
 * missing there. With g = dy where y > 0: dx = g ∗ (the filter turned by 180°, its channels exchanged),
 * dw[ky, kx, c, o] = Σ x[y+ky, x+kx, c]·g[y, x, o], db = Σ g.
 */
export function trainedConv(
  x: tf.Tensor4D,
  { filter, bias, turned }: TrainedConv,
  { relu, constant }: Manner,
): tf.Tensor4D {
  const run = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = given.pop() as tf.GradSaveFunc;
    const y = fused(x, filter, bias, relu);
    save([x, filter, y]);
    const gradFunc = (dy: tf.Tensor, [x, filter, y]: tf.Tensor[]) => {
      const g = relu ? tf.mul(dy, tf.step(y as tf.Tensor)) : dy;
      const dw = filterGradient(x as tf.Tensor4D, g as tf.Tensor4D, filter?.shape as number[]);
      return [
        ...(constant ? [] : [fused(g as tf.Tensor4D, turned(), null, false)]),
        dw,
        ...(bias ? [biasGradient(g as tf.Tensor4D)] : []),
      ];
    };
    return { value: y, gradFunc };
  });
  return run(...(constant ? [] : [x]), filter, ...(bias ? [bias] : [])) as tf.Tensor4D;
}

function fused(x: tf.Tensor4D, filter: tf.Tensor4D, bias: tf.Tensor1D | null, relu: boolean): tf.Tensor4D {
  const attrs = {
    strides: 1,
    pad: "same",
    dataFormat: "NHWC",
    dilations: 1,
    activation: relu ? "relu" : "linear",
  };
  return tf.engine().runKernel("FusedConv2D", { x, filter, ...(bias && { bias }) }, attrs) as tf.Tensor4D;
}

function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, filterShape: number[]): tf.Tensor4D {
  const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", filterShape };
  return tf.engine().runKernel("Conv2DBackpropFilter", { x, dy }, attrs) as tf.Tensor4D;
}

/** Σ over pixels: the gradient of a filter over a picture of ones. */
function biasGradient(g: tf.Tensor4D): tf.Tensor1D {
  const [batch, height, width, outputs] = g.shape;
  return tf.reshape(filterGradient(tf.ones([batch, height, width, 1]), g, [1, 1, 1, outputs]), [outputs]);
}
