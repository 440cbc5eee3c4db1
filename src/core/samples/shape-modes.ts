import { boxAround, depthIn, indexInWhole, type PixelBox } from "../drawing/depth.ts";
import { eigenOf } from "../network/symmetric-matrix.ts";
import type { Mask } from "../values/slice.ts";

/** How the masks of a set differ from their mean shape. */
export interface ShapeModes {
  readonly width: number;
  readonly height: number;
  /** Where the maps lie in the picture. */
  readonly box: PixelBox;
  /** Mean of the masks' depths, in widths of a pixel: the distance to the outline's edge, positive within. [box] */
  readonly mean: Float32Array;
  /** Strongest first: what one standard deviation adds to the depth, and its share of the variance. */
  readonly modes: readonly { readonly map: Float32Array; readonly share: number }[];
  /** Masks behind them, and the empty ones, which have no shape. */
  readonly used: number;
  readonly empty: number;
}

/** Pixels that a shape may grow beyond all masks. */
const MARGIN = 16;
const MOST_MODES = 6;
/** A mode of less than this share of the variance moves nothing that is seen. */
const LEAST_SHARE = 5e-3;

/**
 * Principal components of the masks' signed distance maps (Leventon, Grimson & Faugeras, CVPR 2000), by the eigenvectors
 * u of their Gram matrix: one σ of mode k is Xᵀu_k/√n, X being the n centred maps. Null with fewer than two masks that
 * mark anything. `aspect`: how many times as high as wide a pixel is.
 */
export function shapeModes(masks: readonly Mask[], aspect = 1): ShapeModes | null {
  const drawn = masks.filter(({ bits }) => bits.includes(1));
  const n = drawn.length;
  const box = boxAround(drawn, MARGIN);
  const [first] = drawn;
  if (!first || n < 2 || box === null) return null;
  const depths = drawn.map((mask) => depthIn(mask, box, [aspect, 1]));
  const pixels = box.width * box.height;
  const mean = new Float64Array(pixels);
  for (const depth of depths) for (let i = 0; i < pixels; i++) mean[i] = (mean[i] as number) + (depth[i] as number) / n;
  for (const depth of depths) for (let i = 0; i < pixels; i++) depth[i] = (depth[i] as number) - (mean[i] as number);
  const gram = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      const value = dotOf(depths[a] as Float64Array, depths[b] as Float64Array) / n;
      gram[a * n + b] = value;
      gram[b * n + a] = value;
    }
  }
  const { values, vectors } = eigenOf(gram, n);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const modes = vectors.slice(0, Math.min(MOST_MODES, n - 1)).flatMap((vector, k) => {
    const share = total === 0 ? 0 : (values[k] as number) / total;
    if (share < LEAST_SHARE) return [];
    const map = new Float32Array(pixels);
    for (const [a, depth] of depths.entries()) {
      const weight = (vector[a] as number) / Math.sqrt(n);
      for (let i = 0; i < pixels; i++) map[i] = (map[i] as number) + weight * (depth[i] as number);
    }
    // To the right it grows: a mode's sign is nobody's.
    const grows = map.reduce((sum, value) => sum + value, 0) >= 0;
    return [{ map: grows ? map : map.map((value) => -value), share }];
  });
  const { width, height } = first;
  return { width, height, box, mean: Float32Array.from(mean), modes, used: n, empty: masks.length - n };
}

/** Depth of the shape at so many σ along each mode, [height, width]; far outside of it where no mask comes near. */
export function shapeAt({ width, height, box, mean, modes }: ShapeModes, sigma: readonly number[]): Float32Array {
  const depth = new Float32Array(width * height).fill(-Math.hypot(width, height));
  for (let i = 0; i < mean.length; i++) {
    let value = mean[i] as number;
    for (const [k, { map }] of modes.entries()) value += (sigma[k] ?? 0) * (map[i] as number);
    depth[indexInWhole(box, i, width)] = value;
  }
  return depth;
}

function dotOf(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
