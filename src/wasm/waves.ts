import { latticeSizes } from "../core/random/draws.ts";
import { between } from "./layout.ts";

/** One field's grid for one picture. */
export interface Lattice {
  readonly width: number;
  readonly height: number;
}

/** The rows of one field that a batch of picture rows needs, each already as wide as the picture. */
interface Span {
  /** First lattice row, and how many. */
  readonly first: number;
  readonly rows: number;
  /** Floats from the start of a draw's waves. */
  readonly offset: number;
}

/**
 * The local fields on their way to the kernel. Half-pixel bilinear upsampling is separable: along a row it is done
 * here, once per lattice row; between two lattice rows it is done by the kernel, at every pixel.
 */
export class Waves {
  readonly lattices: readonly Lattice[];
  readonly #width: number;
  readonly #height: number;
  readonly #padded: number;
  #spans: readonly Span[] = [];

  constructor(spacings: readonly number[], width: number, height: number, padded: number) {
    this.lattices = latticeSizes(width, height, spacings);
    this.#width = width;
    this.#height = height;
    this.#padded = padded;
  }

  /** Floats that one draw needs at most for a batch of so many picture rows. */
  floatsPerDraw(batch: number): number {
    const rows = ({ height }: Lattice) => Math.min(height, Math.ceil((batch * height) / this.#height) + 2);
    return this.lattices.reduce((sum, lattice) => sum + rows(lattice) * this.#padded, 0);
  }

  /** From here on, rows `row`…`end` − 1 of the picture are meant. */
  aim(row: number, end: number): void {
    let offset = 0;
    this.#spans = this.lattices.map(({ height }) => {
      const first = between(row, this.#height, height).first;
      const rows = between(end - 1, this.#height, height).second - first + 1;
      const span = { first, rows, offset };
      offset += rows * this.#padded;
      return span;
    });
  }

  /** Writes one draw's lattice rows, widened to the picture; a draw without fields has none: zeros. */
  write(fields: readonly Float32Array[] | undefined, to: Float32Array): void {
    this.#spans.forEach(({ first, rows, offset }, s) => {
      const field = fields?.[s];
      const { width } = this.lattices[s] as Lattice;
      const target = to.subarray(offset, offset + rows * this.#padded);
      if (field === undefined) target.fill(0);
      else widen(field.subarray(first * width, (first + rows) * width), width, this.#width, this.#padded, target);
    });
  }

  /** For row `y` of the picture: float offsets of the two lattice rows in a draw's waves, and the share of the second. */
  around(s: number, y: number): { first: number; second: number; share: number } {
    const span = this.#spans[s] as Span;
    const { first, second, share } = between(y, this.#height, (this.lattices[s] as Lattice).height);
    const at = (row: number) => span.offset + (row - span.first) * this.#padded;
    return { first: at(first), second: at(second), share };
  }
}

/** [rows, columns] → [rows, padded], half-pixel bilinear along x. */
function widen(field: Float32Array, columns: number, width: number, padded: number, to: Float32Array): void {
  const rows = field.length / columns;
  for (let x = 0; x < width; x++) {
    const { first, second, share } = between(x, width, columns);
    for (let row = 0; row < rows; row++) {
      const left = field[row * columns + first] as number;
      to[row * padded + x] = left + share * ((field[row * columns + second] as number) - left);
    }
  }
}
