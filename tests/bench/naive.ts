import * as tf from "@tensorflow/tfjs-core";
import type { Draw } from "../../src/core/network/encoding.ts";
import type { Comb } from "./comb-case.ts";

/**
 * What a faithful port does on tfjs's current backend: tile the features and z, put them side by side, run all layers
 * for every sample, read the probabilities [N, H, W] back.
 */
export function naiveDecoder({ layers, channels, latent }: Comb, features: Float32Array, size: number) {
  const image = tf.tensor4d(features, [1, size, size, channels]);
  const convs = layers.map(({ inputs, outputs, weights, bias }) => ({
    filter: tf.tensor4d(weights, [1, 1, inputs, outputs]),
    bias: tf.tensor1d(bias),
  }));
  return {
    async decode(draws: readonly Draw[]): Promise<Float32Array> {
      const result = tf.tidy(() => {
        const z = tf.tensor4d(Float32Array.from(draws.flatMap((draw) => [...draw.z])), [draws.length, 1, 1, latent]);
        let x: tf.Tensor4D = tf.concat([tf.tile(image, [draws.length, 1, 1, 1]), tf.tile(z, [1, size, size, 1])], 3);
        convs.forEach(({ filter, bias }, k) => {
          const activation = k < convs.length - 1 ? "relu" : "linear";
          x = tf.fused.conv2d({ x, filter, strides: 1, pad: "same", bias, activation }) as tf.Tensor4D;
        });
        return tf.sigmoid(x);
      });
      const values = (await result.data()) as Float32Array;
      result.dispose();
      return values;
    },
    dispose() {
      tf.dispose([image, ...convs.flatMap(({ filter, bias }) => [filter, bias])]);
    },
  };
}
