/** A grid of any number of axes, the slowest first: [rows, columns] or [slices, rows, columns]. */
export interface Grid {
  readonly size: readonly number[];
  /** Millimetres between neighbours, one per axis. */
  readonly spacingMm: readonly number[];
}

/**
 * Squared distance of each voxel to the nearest voxel that is set, mm², exact (Felzenszwalb & Huttenlocher, Theory of
 * Computing 8:415, 2012: along one axis after the other the lower envelope of parabolas). Infinity where none is set.
 */
export function squaredDistances({ size, spacingMm }: Grid, set: Uint8Array): Float64Array {
  const found = Float64Array.from(set, (bit) => (bit === 0 ? Number.POSITIVE_INFINITY : 0));
  let stride = 1;
  for (let axis = size.length - 1; axis >= 0; axis--) {
    const length = size[axis] as number;
    const envelope = new Envelope(length, spacingMm[axis] as number);
    for (let start = 0; start < found.length; start++) {
      if (Math.floor(start / stride) % length === 0) envelope.lower(found, start, stride);
    }
    stride *= length;
  }
  return found;
}

/** One line of a grid: min over q of (mm·(p − q))² + f(q), for every p. */
class Envelope {
  readonly #length: number;
  readonly #mm: number;
  readonly #line: Float64Array;
  /** Places of the parabolas in the envelope, and from where on each is the lowest. */
  readonly #roots: Int32Array;
  readonly #from: Float64Array;

  constructor(length: number, mm: number) {
    this.#length = length;
    this.#mm = mm;
    this.#line = new Float64Array(length);
    this.#roots = new Int32Array(length);
    this.#from = new Float64Array(length);
  }

  /** In place. */
  lower(values: Float64Array, start: number, stride: number): void {
    const last = this.#parabolas(values, start, stride);
    if (last < 0) return; // nothing is set on this line
    let k = 0;
    for (let p = 0; p < this.#length; p++) {
      while (k < last && (this.#from[k + 1] as number) <= p) k++;
      const root = this.#roots[k] as number;
      values[start + p * stride] = (this.#mm * (p - root)) ** 2 + (this.#line[root] as number);
    }
  }

  /** Fills the envelope; gives the index of its last parabola, −1 where there is none. */
  #parabolas(values: Float64Array, start: number, stride: number): number {
    let last = -1;
    for (let q = 0; q < this.#length; q++) {
      const height = values[start + q * stride] as number;
      this.#line[q] = height;
      if (height === Number.POSITIVE_INFINITY) continue;
      let crossing = Number.NEGATIVE_INFINITY;
      while (last >= 0) {
        const root = this.#roots[last] as number;
        const rise = (height - (this.#line[root] as number)) / (this.#mm * this.#mm);
        crossing = (rise + q * q - root * root) / (2 * (q - root));
        if (crossing > (this.#from[last] as number)) break;
        last--;
        crossing = Number.NEGATIVE_INFINITY;
      }
      last++;
      this.#roots[last] = q;
      this.#from[last] = crossing;
    }
    return last;
  }
}
