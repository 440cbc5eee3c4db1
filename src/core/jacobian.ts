import { CombPixel, movedBy } from "./comb.ts";
import type { Encoding, HeadWeights } from "./encoding.ts";
import { logitsOf, sigmoid } from "./logits.ts";
import { portableExp } from "./portable-math.ts";

export interface Linearised {
  /** [H,W] at the prior mean, fields at 0. */
  readonly logits: Float32Array;
  /** [H,W,L]: change of each logit per σ of the prior on each axis. */
  readonly slopes: Float32Array;
}

/** The picture as a linear function of z about the prior mean, fields at 0. Exact: one pass back through the comb. */
export function lineariseAtMean(head: HeadWeights, encoding: Encoding): Linearised {
  const { width, height, channels, base, factor, top, prior } = encoding;
  const latent = head.latent;
  const sigma = Float64Array.from(prior.logSigma, portableExp);
  const slopes = new Float32Array(width * height * latent);
  const comb = head.comb ? new CombPixel(head.comb, channels) : null;
  const moved = head.comb ? movedBy(head.comb, prior.mean, channels) : new Float64Array(0);
  for (let pixel = 0; pixel < width * height; pixel++) {
    let free = comb ? comb.logit(base, pixel * channels, moved) : (base[pixel * channels] as number);
    const back = comb?.slope();
    for (let l = 0; l < latent; l++) {
      const linear = (factor?.[pixel * latent + l] as number | undefined) ?? 0;
      free += linear * (prior.mean[l] as number);
      let slope = linear;
      if (back)
        for (let c = 0; c < channels; c++)
          slope += (back[c] as number) * (head.comb?.latent[l * channels + c] as number);
      slopes[pixel * latent + l] = slope * (sigma[l] as number);
    }
    if (!top) continue;
    // d/dy (top − softplus(top − y)) = sigmoid(top − y)
    const held = sigmoid((top[pixel] as number) - free);
    for (let l = 0; l < latent; l++) slopes[pixel * latent + l] = held * (slopes[pixel * latent + l] as number);
  }
  return { logits: logitsOf(head, encoding, { z: prior.mean }), slopes };
}
