import { pairwiseIou } from "../measures/agreement.ts";
import { eigenOf } from "../network/symmetric-matrix.ts";
import type { Mask } from "../values/slice.ts";

/** One point of the map: a mask, or all empty ones. */
export interface MaskPoint {
  /** Right and up; distances are of 1 − IoU. */
  readonly at: readonly [number, number];
  /** Which masks lie there: one, but for the empty ones, which all do. */
  readonly masks: readonly number[];
  readonly empty: boolean;
}

export interface MaskMap {
  readonly points: readonly MaskPoint[];
  /** Kruskal's stress-1: √(Σ (δ − d)² / Σ d²) over pairs of points, δ = 1 − IoU, d their distance on the map; 0: nothing is lost. */
  readonly stress: number;
  /** Share of the sum of the positive eigenvalues that both axes have. */
  readonly share: number;
}

/**
 * Masks in the plane, so that their distances come as near to 1 − IoU as two axes allow: classical scaling (Torgerson,
 * Psychometrika 17, 1952). B = −½·J·(δ²)·J, J = I − 1/n; axis k is √λ_k times its eigenvector, the largest of whose
 * coordinates is positive. 1 − IoU is no Euclidean distance: negative eigenvalues are dropped. Empty masks are one point.
 */
export function maskMap(masks: readonly Mask[]): MaskMap {
  const empty = masks.flatMap(({ bits }, i) => (bits.includes(1) ? [] : [i]));
  const groups = masks.flatMap(({ bits }, i): (readonly number[])[] => (bits.includes(1) ? [[i]] : []));
  if (empty.length > 0) groups.push(empty);
  const n = groups.length;
  if (n === 0) return { points: [], stress: 0, share: 1 };
  const apart = pairwiseIou(groups.map(([first]) => masks[first as number] as Mask)).map((row) =>
    row.map((iou) => 1 - iou),
  );
  const { values, vectors } = eigenOf(centred(apart), n);
  const axis = (k: number) => {
    const length = Math.sqrt(Math.max(0, values[k] ?? 0));
    const vector = vectors[k] ?? new Float64Array(n);
    const most = vector.reduce((top, value) => (Math.abs(value) > Math.abs(top) + 1e-9 ? value : top), 0);
    const sign = most < 0 ? -length : length;
    return vector.map((value) => sign * value);
  };
  const [right, up] = [axis(0), axis(1)];
  const positive = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const points = groups.map((group, i): MaskPoint => {
    const at = [right[i] as number, up[i] as number] as const;
    return { at, masks: group, empty: group === empty };
  });
  const kept = Math.max(0, values[0] ?? 0) + Math.max(0, values[1] ?? 0);
  return { points, stress: stressOf(points, apart), share: positive === 0 ? 1 : kept / positive };
}

/** −½ of the squared distances, less the means of row and column, plus that of all. */
function centred(apart: readonly (readonly number[])[]): Float64Array {
  const n = apart.length;
  const squares = apart.map((row) => row.map((d) => d * d));
  const means = squares.map((row) => row.reduce((sum, d2) => sum + d2, 0) / n);
  const mean = means.reduce((sum, one) => sum + one, 0) / n;
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return -0.5 * ((squares[i]?.[j] as number) - (means[i] as number) - (means[j] as number) + mean);
  });
}

function stressOf(points: readonly MaskPoint[], apart: readonly (readonly number[])[]): number {
  let [off, all] = [0, 0];
  for (const [i, { at: from }] of points.entries()) {
    for (let j = 0; j < i; j++) {
      const { at: to } = points[j] as MaskPoint;
      const shown = Math.hypot(from[0] - to[0], from[1] - to[1]);
      off += ((apart[i]?.[j] as number) - shown) ** 2;
      all += shown * shown;
    }
  }
  return all === 0 ? 0 : Math.sqrt(off / all);
}
