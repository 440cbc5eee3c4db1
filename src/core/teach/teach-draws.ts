import type { Gaussian } from "../network/encoding.ts";
import { draw } from "../random/gaussian.ts";
import { normals } from "../random/random.ts";
import type { LinearHead } from "./linear-head.ts";
import type { SeenPixels } from "./seen-pixels.ts";

/** N draws for one picture, ready to be summed up. */
export interface TeachDraws {
  readonly count: number;
  /** [N, L] */
  readonly z: Float32Array;
  /** [S, N, P]: the fields at every pixel, times fieldScale. */
  readonly waves: Float32Array;
  /** [N, 2] pixels to the right and downwards; null where the head has no shift. */
  readonly shift: Float32Array | null;
}

/**
 * Draws in pairs of opposite sign (their mean is the prior's own: less noise in a gradient), the first half before
 * their mirror images. They hang on (seed, stream) alone.
 */
export function antitheticDraws(
  head: LinearHead,
  prior: Gaussian,
  { at, nodes }: Pick<SeenPixels, "at" | "nodes">,
  count: number,
  seed: number,
  stream: readonly number[],
): TeachDraws {
  const half = count / 2;
  const pixels = at.length;
  const { latent } = head;
  const epsilon = normals(seed, [...stream, 0], half * latent);
  const z = new Float32Array(count * latent);
  const waves = new Float32Array(nodes.length * count * pixels);
  const shift = head.shift > 0 ? new Float32Array(count * 2) : null;
  const off = shift && normals(seed, [...stream, 1], count);
  for (let n = 0; n < half; n++) {
    const own = epsilon.subarray(n * latent, (n + 1) * latent);
    z.set(draw(prior, own), n * latent);
    z.set(draw(prior, own.map(negative)), (half + n) * latent);
    for (let i = 0; shift && off && i < 2; i++) {
      const by = head.shift * (off[2 * n + i] as number);
      shift[2 * n + i] = by;
      shift[2 * (half + n) + i] = -by;
    }
  }
  for (const [s, lattice] of nodes.entries()) {
    const field = normals(seed, [...stream, 2 + s], half * lattice.count);
    for (let n = 0; n < half; n++) {
      const [first, to, mirror] = [n * lattice.count, (s * count + n) * pixels, (s * count + half + n) * pixels];
      for (let p = 0; p < pixels; p++) {
        let sum = 0;
        for (let k = 4 * p; k < 4 * p + 4; k++) {
          sum += (lattice.share[k] as number) * (field[first + (lattice.at[k] as number)] as number);
        }
        waves[to + p] = head.fieldScale * sum;
        waves[mirror + p] = -head.fieldScale * sum;
      }
    }
  }
  return { count, z, waves, shift };
}

function negative(value: number): number {
  return -value;
}
