import { distance } from "../measures/agreement.ts";
import { draw } from "../random/gaussian.ts";
import type { Mask } from "../values/slice.ts";
import { maskOf } from "../values/threshold.ts";
import type { Draw, Encoding, Gaussian, HeadWeights } from "./encoding.ts";
import { logitsOf } from "./logits.ts";
import { modesOf } from "./modes.ts";

/** At most this many modes are listed. */
export const LISTED_MODES = 10;

/** The model's own axes as unit vectors in σ. */
export function axisVectors(latent: number): Float32Array[] {
  return Array.from({ length: latent }, (_, axis) =>
    Float32Array.from({ length: latent }, (_, i) => (i === axis ? 1 : 0)),
  );
}

/** Prior mean −reach σ and +reach σ along each vector (in σ), all else at the mean, fields at 0: two draws a vector, in turn. */
export function effectDraws(prior: Gaussian, vectors: readonly Float32Array[], reach = 2): Draw[] {
  return vectors.flatMap((vector) =>
    [-reach, reach].map((step) => ({
      z: draw(
        prior,
        vector.map((value) => step * value),
      ),
    })),
  );
}

/** 1 − IoU of each pair of masks, in the order of `effectDraws`: 0 = moves nothing, 1 = nothing in common. */
export function effectsFrom(masks: readonly Mask[]): number[] {
  return Array.from({ length: masks.length / 2 }, (_, i) => distance(masks[2 * i] as Mask, masks[2 * i + 1] as Mask));
}

/** Effect of each vector on this case, decoded plainly. A faster decoder: `effectsFrom` its masks of `effectDraws`. */
export function effectsOf(
  head: HeadWeights,
  encoding: Encoding,
  vectors: readonly Float32Array[],
  threshold = 0.5,
): number[] {
  const level = Math.log(threshold / (1 - threshold));
  const masks = effectDraws(encoding.prior, vectors).map((one) =>
    maskOf(logitsOf(head, encoding, one), encoding.width, encoding.height, level),
  );
  return effectsFrom(masks);
}

/** Effect of each of the model's axes on this case, [L]. */
export function axisEffects(head: HeadWeights, encoding: Encoding, threshold = 0.5): number[] {
  return effectsOf(head, encoding, axisVectors(head.latent), threshold);
}

/** Effect of each of this case's modes, strongest singular value first, [min(10, L)]. */
export function modeEffects(head: HeadWeights, encoding: Encoding, threshold = 0.5): number[] {
  return effectsOf(head, encoding, modesOf(head, encoding).vectors.slice(0, LISTED_MODES), threshold);
}
