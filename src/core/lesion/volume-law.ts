import { linearQuantile } from "../measures/quantile.ts";

/**
 * Continuous ranked probability score of an ensemble against one outcome y, in y's unit: mean |x_i − y| − ½ mean over all
 * i, j of |x_i − x_j| (Gneiting & Raftery, JASA 102:359, 2007, eq. 21, i = j included). Of a single x: |x − y|. Lower is
 * better. NaN for no sample.
 */
export function crpsEnsemble(samples: readonly number[], y: number): number {
  const n = samples.length;
  const sorted = [...samples].sort((a, b) => a - b);
  let [error, spread] = [0, 0];
  sorted.forEach((x, i) => {
    error += Math.abs(x - y);
    spread += (2 * i - n + 1) * x; // Σ over i < j of x_j − x_i
  });
  return error / n - spread / (n * n);
}

/**
 * The same of a normal law N(μ, σ²): σ·(w·(2Φ(w) − 1) + 2φ(w) − 1/√π), w = (y − μ)/σ (Gneiting & Raftery 2007, after
 * eq. 21). At σ = 0: |y − μ|.
 */
export function crpsNormal(mean: number, sigma: number, y: number): number {
  if (sigma === 0) return Math.abs(y - mean);
  const w = (y - mean) / sigma;
  const density = Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI);
  return sigma * (w * (2 * normalShare(w) - 1) + 2 * density - 1 / Math.sqrt(Math.PI));
}

/** Φ(w) by its series ½ + φ(w)·(w + w³/3 + w⁵/(3·5) + …) (Marsaglia, J. Stat. Softw. 11(4), 2004), 15 digits within ±8. */
function normalShare(w: number): number {
  if (Math.abs(w) > 8) return w > 0 ? 1 : 0;
  let [sum, term] = [w, w];
  for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
    term *= (w * w) / k;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-w * w) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The middle `share` of the samples: linear quantiles at (1 ± share)/2. */
export function centralInterval(samples: readonly number[], share: number): readonly [low: number, high: number] {
  const sorted = [...samples].sort((a, b) => a - b);
  return [linearQuantile(sorted, (1 - share) / 2), linearQuantile(sorted, (1 + share) / 2)];
}

/** Share of the values that lie in the interval, its ends included. */
export function covered(values: readonly number[], [low, high]: readonly [number, number]): number {
  return values.filter((value) => value >= low && value <= high).length / values.length;
}

/**
 * Largest to smallest of four values drawn without replacement, its mean over all fours: Σ over i < j of
 * (v_j/v_i)·C(j − i − 1, 2)/C(n, 4), v ascending and > 0. Null under four values.
 */
export function ratioOfFour(values: readonly number[]): number | null {
  const n = values.length;
  if (n < 4) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const fours = (n * (n - 1) * (n - 2) * (n - 3)) / 24;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 3; j < n; j++) {
      const inside = j - i - 1;
      sum += ((sorted[j] as number) / (sorted[i] as number)) * ((inside * (inside - 1)) / 2);
    }
  }
  return sum / fours;
}

/** log v = a + b·log V ± σ: what a lesion's size as one mask says of its readers' volumes. */
export interface LognormalLaw {
  readonly a: number;
  readonly b: number;
  readonly sigma: number;
}

/**
 * Least squares of readers' log volumes on the log volume of one mask, a pair each; σ² = residuals' sum over n − 2.
 * Null under three pairs or where all masks are of one size.
 */
export function fitLognormal(
  pairs: readonly { readonly mask: number; readonly reader: number }[],
): LognormalLaw | null {
  const n = pairs.length;
  if (n < 3) return null;
  const x = pairs.map(({ mask }) => Math.log(mask));
  const y = pairs.map(({ reader }) => Math.log(reader));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const [mx, my] = [mean(x), mean(y)];
  const xx = mean(x.map((value) => (value - mx) ** 2));
  if (xx === 0) return null;
  const b = mean(x.map((value, i) => (value - mx) * ((y[i] as number) - my))) / xx;
  const a = my - b * mx;
  const residuals = y.reduce((sum, value, i) => sum + (value - a - b * (x[i] as number)) ** 2, 0);
  return { a, b, sigma: Math.sqrt(residuals / (n - 2)) };
}
