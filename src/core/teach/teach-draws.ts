import type { Gaussian } from "../network/encoding.ts";
import { upsampleField } from "../network/field.ts";
import { latticeSizes } from "../random/draws.ts";
import { draw } from "../random/gaussian.ts";
import { normals } from "../random/random.ts";
import type { LinearHead } from "./linear-head.ts";

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
  { width, height }: { readonly width: number; readonly height: number },
  count: number,
  seed: number,
  stream: readonly number[],
): TeachDraws {
  const half = count / 2;
  const pixels = width * height;
  const { latent, fieldSpacings } = head;
  const epsilon = normals(seed, [...stream, 0], half * latent);
  const z = new Float32Array(count * latent);
  const waves = new Float32Array(fieldSpacings.length * count * pixels);
  const shift = head.shift > 0 ? new Float32Array(count * 2) : null;
  const off = shift && normals(seed, [...stream, 1], count);
  const grids = latticeSizes(width, height, fieldSpacings);
  for (let n = 0; n < half; n++) {
    const own = epsilon.subarray(n * latent, (n + 1) * latent);
    z.set(draw(prior, own), n * latent);
    z.set(draw(prior, own.map(negative)), (half + n) * latent);
    for (let i = 0; shift && off && i < 2; i++) {
      const pixelsOff = head.shift * (off[2 * n + i] as number);
      shift[2 * n + i] = pixelsOff;
      shift[2 * (half + n) + i] = -pixelsOff;
    }
  }
  for (const [s, grid] of grids.entries()) {
    const nodes = grid.width * grid.height;
    const fields = normals(seed, [...stream, 2 + s], half * nodes).map((value) => head.fieldScale * value);
    for (let n = 0; n < half; n++) {
      const wave = upsampleField(fields.subarray(n * nodes, (n + 1) * nodes), grid, width, height);
      waves.set(wave, (s * count + n) * pixels);
      waves.set(wave.map(negative), (s * count + half + n) * pixels);
    }
  }
  return { count, z, waves, shift };
}

function negative(value: number): number {
  return -value;
}
