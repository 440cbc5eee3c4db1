import { latticeSizes } from "../../random/draws.ts";
import type { Encoding, HeadWeights } from "../encoding.ts";
import { nodesAround } from "../field.ts";

/** The fields of a picture: the nodes of all grids in one row, spacing by spacing, and how each pixel hangs on them. */
export class FieldDesign {
  /** Nodes of all grids, N. */
  readonly nodes: number;
  /** Nodes that one pixel hangs on: four of each spacing. */
  readonly reach: number;
  readonly #grids: readonly Grid[];
  readonly #amplitude: Float32Array;
  readonly #scale: number;
  readonly #width: number;

  constructor({ fieldSpacings, fieldScale }: HeadWeights, { width, height, amplitude }: Encoding) {
    const along = (pixels: number, nodes: number) =>
      Array.from({ length: pixels }, (_, at) => nodesAround(at, pixels, nodes));
    let nodes = 0;
    this.#grids = latticeSizes(width, height, amplitude ? fieldSpacings : []).map((grid) => {
      const first = nodes;
      nodes += grid.width * grid.height;
      return { ...grid, first, across: along(width, grid.width), down: along(height, grid.height) };
    });
    this.nodes = nodes;
    this.reach = 4 * this.#grids.length;
    this.#amplitude = amplitude ?? new Float32Array(0);
    this.#scale = fieldScale;
    this.#width = width;
  }

  /**
   * Writes from `to` on what one unit at each of the pixel's nodes adds to its logit (fieldScale · amplitude · bilinear
   * share) and which nodes these are; gives the sum of the squares.
   */
  write(pixel: number, gains: Float64Array, places: Int32Array, to: number): number {
    const [x, y] = [pixel % this.#width, Math.floor(pixel / this.#width)];
    let squares = 0;
    let at = to;
    for (const [s, { first, width, across, down }] of this.#grids.entries()) {
      const amplitude = this.#scale * (this.#amplitude[pixel * this.#grids.length + s] as number);
      const [u, v] = [across[x] as Around, down[y] as Around];
      for (let corner = 0; corner < 4; corner++) {
        const [right, below] = [corner % 2 === 1, corner > 1];
        const gain = amplitude * (right ? u.share : 1 - u.share) * (below ? v.share : 1 - v.share);
        gains[at] = gain;
        places[at] = first + (below ? v.second : v.first) * width + (right ? u.second : u.first);
        squares += gain * gain;
        at++;
      }
    }
    return squares;
  }

  /** A value for each node [N] as one grid per spacing. */
  split(values: Float64Array): Float32Array[] {
    return this.#grids.map(({ first, width, height }) =>
      Float32Array.from(values.subarray(first, first + width * height)),
    );
  }
}

type Around = ReturnType<typeof nodesAround>;

interface Grid {
  readonly first: number;
  readonly width: number;
  readonly height: number;
  readonly across: readonly Around[];
  readonly down: readonly Around[];
}
