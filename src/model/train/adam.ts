/** All that a training has to keep to go on exactly as it would have: plain numbers, [P] each. */
export interface Checkpoint {
  /** Steps taken. */
  readonly step: number;
  readonly weights: Float32Array;
  /** Moving average of the gradient. */
  readonly mean: Float32Array;
  /** … and of its square. */
  readonly square: Float32Array;
}

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * One step of Adam (Kingma & Ba 2015, algorithm 1; PyTorch's defaults): m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g²,
 * w ← w − rate · m̂ / (√v̂ + ε), m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ). In plain numbers, the same on every backend:
 * to slice the weights out of one tensor again takes tfjs longer than all of this.
 */
export function adamStep(from: Checkpoint, gradient: Float32Array, rate: number): Checkpoint {
  const step = from.step + 1;
  const weights = from.weights.slice();
  const mean = from.mean.slice();
  const square = from.square.slice();
  const [unbiased, ofSquare] = [1 - BETA1 ** step, 1 - BETA2 ** step];
  for (let i = 0; i < weights.length; i++) {
    const g = gradient[i] as number;
    const m = BETA1 * (mean[i] as number) + (1 - BETA1) * g;
    const v = BETA2 * (square[i] as number) + (1 - BETA2) * g * g;
    mean[i] = m;
    square[i] = v;
    weights[i] = (weights[i] as number) - (rate * m) / unbiased / (Math.sqrt(v / ofSquare) + EPSILON);
  }
  return { step, weights, mean, square };
}
