import { softplus } from "../../network/logits.ts";
import type { SampleLoss, SoftMasks } from "./energy-distance.ts";

/**
 * −log 1/N Σ_n p(y_g | draw n), mean over the masks, nats; log p(y | logits) = Σ over pixels of y·logit −
 * softplus(logit). With the gate's logit it is the mixture p · that + (1 − p) · [y is empty]. The gradient is in the
 * logits. As `multi_sample_nll` of models/training/objectives.py.
 */
export function sampleLikelihood(
  logits: Float32Array,
  count: number,
  { count: graders, values }: SoftMasks,
  presence: number | null,
): SampleLoss {
  const pixels = logits.length / count;
  const paid = new Float64Array(count);
  for (let n = 0; n < count; n++) {
    let sum = 0;
    for (let i = n * pixels; i < (n + 1) * pixels; i++) {
      const x = logits[i] as number;
      sum += Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }
    paid[n] = sum;
  }
  let [value, gate] = [0, 0];
  /** [G, N]: how much of a mask's gradient each draw gets, of sum 1 at most. */
  const weights = Array.from({ length: graders }, (_, g) => {
    const mask = values.subarray(g * pixels, (g + 1) * pixels);
    const each = Float64Array.from({ length: count }, (_, n) => {
      let sum = -(paid[n] as number);
      for (let i = 0; i < pixels; i++) sum += (mask[i] as number) * (logits[n * pixels + i] as number);
      return sum;
    });
    const most = each.reduce((a, b) => Math.max(a, b));
    const total = each.reduce((sum, one) => sum + Math.exp(one - most), 0);
    let likelihood = most + Math.log(total / count);
    let share = 1; // of the mixture's part that draws
    if (presence !== null) {
      const [drawn, not] = [-softplus(-presence), -softplus(presence)];
      likelihood += drawn;
      if (mask.every((one) => one === 0)) {
        const [high, low] = [Math.max(likelihood, not), Math.min(likelihood, not)];
        const both = high + Math.log1p(Math.exp(low - high));
        share = Math.exp(likelihood - both);
        likelihood = both;
      }
      const p = Math.exp(drawn);
      gate -= (share * (1 - p) - (1 - share) * p) / graders;
    }
    value -= likelihood / graders;
    return each.map((one) => (share * Math.exp(one - most)) / total);
  });
  const gradient = new Float32Array(logits.length);
  for (let n = 0; n < count; n++) {
    const own = weights.map((row) => (row[n] as number) / graders);
    const all = own.reduce((sum, one) => sum + one, 0);
    for (let i = 0; i < pixels; i++) {
      let sum = all / (1 + Math.exp(-(logits[n * pixels + i] as number)));
      for (let g = 0; g < graders; g++) sum -= (own[g] as number) * (values[g * pixels + i] as number);
      gradient[n * pixels + i] = sum;
    }
  }
  return { value, gradient, gate };
}
