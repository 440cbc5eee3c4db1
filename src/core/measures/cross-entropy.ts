import { GraderspaceError } from "../errors.ts";
import { say } from "../language/say.ts";
import { softplus } from "../network/logits.ts";
import type { Mask } from "../values/slice.ts";

/**
 * −log p(mask | logits) in nats, summed over the pixels as in the paper's loss (Kohl et al. 2018, equation 4):
 * Σ softplus(logit) − y·logit, which is −Σ y·log p + (1 − y)·log(1 − p). Of an empty mask it is Σ softplus(logit).
 * @throws BadArgument: another number of pixels
 */
export function crossEntropyOf(logits: Float32Array, { bits }: Mask): number {
  if (logits.length !== bits.length) {
    const problem = say`logits of ${logits.length} pixels do not fit a mask of ${bits.length}`;
    throw new GraderspaceError("BadArgument", { problem });
  }
  return logits.reduce((sum, logit, i) => sum + softplus(logit) - (bits[i] as number) * logit, 0);
}
