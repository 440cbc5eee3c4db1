import { normalQuantile, portableExp, portableLog } from "../../random/portable-math.ts";
import type { Mask } from "../../values/slice.ts";
import type { Encoding, HeadWeights, Posterior } from "../encoding.ts";
import { sigmoid } from "../logits.ts";
import { Curvature } from "./curvature.ts";
import { PixelRegression } from "./pixel-regression.ts";

const MOST_STEPS = 50;
const MOST_HALVINGS = 12;

/**
 * q(z, fields | image, mask) of a head that is linear in both (no comb), by Laplace's approximation (MacKay 2003, Information
 * Theory, Inference, and Learning Algorithms, 27): the mode of log p(y | z, f) + log P(z) + log N(f; 0, I), by damped Newton
 * steps from the prior mean, and the precision there, Gauss–Newton's: with the envelope's own curvature left out it is
 * always positive. Of z this gives N(mode, S⁻¹), the fields integrated out (`Curvature`), of which the axes' own standard
 * deviations are handed on: a Q with independent axes, as the posterior net of Kohl et al. 2018.
 *
 * KL(q(z, f) ‖ p) = KL(q(z) ‖ P(z)) + E_q(z) KL(q(f | z) ‖ N(0, I)), the chain rule. The second part is `fields.nats`, in
 * closed form ½·(tr Σ_ff + |f|² − N + log det C): Σ_ff, f of the joint Gaussian, C the precision of f at a given z.
 *
 * A shift of the head is taken to be 0. With a gate, who drew something had it open, and who drew nothing is taken to have
 * had it shut: that says nothing of z and the fields, which stay as the prior has them, and `u` is the median of those that
 * shut it, Φ⁻¹((1 − p) / 2). (z alone could have drawn nothing, too; that a trained gate leaves to itself.)
 * @throws BadArgument, NetworkFailed
 */
export function newtonPosterior(head: HeadWeights, encoding: Encoding, mask: Mask): Posterior {
  const { mean, logSigma } = encoding.prior;
  const problem = new PixelRegression(head, encoding, mask);
  const { latent, design } = problem;
  const placed = (values: Float64Array, nats: number) =>
    design.nodes > 0 ? { fields: { mean: design.split(values), nats } } : {};
  if (head.gate && encoding.presence !== undefined && !mask.bits.includes(1)) {
    const u = normalQuantile((1 - sigmoid(encoding.presence)) / 2);
    return { mean, logSigma, ...placed(new Float64Array(design.nodes), 0), u };
  }
  const { x, curvature } = modeOf(problem);
  const fields = x.subarray(latent);
  const spread = curvature.spread();
  const nats = (spread.fields + fields.reduce((sum, value) => sum + value * value, 0)) / 2;
  return {
    mean: mean.map((value, l) => value + portableExp(logSigma[l] as number) * (x[l] as number)),
    logSigma: logSigma.map((value, l) => value + portableLog(spread.variances[l] as number) / 2),
    ...placed(fields, nats),
  };
}

function modeOf(problem: PixelRegression): { readonly x: Float64Array; readonly curvature: Curvature } {
  let x: Float64Array = new Float64Array(problem.latent + problem.design.nodes);
  let here = problem.at(x);
  for (let step = 0; step < MOST_STEPS; step++) {
    const move = new Curvature(problem, here.stepWeights).solve(here.gradient);
    const next = downhill(problem, x, move, here.loss);
    if (!next) break;
    const gain = here.loss - next.here.loss;
    ({ x, here } = next);
    if (gain <= 1e-8 * here.loss) break;
  }
  return { x, curvature: new Curvature(problem, here.weights) };
}

/** The step, halved until the loss falls; null where even its 4,096th part does not. */
function downhill(problem: PixelRegression, from: Float64Array, move: Float64Array, loss: number) {
  for (let halving = 0, size = 1; halving <= MOST_HALVINGS; halving++, size /= 2) {
    const x = from.map((value, l) => value - size * (move[l] as number));
    const here = problem.at(x);
    if (here.loss < loss) return { x, here };
  }
  return null;
}
