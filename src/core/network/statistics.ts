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
  const map = () => new Float32Array(p.length);
  const found = { mean: map(), variance: map(), entropy: map(), mutualInformation: map() };
  const n = Math.max(1, count);
  for (let i = 0; i < p.length; i++) {
    const mean = (p[i] as number) / n;
    const entropy = binaryEntropy(mean);
    found.mean[i] = mean;
    found.variance[i] = Math.max(0, (squares[i] as number) / n - mean * mean);
    found.entropy[i] = entropy;
    found.mutualInformation[i] = Math.max(0, entropy - (entropies[i] as number) / n);
  }
  return found;
}

/** Of these no logarithm is taken: of a whole slice's millions that takes longer than all the rest. */
export type MeanAndVariance = Pick<Statistics, "mean" | "variance">;

export function statisticsOf(samples: Samples): Statistics {
  const sums = startSums(samples.width * samples.height);
  addSamples(sums, samples);
  return statisticsFrom(sums);
}
