/** Stirling's series for log Γ(x), x > 0, after raising x to 10 or more: error below 1e-15 of the larger terms (DLMF 5.11.1). */
function logGamma(x: number): number {
  let [at, product] = [x, 1];
  while (at < 10) product *= at++;
  const inverse = 1 / (at * at);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse * (1 / 1680 - inverse / 1188)))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.5 * Math.log(2 * Math.PI) + series - Math.log(product);
}

/** The continued fraction of I_x(a, b) (DLMF 8.17.22) by Lentz's method; quick where x < (a + 1)/(a + b + 2). */
function betaFraction(a: number, b: number, x: number): number {
  const held = (value: number) => (Math.abs(value) < 1e-300 ? 1e-300 : value);
  let [c, d, product] = [1, 1 / held(1 - ((a + b) * x) / (a + 1)), 0];
  product = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let step = 1;
    for (const coefficient of [even, odd]) {
      d = 1 / held(1 + coefficient * d);
      c = held(1 + coefficient / c);
      step = c * d;
      product *= step;
    }
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return product;
}

/** Regularised incomplete beta function I_x(a, b), a and b > 0, x in [0, 1]: about 13 digits. */
function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/**
 * Quantile of the F distribution with `above` and `below` degrees of freedom (not only whole ones), share in (0, 1): the
 * f with I_x(above/2, below/2) = share at x = above·f/(above·f + below). By halving, so that it always ends: relative
 * error about 1e-12. For a share over ½ the other tail is searched, so that x near 1 loses no digits.
 */
export function fQuantile(share: number, above: number, below: number): number {
  if (share > 0.5) return 1 / lowerQuantile(1 - share, below, above);
  return lowerQuantile(share, above, below);
}

function lowerQuantile(share: number, above: number, below: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (incompleteBeta(above / 2, below / 2, middle) < share) low = middle;
    else high = middle;
  }
  return (below * high) / (above * (1 - high));
}

/** The t with P(|T| ≤ t) = share, T of Student's law: √ of the same quantile of F(1, degrees). */
export function tBothSides(share: number, degrees: number): number {
  return Math.sqrt(fQuantile(share, 1, degrees));
}
