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
    for (const [k, layer] of this.#comb.layers.entries()) {
      reluThenDense(this.#values[k] as Float64Array, layer, this.#values[k + 1] as Float64Array);
    }
    return this.#values.at(-1)?.[0] as number;
  }

  /** Slope of the last logit in each channel of the first layer, [C]: valid until the next call. */
  slope(): Float64Array {
    (this.#gradients.at(-1) as Float64Array)[0] = 1;
    for (const [k, layer] of [...this.#comb.layers.entries()].reverse()) {
      backThroughDense(
        this.#gradients[k + 1] as Float64Array,
        layer,
        this.#values[k] as Float64Array,
        this.#gradients[k] as Float64Array,
      );
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
function reluThenDense(input: Float64Array, layer: Dense, output: Float64Array): void {
  output.set(layer.bias);
  for (let i = 0; i < layer.inputs; i++) {
    const value = input[i] as number;
    if (value <= 0) continue;
    for (let j = 0; j < layer.outputs; j++) {
      output[j] = (output[j] as number) + value * (layer.weights[i * layer.outputs + j] as number);
    }
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
