import { tBothSides } from "./incomplete-beta.ts";

type Span = readonly [low: number, high: number];

/** How two readers' measurements of the same cases differ, a − b. */
export interface BlandAltman {
  readonly cases: number;
  readonly bias: number;
  /** Bias ∓ 1.96 standard deviations of the differences: 95 % of the differences lie between, if they are normal. */
  readonly lower: number;
  readonly upper: number;
  /** 95 % intervals of the three. */
  readonly biasSpan: Span;
  readonly lowerSpan: Span;
  readonly upperSpan: Span;
}

/**
 * Limits of agreement (Bland & Altman, Lancet 327:307, 1986). Their intervals: standard error s/√n of the bias and
 * √(3/n)·s of a limit, with Student's t of n − 1. Null under two pairs.
 */
export function blandAltman(pairs: readonly (readonly [a: number, b: number])[]): BlandAltman | null {
  const n = pairs.length;
  if (n < 2) return null;
  const differences = pairs.map(([a, b]) => a - b);
  const bias = differences.reduce((sum, value) => sum + value, 0) / n;
  const sd = Math.sqrt(differences.reduce((sum, value) => sum + (value - bias) ** 2, 0) / (n - 1));
  const [lower, upper] = [bias - 1.96 * sd, bias + 1.96 * sd];
  const t = tBothSides(0.95, n - 1);
  const around = (value: number, error: number): Span => [value - t * error, value + t * error];
  const ofLimit = Math.sqrt(3 / n) * sd;
  return {
    cases: n,
    bias,
    lower,
    upper,
    biasSpan: around(bias, sd / Math.sqrt(n)),
    lowerSpan: around(lower, ofLimit),
    upperSpan: around(upper, ofLimit),
  };
}

/**
 * The same on the log scale, for volumes, whose differences grow with their size: bias, limits and spans are ratios a/b
 * (Bland & Altman 1986, "Transformation"). Pairs in which one is 0 are left out: they have no ratio.
 */
export function blandAltmanRatio(pairs: readonly (readonly [a: number, b: number])[]): BlandAltman | null {
  const drawn = pairs.filter(([a, b]) => a > 0 && b > 0);
  const logs = blandAltman(drawn.map(([a, b]) => [Math.log(a), Math.log(b)] as const));
  if (logs === null) return null;
  const back = ([low, high]: Span): Span => [Math.exp(low), Math.exp(high)];
  return {
    cases: logs.cases,
    bias: Math.exp(logs.bias),
    lower: Math.exp(logs.lower),
    upper: Math.exp(logs.upper),
    biasSpan: back(logs.biasSpan),
    lowerSpan: back(logs.lowerSpan),
    upperSpan: back(logs.upperSpan),
  };
}
