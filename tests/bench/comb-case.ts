import type { ModelConfig } from "../../src/core/config/model-config.ts";
import type { Draw, Encoding, HeadWeights } from "../../src/core/network/encoding.ts";
import { normals } from "../../src/core/random/random.ts";
import type { Crop } from "../../src/core/values/region.ts";
import type { Slice } from "../../src/core/values/slice.ts";
import { readSafetensors, type StoredTensor } from "../../src/model/safetensors.ts";

/** One 1×1 layer as the naive path needs it. */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** [inputs, outputs] */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** f_comb of the bundled model, both ways: all four layers for the naive path, base and head for ours. */
export interface Comb {
  readonly latent: number;
  readonly channels: number;
  readonly layers: readonly Layer[];
  readonly head: HeadWeights;
}

export function combOf(config: ModelConfig, weights: Uint8Array): Comb {
  const tensors = readSafetensors(weights, "weights.safetensors");
  const { latent, combHidden, channels } = config.architecture;
  const layers = Array.from({ length: combHidden + 1 }, (_, k): Layer => {
    const { shape, values } = tensors.get(`comb.${2 * k}.weight`) as StoredTensor;
    const [outputs, inputs] = shape as readonly number[] as [number, number];
    const turned = Float32Array.from(
      values,
      (_, at) => values[(at % outputs) * inputs + Math.floor(at / outputs)] as number,
    );
    return { inputs, outputs, weights: turned, bias: tensors.get(`comb.${2 * k}.bias`)?.values as Float32Array };
  });
  const [first, ...rest] = layers as [Layer, ...Layer[]];
  const c = channels[0] as number;
  const comb = { latent: first.weights.slice(c * first.outputs), layers: rest };
  return {
    latent,
    channels: c,
    layers,
    head: { latent, channels: first.outputs, comb, fieldSpacings: [], fieldScale: 1 },
  };
}

/** Made-up features [H, W, C] of this size and the base that belongs to them: W_f·features + b. */
export function pictureOf({ channels, layers }: Comb, size: number): { features: Float32Array; encoding: Encoding } {
  const features = normals(1, [size], size * size * channels).map((value) => Math.max(0, value));
  const { outputs, weights, bias } = layers[0] as Layer;
  const base = new Float32Array(size * size * outputs);
  for (let i = 0; i < size * size; i++) {
    for (let j = 0; j < outputs; j++) {
      let sum = bias[j] as number;
      for (let c = 0; c < channels; c++) {
        sum += (features[i * channels + c] as number) * (weights[c * outputs + j] as number);
      }
      base[i * outputs + j] = sum;
    }
  }
  const prior = { mean: new Float32Array(1), logSigma: new Float32Array(1) };
  return { features, encoding: { width: size, height: size, channels: outputs, base, prior } };
}

export function drawsOf({ latent }: Comb, count: number): Draw[] {
  return Array.from({ length: count }, (_, n) => ({ z: normals(2, [n], latent) }));
}

/** A picture of noise as the network sees it. */
export function madeUpCrop(size: number): Crop {
  const values = normals(3, [1], size * size).map((value) => Math.min(1, Math.abs(value) / 3));
  return { size, origin: [0, 0], values, constant: false };
}

/** A slice of noise; no region of it is constant. */
export function madeUpSlice(side: number): Slice {
  const { values: tile, size } = madeUpCrop(128);
  const values = Float32Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return tile[(y % size) * size + (x % size)] as number;
  });
  const unknown = { spacingMm: null, geometry: null, padding: null, modality: null, name: "" } as const;
  return { width: side, height: side, values, unit: "stored", ...unknown };
}
