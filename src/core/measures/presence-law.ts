import type { PresenceLaw } from "../config/model-config.ts";

/**
 * P(k of `readers` would draw it | k ≥ 1), k = 1 … readers; they sum to 1. `drawn` of the model's `draws` mark anything:
 * its share is (drawn + ½) / (draws + 1) (Krichevsky & Trofimov, IEEE Trans. Inf. Theory 27, 1981), so that none and all
 * have a logit too. With a = m·s and b = (1 − m)·s: P(k) = C(n, k) · a…(a + k − 1) · b…(b + n − k − 1) / (s…(s + n − 1)).
 */
export function presenceOdds(law: PresenceLaw, drawn: number, draws: number, readers: number): number[] {
  const share = (drawn + 0.5) / (draws + 1);
  const mean = 1 / (1 + Math.exp(-(law.intercept + law.slope * Math.log(share / (1 - share)))));
  const [a, b] = [mean * law.concentration, (1 - mean) * law.concentration];
  // Next to the one before: the common factor goes with the sum.
  const odds = [1];
  for (let k = 0; k < readers; k++) {
    odds.push((((odds[k] as number) * (readers - k)) / (k + 1)) * ((a + k) / (b + readers - k - 1)));
  }
  const some = odds.slice(1);
  const sum = some.reduce((total, one) => total + one, 0);
  return some.map((one) => one / sum);
}
