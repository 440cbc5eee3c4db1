import { packMask, sharedArea } from "../values/packed-mask.ts";
import type { Mask } from "../values/slice.ts";

/**
 * Dice of two readers through a lesion's slices: 2 |a ∩ b| / (|a| + |b|) over all voxels (Dice 1945), 1 where both drew
 * nothing. Each has a mask per slice; slices count alike, however far apart.
 */
export function diceThrough(a: readonly Mask[], b: readonly Mask[]): number {
  let [shared, areas] = [0, 0];
  for (const [s, mask] of a.entries()) {
    const [first, second] = [packMask(mask), packMask(b[s] as Mask)];
    shared += sharedArea(first, second);
    areas += first.area + second.area;
  }
  return areas === 0 ? 1 : (2 * shared) / areas;
}

/** Overlaps of every two of several readers through a lesion's slices, counted slice by slice. */
export class StackOverlaps {
  /** Pixels marked by each, [N]. */
  readonly #areas: Float64Array;
  /** Pixels marked by both, [N, N], the upper half. */
  readonly #shared: Float64Array;

  constructor(readers: number) {
    this.#areas = new Float64Array(readers);
    this.#shared = new Float64Array(readers * readers);
  }

  add(masks: readonly Mask[]): void {
    const packed = masks.map(packMask);
    packed.forEach((a, i) => {
      this.#areas[i] = (this.#areas[i] as number) + a.area;
      for (let j = i + 1; j < packed.length; j++) {
        const at = i * packed.length + j;
        this.#shared[at] = (this.#shared[at] as number) + sharedArea(a, packed[j] as typeof a);
      }
    });
  }

  /** IoU in three dimensions of readers i and j; 1 where both drew nothing. */
  iou(i: number, j: number): number {
    if (i === j) return 1;
    const shared = this.#shared[Math.min(i, j) * this.#areas.length + Math.max(i, j)] as number;
    const union = (this.#areas[i] as number) + (this.#areas[j] as number) - shared;
    return union === 0 ? 1 : shared / union;
  }

  /** The reader nearest to all others by 1 − IoU, the first of equals: what one would show for all. */
  medoid(): number {
    let [best, nearest] = [0, Number.NEGATIVE_INFINITY];
    for (let i = 0; i < this.#areas.length; i++) {
      let sum = 0;
      for (let j = 0; j < this.#areas.length; j++) sum += this.iou(i, j);
      if (sum > nearest) [best, nearest] = [i, sum];
    }
    return best;
  }
}
