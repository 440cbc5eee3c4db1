import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import type { Gaussian } from "../network/encoding.ts";
import { portableExp } from "./portable-math.ts";

/** N(0, I): mean 0 and log σ 0 on all `latent` axes. */
export function standardGaussian(latent: number): Gaussian {
  return { mean: new Float32Array(latent), logSigma: new Float32Array(latent) };
}

/** z = mean + σ · normal, [L]; `normal` holds standard normals, or distances from the mean in units of σ. */
export function draw(prior: Gaussian, normal: ArrayLike<number>): Float32Array {
  assertLatent(prior, normal.length);
  return prior.mean.map((mean, i) => mean + portableExp(prior.logSigma[i] as number) * (normal[i] as number));
}

/** (z − mean) / σ, [L]: the inverse of `draw`, what the sliders show. */
export function inSigma(prior: Gaussian, z: ArrayLike<number>): Float32Array {
  assertLatent(prior, z.length);
  return prior.mean.map((mean, i) => ((z[i] as number) - mean) / portableExp(prior.logSigma[i] as number));
}

/**
 * KL(Q ‖ P) of Gaussians with independent axes, in nats, per axis and summed:
 * log(σp/σq) + (σq² + (μq − μp)²) / 2σp² − ½. How surprising Q is to P; never negative.
 */
export function klDivergence(q: Gaussian, p: Gaussian): { perAxis: Float32Array; total: number } {
  assertLatent(p, q.mean.length);
  let total = 0;
  const perAxis = q.mean.map((mean, i) => {
    const logRatio = (q.logSigma[i] as number) - (p.logSigma[i] as number);
    const shift = (mean - (p.mean[i] as number)) / portableExp(p.logSigma[i] as number);
    const nats = Math.max(0, (portableExp(2 * logRatio) + shift * shift - 1) / 2 - logRatio);
    total += nats;
    return nats;
  });
  return { perAxis, total };
}

function assertLatent(prior: Gaussian, length: number): void {
  if (prior.mean.length === length) return;
  throw new GraderspaceError("BadArgument", {
    problem: say`${length} numbers were given for z, and this model has ${prior.mean.length} axes`,
    remedy: say`take z from a session or table made with this model`,
  });
}
