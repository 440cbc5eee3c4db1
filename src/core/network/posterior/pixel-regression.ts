import { GraderspaceError } from "../../errors.ts";
import { portableExp } from "../../random/portable-math.ts";
import type { Mask } from "../../values/slice.ts";
import type { Encoding } from "../encoding.ts";

/** The regression at one ε. */
export interface Local {
  /** −log p(y | ε) − log N(ε; 0, I) but for a constant: Σ softplus(logit) − y·logit + ½|ε|². */
  readonly loss: number;
  /** [L] */
  readonly gradient: Float64Array;
  /** Gauss–Newton's, [L,L]. */
  readonly hessian: Float64Array;
}

/** Background pixels that stay below this logit for every ε of length 12 cannot be told from certain ones. */
const CERTAIN = -18;
const FARTHEST = 12;

/**
 * A grader's mask as a logistic regression on ε = (z − μ) / σ, whose prior is N(0, I), under the envelope, fields at 0.
 * @throws BadArgument: a head that is not linear in z; a mask of another size
 */
export class PixelRegression {
  readonly #latent: number;
  /** Per pixel kept: factor · σ [n,L], the linear part at the prior mean, the envelope (∞ without), the grader's bit. */
  readonly #columns: Float64Array;
  readonly #start: Float64Array;
  readonly #top: Float64Array;
  readonly #marked: Uint8Array;

  constructor(encoding: Encoding, mask: Mask) {
    const { width, height, base, factor, prior, top } = encoding;
    assertLinear(encoding);
    assertSize(encoding, mask);
    const n = prior.mean.length;
    const sigma = Float64Array.from(prior.logSigma, portableExp);
    this.#latent = n;
    this.#columns = new Float64Array(width * height * n);
    this.#start = new Float64Array(width * height);
    this.#top = new Float64Array(width * height);
    this.#marked = new Uint8Array(width * height);
    let kept = 0;
    for (let pixel = 0; pixel < width * height; pixel++) {
      let start = base[pixel] as number;
      let squares = 0;
      for (let l = 0; l < n; l++) {
        const value = factor?.[pixel * n + l] as number;
        const column = value * (sigma[l] as number);
        start += value * (prior.mean[l] as number);
        squares += column * column;
        this.#columns[kept * n + l] = column;
      }
      const ceiling = top ? (top[pixel] as number) : Number.POSITIVE_INFINITY;
      const marked = mask.bits[pixel] as number;
      if (!marked && Math.min(ceiling, start + FARTHEST * Math.sqrt(squares)) < CERTAIN) continue;
      this.#start[kept] = start;
      this.#top[kept] = ceiling;
      this.#marked[kept] = marked;
      kept++;
    }
    this.#columns = this.#columns.subarray(0, kept * n);
    this.#start = this.#start.subarray(0, kept);
  }

  at(normal: Float64Array): Local {
    const n = this.#latent;
    const [columns, start, top, marked] = [this.#columns, this.#start, this.#top, this.#marked];
    const gradient = normal.slice();
    const hessian = new Float64Array(n * n);
    let loss = normal.reduce((sum, value) => sum + (value * value) / 2, 0);
    for (let pixel = 0; pixel < start.length; pixel++) {
      const first = pixel * n;
      let logit = start[pixel] as number;
      for (let l = 0; l < n; l++) logit += (columns[first + l] as number) * (normal[l] as number);
      let slope = 1;
      const ceiling = top[pixel] as number;
      if (ceiling < Number.POSITIVE_INFINITY) {
        // top − softplus(top − y), and its slope sigmoid(top − y), out of one exponential
        const gap = ceiling - logit;
        const small = Math.exp(-Math.abs(gap));
        slope = gap >= 0 ? 1 / (1 + small) : small / (1 + small);
        logit = ceiling - Math.max(gap, 0) - Math.log(1 + small);
      }
      const small = Math.exp(-Math.abs(logit));
      const p = logit >= 0 ? 1 / (1 + small) : small / (1 + small);
      const y = marked[pixel] as number;
      loss += Math.max(y ? -logit : logit, 0) + Math.log(1 + small);
      const pull = (p - y) * slope;
      const weight = p * (1 - p) * slope * slope;
      for (let i = 0; i < n; i++) {
        const column = columns[first + i] as number;
        gradient[i] = (gradient[i] as number) + pull * column;
        for (let j = 0; j <= i; j++) {
          hessian[i * n + j] = (hessian[i * n + j] as number) + weight * column * (columns[first + j] as number);
        }
      }
    }
    for (let i = 0; i < n; i++) {
      hessian[i * n + i] = (hessian[i * n + i] as number) + 1;
      for (let j = 0; j < i; j++) hessian[j * n + i] = hessian[i * n + j] as number;
    }
    return { loss, gradient, hessian };
  }
}

function assertLinear({ factor, channels }: Encoding): void {
  if (factor && channels === 1) return;
  throw new GraderspaceError("BadArgument", {
    problem: "this model's samples are not linear in z, so a grader's place cannot be computed by Newton's method",
    remedy: "use a model with a posterior net",
  });
}

function assertSize({ width, height }: Encoding, mask: Mask): void {
  if (mask.width === width && mask.height === height) return;
  throw new GraderspaceError("BadArgument", {
    problem: `a mask of ${mask.width} × ${mask.height} pixels does not fit a region of ${width} × ${height}`,
  });
}
