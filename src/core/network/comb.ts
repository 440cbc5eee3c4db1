import type { CombWeights, Dense } from "./encoding.ts";

/** f_comb at one pixel after another: the values before each ReLU, first [C], last [1]. */
export class CombPixel {
  readonly #comb: CombWeights;
  /** [C], then one per layer. */
  readonly #values: Float64Array[];
  readonly #gradients: Float64Array[];

  constructor(comb: CombWeights, channels: number) {
    this.#comb = comb;
    const room = () => [new Float64Array(channels), ...comb.layers.map(({ outputs }) => new Float64Array(outputs))];
    this.#values = room();
    this.#gradients = room();
  }

  /** Logit where the first layer gives base[at…] + moved; `moved` = W_z·z, see `movedBy`. */
  logit(base: Float32Array, at: number, moved: Float64Array): number {
    const first = this.#values[0] as Float64Array;
    for (let c = 0; c < first.length; c++) first[c] = (base[at + c] as number) + (moved[c] as number);
    const { layers } = this.#comb;
    for (let k = 0; k < layers.length; k++) {
      reluThenDense(this.#values[k] as Float64Array, layers[k] as Dense, this.#values[k + 1] as Float64Array);
    }
    return this.#values[layers.length]?.[0] as number;
  }

  /** Slope of the last logit in each channel of the first layer, [C]: valid until the next call. */
  slope(): Float64Array {
    (this.#gradients.at(-1) as Float64Array)[0] = 1;
    const { layers } = this.#comb;
    for (let k = layers.length - 1; k >= 0; k--) {
      const [after, before] = [this.#gradients[k + 1] as Float64Array, this.#gradients[k] as Float64Array];
      backThroughDense(after, layers[k] as Dense, this.#values[k] as Float64Array, before);
    }
    return this.#gradients[0] as Float64Array;
  }
}

/** W_z·z, [C]: what z adds to the first layer of every pixel. */
export function movedBy(comb: CombWeights, z: Float32Array, channels: number): Float64Array {
  return Float64Array.from({ length: channels }, (_, c) =>
    z.reduce((sum, value, l) => sum + value * (comb.latent[l * channels + c] as number), 0),
  );
}

/** output[j] = Σ_i max(input[i], 0) · weights[i, j] + bias[j]: a ReLU, then a 1×1 layer. */
function reluThenDense(input: Float64Array, { inputs, outputs, weights, bias }: Dense, output: Float64Array): void {
  for (let j = 0; j < outputs; j++) output[j] = bias[j] as number;
  for (let i = 0; i < inputs; i++) {
    const value = input[i] as number;
    if (value <= 0) continue; // a NaN goes on and is seen
    const row = i * outputs;
    for (let j = 0; j < outputs; j++) output[j] = (output[j] as number) + value * (weights[row + j] as number);
  }
}

/** The slope before the ReLU from the slope after the layer. */
function backThroughDense(after: Float64Array, layer: Dense, input: Float64Array, before: Float64Array): void {
  for (let i = 0; i < layer.inputs; i++) {
    let sum = 0;
    if ((input[i] as number) > 0) {
      for (let j = 0; j < layer.outputs; j++)
        sum += (layer.weights[i * layer.outputs + j] as number) * (after[j] as number);
    }
    before[i] = sum;
  }
}
