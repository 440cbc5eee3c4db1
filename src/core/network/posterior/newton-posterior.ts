import { GraderspaceError } from "../../errors.ts";
import { portableExp, portableLog } from "../../random/portable-math.ts";
import type { Mask } from "../../values/slice.ts";
import type { Encoding, Gaussian } from "../encoding.ts";
import { choleskyOf, inverseDiagonal, solveCholesky } from "../symmetric-matrix.ts";
import { type Local, PixelRegression } from "./pixel-regression.ts";

const MOST_STEPS = 50;
const MOST_HALVINGS = 12;

/**
 * q(z | image, mask) of a head that is linear in z (no comb), fields at 0: the mode of log p(y | z) + log P(z) by damped
 * Newton steps from the prior mean, and the axes' standard deviations by Laplace's approximation there. The Hessian is
 * Gauss–Newton's, L × L: with the envelope's own curvature left out it is always positive. @throws BadArgument
 */
export function newtonPosterior(encoding: Encoding, mask: Mask): Gaussian {
  const { mean, logSigma } = encoding.prior;
  const problem = new PixelRegression(encoding, mask);
  let normal: Float64Array = new Float64Array(mean.length);
  let here = problem.at(normal);
  let lower = factorOf(here, mean.length);
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = downhill(problem, normal, solveCholesky(lower, mean.length, here.gradient), here.loss);
    if (!next) break;
    const gain = here.loss - next.here.loss;
    ({ normal, here } = next);
    lower = factorOf(here, mean.length);
    if (gain <= 1e-9 * here.loss) break;
  }
  const variances = inverseDiagonal(lower, mean.length);
  return {
    mean: mean.map((value, l) => value + portableExp(logSigma[l] as number) * (normal[l] as number)),
    logSigma: logSigma.map((value, l) => value + portableLog(variances[l] as number) / 2),
  };
}

/** The step, halved until the loss falls; null where even its 4,096th part does not. */
function downhill(problem: PixelRegression, from: Float64Array, move: Float64Array, loss: number) {
  for (let halving = 0, size = 1; halving <= MOST_HALVINGS; halving++, size /= 2) {
    const normal = from.map((value, l) => value - size * (move[l] as number));
    const here = problem.at(normal);
    if (here.loss < loss) return { normal, here };
  }
  return null;
}

function factorOf({ hessian }: Local, latent: number): Float64Array {
  const lower = choleskyOf(hessian, latent);
  if (lower) return lower;
  throw new GraderspaceError("NetworkFailed", {
    problem: "the model's maps of this region hold numbers that are not finite",
    remedy: "choose another region or model",
  });
}
