import { GraderspaceError } from "../../errors.ts";
import { say } from "../../language/say.ts";
import { portableExp } from "../../random/portable-math.ts";
import type { Mask } from "../../values/slice.ts";
import type { Encoding, HeadWeights } from "../encoding.ts";
import { FieldDesign } from "./field-design.ts";

/** The regression at one x. */
export interface Local {
  /** −log p(y | x) − log N(x; 0, I) but for a constant: Σ softplus(logit) − y·logit + ½|x|². */
  readonly loss: number;
  /** [L + N] */
  readonly gradient: Float64Array;
  /** Gauss–Newton's weight of each kept pixel, p·(1 − p)·slope²: never negative. */
  readonly weights: Float64Array;
  /** With the envelope's curvature, + (y − p)·slope·(1 − slope), where that leaves it positive, else 0: for the steps. */
  readonly stepWeights: Float64Array;
}

/** A background pixel below this logit cannot be told from a certain one: p is under 1e-8. */
const CERTAIN = -18;
/** Where a pixel stays below it for all ε of this length, and for all fields round it of the other, it is left out. */
const FARTHEST = 12;
const FARTHEST_FIELDS = 6;

/**
 * A grader's mask as a logistic regression on x = (ε, f), whose prior is N(0, I): ε = (z − μ) / σ [L], and f [N] the nodes
 * of all local fields. Linear up to the envelope, with rows of factor · σ and of what `FieldDesign` says.
 * @throws BadArgument: a head that is not linear in z; a mask of another size
 */
export class PixelRegression {
  readonly latent: number;
  readonly design: FieldDesign;
  /** Pixels kept, n. */
  readonly pixels: number;
  /** factor · σ [n, L]. */
  readonly columns: Float64Array;
  /** Per pixel the nodes it hangs on and what they add, [n, reach]. */
  readonly gains: Float64Array;
  readonly places: Int32Array;
  /** Per pixel the linear part at x = 0, the envelope (∞ without), the grader's bit. */
  readonly #start: Float64Array;
  readonly #top: Float64Array;
  readonly #marked: Uint8Array;

  constructor(head: HeadWeights, encoding: Encoding, mask: Mask) {
    const { width, height, base, factor, prior, top } = encoding;
    assertLinear(encoding);
    assertSize(encoding, mask);
    const n = prior.mean.length;
    const sigma = Float64Array.from(prior.logSigma, portableExp);
    const design = new FieldDesign(head, encoding);
    const all = width * height;
    this.latent = n;
    this.design = design;
    this.columns = new Float64Array(all * n);
    this.gains = new Float64Array(all * design.reach);
    this.places = new Int32Array(all * design.reach);
    this.#start = new Float64Array(all);
    this.#top = new Float64Array(all);
    this.#marked = new Uint8Array(all);
    let kept = 0;
    for (let pixel = 0; pixel < all; pixel++) {
      const marked = mask.bits[pixel] as number;
      const ceiling = top ? (top[pixel] as number) : Number.POSITIVE_INFINITY;
      if (!marked && ceiling < CERTAIN) continue;
      let start = base[pixel] as number;
      let squares = 0;
      for (let l = 0; l < n; l++) {
        const value = factor?.[pixel * n + l] as number;
        const column = value * (sigma[l] as number);
        start += value * (prior.mean[l] as number);
        squares += column * column;
        this.columns[kept * n + l] = column;
      }
      const waves = design.write(pixel, this.gains, this.places, kept * design.reach);
      if (!marked && start + FARTHEST * Math.sqrt(squares) + FARTHEST_FIELDS * Math.sqrt(waves) < CERTAIN) continue;
      this.#start[kept] = start;
      this.#top[kept] = ceiling;
      this.#marked[kept] = marked;
      kept++;
    }
    this.pixels = kept;
  }

  at(x: Float64Array): Local {
    const { latent: n, pixels, columns, gains, places } = this;
    const { reach } = this.design;
    const [starts, top, marked] = [this.#start, this.#top, this.#marked];
    const gradient = x.slice();
    const [weights, stepWeights] = [new Float64Array(pixels), new Float64Array(pixels)];
    let loss = 0;
    for (let i = 0; i < x.length; i++) loss += (x[i] as number) ** 2 / 2;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const [ofZ, ofFields] = [pixel * n, pixel * reach];
      let logit = starts[pixel] as number;
      for (let l = 0; l < n; l++) logit += (columns[ofZ + l] as number) * (x[l] as number);
      for (let k = ofFields; k < ofFields + reach; k++) {
        logit += (gains[k] as number) * (x[n + (places[k] as number)] as number);
      }
      const y = marked[pixel] as number;
      if (!y && logit < CERTAIN) continue;
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
      loss += Math.max(y ? -logit : logit, 0) + Math.log(1 + small);
      const weight = p * (1 - p) * slope * slope;
      weights[pixel] = weight;
      stepWeights[pixel] = Math.max(0, weight + (y - p) * slope * (1 - slope));
      const pull = (p - y) * slope;
      for (let l = 0; l < n; l++) gradient[l] = (gradient[l] as number) + pull * (columns[ofZ + l] as number);
      for (let k = ofFields; k < ofFields + reach; k++) {
        const node = n + (places[k] as number);
        gradient[node] = (gradient[node] as number) + pull * (gains[k] as number);
      }
    }
    return { loss, gradient, weights, stepWeights };
  }
}

function assertLinear({ factor, channels }: Encoding): void {
  if (factor && channels === 1) return;
  throw new GraderspaceError("BadArgument", {
    problem: say`this model's samples are not linear in z, so a grader's place cannot be computed by Newton's method`,
    remedy: say`use a model with a posterior net`,
  });
}

function assertSize({ width, height }: Encoding, mask: Mask): void {
  if (mask.width === width && mask.height === height) return;
  throw new GraderspaceError("BadArgument", {
    problem: say`a mask of ${mask.width} × ${mask.height} pixels does not fit a region of ${width} × ${height}`,
  });
}
