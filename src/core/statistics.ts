import type { Samples, Statistics } from "./encoding.ts";

/** Running sums per pixel: samples may come in batches, so that a thousand of them never lie in memory at once. */
export interface Sums {
  count: number;
  /** Σ p, Σ p², Σ H(p): [H,W] each. */
  readonly p: Float64Array;
  readonly squares: Float64Array;
  readonly entropies: Float64Array;
}

/** Entropy of a yes/no with probability p, in nats: −p log p − (1 − p) log(1 − p); 0 at both ends. */
export function binaryEntropy(p: number): number {
  return p <= 0 || p >= 1 ? 0 : -p * Math.log(p) - (1 - p) * Math.log1p(-p);
}

export function startSums(pixels: number): Sums {
  const zeros = () => new Float64Array(pixels);
  return { count: 0, p: zeros(), squares: zeros(), entropies: zeros() };
}

/** Adds a batch to the sums, in place. */
export function addSamples(sums: Sums, samples: Samples): void {
  const pixels = samples.width * samples.height;
  for (let n = 0; n < samples.count; n++) {
    for (let i = 0; i < pixels; i++) {
      const p = samples.probabilities[n * pixels + i] as number;
      sums.p[i] = (sums.p[i] as number) + p;
      sums.squares[i] = (sums.squares[i] as number) + p * p;
      sums.entropies[i] = (sums.entropies[i] as number) + binaryEntropy(p);
    }
  }
  sums.count += samples.count;
}

/** Mean, variance mean p² − p̄², entropy H(p̄), mutual information H(p̄) − mean H(p): all 0 where nothing was added. */
export function statisticsFrom({ count, p, squares, entropies }: Sums): Statistics {
  const n = Math.max(1, count);
  const entropy = Float64Array.from(p, (sum) => binaryEntropy(sum / n));
  return {
    mean: Float32Array.from(p, (sum) => sum / n),
    variance: Float32Array.from(squares, (sum, i) => Math.max(0, sum / n - ((p[i] as number) / n) ** 2)),
    entropy: Float32Array.from(entropy),
    mutualInformation: Float32Array.from(entropy, (value, i) => Math.max(0, value - (entropies[i] as number) / n)),
  };
}

export function statisticsOf(samples: Samples): Statistics {
  const sums = startSums(samples.width * samples.height);
  addSamples(sums, samples);
  return statisticsFrom(sums);
}
