import { portableExp } from "../random/portable-math.ts";
import { CombPixel, movedBy } from "./comb.ts";
import type { Encoding, HeadWeights } from "./encoding.ts";
import { assertFits, sigmoid, softplus } from "./logits.ts";

export interface Linearised {
  /** [H,W] at the prior mean, fields at 0. */
  readonly logits: Float32Array;
  /** [H,W,L]: change of each logit per σ of the prior on each axis. */
  readonly slopes: Float32Array;
}

/** The picture as a linear function of z about the prior mean, fields at 0. Exact: one pass back through the comb. */
export function lineariseAtMean(head: HeadWeights, encoding: Encoding): Linearised {
  const { width, height, channels, base, factor, top, prior } = encoding;
  assertFits(head, encoding, { z: prior.mean });
  const n = head.latent;
  const sigma = Float64Array.from(prior.logSigma, portableExp);
  const logits = new Float32Array(width * height);
  const slopes = new Float32Array(width * height * n);
  const comb = head.comb ? new CombPixel(head.comb, channels) : null;
  const moved = head.comb ? movedBy(head.comb, prior.mean, channels) : new Float64Array(0);
  const perAxis = head.comb?.latent ?? new Float32Array(0); // W_z [L, C]
  for (let pixel = 0; pixel < logits.length; pixel++) {
    let logit = comb ? comb.logit(base, pixel * channels, moved) : (base[pixel * channels] as number);
    const back = comb?.slope() ?? [];
    if (factor) for (let l = 0; l < n; l++) logit += (factor[pixel * n + l] as number) * (prior.mean[l] as number);
    let held = 1;
    if (top) {
      // d/dy (top − softplus(top − y)) = sigmoid(top − y)
      const gap = (top[pixel] as number) - logit;
      held = sigmoid(gap);
      logit = (top[pixel] as number) - softplus(gap);
    }
    logits[pixel] = logit;
    for (let l = 0; l < n; l++) {
      let slope = factor ? (factor[pixel * n + l] as number) : 0;
      for (let c = 0; c < back.length; c++) slope += (back[c] as number) * (perAxis[l * channels + c] as number);
      slopes[pixel * n + l] = held * slope * (sigma[l] as number);
    }
  }
  return { logits, slopes };
}
