import type { Encoding } from "./encoding.ts";
import { GraderspaceError } from "./errors.ts";
import { sigmoid, softplus } from "./logits.ts";
import { portableExp } from "./portable-math.ts";
import type { Mask } from "./slice.ts";

/** The pixels' logistic regression on ε = (z − μ) / σ, whose prior is N(0, I). */
export class PixelRegression {
  readonly #encoding: Encoding;
  readonly #y: Uint8Array;
  readonly #latent: number;
  /** [H,W,L]: factor · σ. */
  readonly #columns: Float64Array;
  /** [H,W]: the linear part at the prior mean. */
  readonly #start: Float64Array;

  constructor(encoding: Encoding, mask: Mask) {
    const { width, height, channels, base, factor, prior } = encoding;
    if (!factor || channels !== 1) {
      throw new GraderspaceError("BadArgument", {
        problem: "this model's samples are not linear in z, so a grader's place cannot be computed by Newton's method",
        remedy: "use a model with a posterior net",
      });
    }
    if (mask.width !== width || mask.height !== height) {
      throw new GraderspaceError("BadArgument", {
        problem: `a mask of ${mask.width} × ${mask.height} pixels does not fit a region of ${width} × ${height}`,
      });
    }
    this.#encoding = encoding;
    this.#y = mask.bits;
    this.#latent = prior.mean.length;
    const sigma = Float64Array.from(prior.logSigma, portableExp);
    this.#columns = Float64Array.from(factor, (value, i) => value * (sigma[i % this.#latent] as number));
    this.#start = Float64Array.from(base, (value, pixel) =>
      prior.mean.reduce((sum, mean, l) => sum + mean * (factor[pixel * this.#latent + l] as number), value),
    );
  }

  #linear(pixel: number, normal: Float64Array): number {
    let sum = this.#start[pixel] as number;
    const at = pixel * this.#latent;
    for (let l = 0; l < this.#latent; l++) sum += (this.#columns[at + l] as number) * (normal[l] as number);
    return sum;
  }

  /** −log p(y | ε) − log N(ε; 0, I) but for a constant: Σ softplus(logit) − y·logit + ½|ε|². */
  loss(normal: Float64Array): number {
    const { top } = this.#encoding;
    let sum = normal.reduce((half, value) => half + (value * value) / 2, 0);
    for (let pixel = 0; pixel < this.#y.length; pixel++) {
      const linear = this.#linear(pixel, normal);
      const logit = top ? (top[pixel] as number) - softplus((top[pixel] as number) - linear) : linear;
      sum += softplus(this.#y[pixel] ? -logit : logit);
    }
    return sum;
  }

  /** Gradient [L] of the loss and its Gauss–Newton Hessian [L,L]. */
  slopes(normal: Float64Array): { gradient: Float64Array; hessian: Float64Array } {
    const n = this.#latent;
    const { top } = this.#encoding;
    const gradient = normal.slice();
    const hessian = new Float64Array(n * n);
    for (let pixel = 0; pixel < this.#y.length; pixel++) {
      const linear = this.#linear(pixel, normal);
      const gap = top ? (top[pixel] as number) - linear : 0;
      const slope = top ? sigmoid(gap) : 1;
      const p = sigmoid(top ? (top[pixel] as number) - softplus(gap) : linear);
      const pull = (p - (this.#y[pixel] as number)) * slope;
      const weight = p * (1 - p) * slope * slope;
      const at = pixel * n;
      for (let i = 0; i < n; i++) {
        const column = this.#columns[at + i] as number;
        gradient[i] = (gradient[i] as number) + pull * column;
        // A pixel that is certain bends nothing: most of the picture is background.
        if (weight < 1e-9) continue;
        for (let j = 0; j <= i; j++) {
          hessian[i * n + j] = (hessian[i * n + j] as number) + weight * column * (this.#columns[at + j] as number);
        }
      }
    }
    for (let i = 0; i < n; i++) {
      hessian[i * n + i] = (hessian[i * n + i] as number) + 1;
      for (let j = 0; j < i; j++) hessian[j * n + i] = hessian[i * n + j] as number;
    }
    return { gradient, hessian };
  }
}
