import type { Encoding } from "../network/encoding.ts";
import { nodesAround } from "../network/field.ts";
import { latticeSizes } from "../random/draws.ts";
import type { Mask } from "../values/slice.ts";
import type { LinearHead } from "./linear-head.ts";

/** The pixels of a region that teaching looks at. */
export interface SeenPixels {
  readonly width: number;
  readonly height: number;
  /** [P]: their places in the region, row by row, ascending. */
  readonly at: Int32Array;
  /** [height, width]: which of them a pixel is; −1 where it is none. */
  readonly index: Int32Array;
  /** Of each field spacing: the four nodes around each pixel and their shares, [P, 4]. */
  readonly nodes: readonly { readonly count: number; readonly at: Int32Array; readonly share: Float32Array }[];
}

/** A pixel is seen where its logit reaches this within so many σ of the parent's draws: 1 draw in 160. */
const LEAST_LOGIT = -3;
const SIGMAS = 2.5;
/** What is left of a field's variance between its nodes, on average. */
const FIELD_VARIANCE = 0.45;
/** Pixels around those that are seen as well: what a shift reads. */
const MARGIN = 2;

/** Where the parent's head can mark, and all that a grader marked: a twentieth of a region, mostly. */
export function seenPixels(head: LinearHead, encoding: Encoding, graders: readonly Mask[]): SeenPixels {
  const { width, height } = encoding;
  const wanted = new Uint8Array(width * height);
  for (let p = 0; p < wanted.length; p++) {
    if (canBeMarked(head, encoding, p) || graders.some(({ bits }) => bits[p] === 1)) wanted[p] = 1;
  }
  const seen = widened(wanted, width, height);
  const at = Int32Array.from(seen.keys()).filter((p) => seen[p] === 1);
  const index = new Int32Array(width * height).fill(-1);
  for (const [i, p] of at.entries()) index[p] = i;
  return { width, height, at, index, nodes: nodesOf(at, width, height, head.fieldSpacings) };
}

function canBeMarked({ latent, fieldSpacings, fieldScale }: LinearHead, encoding: Encoding, p: number): boolean {
  const { base, factor, amplitude, top, prior } = encoding;
  if (top && (top[p] as number) < LEAST_LOGIT) return false;
  let [mean, variance] = [base[p] as number, 0];
  for (let l = 0; l < latent; l++) {
    const slope = factor?.[p * latent + l] as number;
    mean += slope * (prior.mean[l] as number);
    variance += (slope * Math.exp(prior.logSigma[l] as number)) ** 2;
  }
  for (let s = 0; s < fieldSpacings.length; s++) {
    variance += FIELD_VARIANCE * (fieldScale * (amplitude?.[p * fieldSpacings.length + s] as number)) ** 2;
  }
  return mean + SIGMAS * Math.sqrt(variance) > LEAST_LOGIT;
}

/** Along rows, then along columns. */
function widened(mask: Uint8Array, width: number, height: number): Uint8Array {
  const along = (from: Uint8Array, step: number, place: (p: number) => number, length: number) =>
    from.map((_, p) => {
      for (let by = -MARGIN; by <= MARGIN; by++) {
        const to = place(p) + by;
        if (to >= 0 && to < length && from[p + by * step] === 1) return 1;
      }
      return 0;
    });
  const rows = along(mask, 1, (p) => p % width, width);
  return along(rows, width, (p) => Math.floor(p / width), height);
}

function nodesOf(pixels: Int32Array, width: number, height: number, spacings: readonly number[]): SeenPixels["nodes"] {
  return latticeSizes(width, height, spacings).map((grid) => {
    const at = new Int32Array(4 * pixels.length);
    const share = new Float32Array(4 * pixels.length);
    for (const [i, p] of pixels.entries()) {
      const x = nodesAround(p % width, width, grid.width);
      const y = nodesAround(Math.floor(p / width), height, grid.height);
      at.set(
        [y.first, y.first, y.second, y.second].map((row, k) => row * grid.width + (k % 2 ? x.second : x.first)),
        4 * i,
      );
      const [up, left] = [1 - y.share, 1 - x.share];
      share.set([up * left, up * x.share, y.share * left, y.share * x.share], 4 * i);
    }
    return { count: grid.width * grid.height, at, share };
  });
}
