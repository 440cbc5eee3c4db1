import { GraderspaceError } from "../../errors.ts";
import { say } from "../../language/say.ts";
import { portableLog } from "../../random/portable-math.ts";
import { choleskyOf, inverseDiagonal, solveCholesky } from "../symmetric-matrix.ts";
import type { PixelRegression } from "./pixel-regression.ts";

/** Below it a pixel says nothing that the prior's 1 would notice. */
const LEAST_WEIGHT = 1e-6;
/** A node of the fields that all pixels together weigh less (the prior weighs 1) is taken by itself. */
const LEAST_STRENGTH = 1e-4;

/**
 * The precision H = I + Xᵀ·W·X of x = (ε, f) in blocks, fields first:
 *   ⎡ C  B ⎤   C [N, N] of the fields, A [L, L] of ε
 *   ⎣ Bᵀ A ⎦
 * as one Cholesky factor. Its leading block is that of C, and its last L rows and columns are that of the Schur complement
 * S = A − Bᵀ·C⁻¹·B: so S⁻¹, the covariance of ε with the fields integrated out, comes with it (Boyd & Vandenberghe, Convex
 * Optimization, A.5.5). Nodes that no pixel weighs stay outside of the factor: a few dozen of 1,344 are inside.
 */
export class Curvature {
  readonly #latent: number;
  /** Of the nodes inside: their count, and per node its row, −1 outside. */
  readonly #inside: number;
  readonly #rows: Int32Array;
  /** Per node Σ weight · gain². */
  readonly #strength: Float64Array;
  readonly #lower: Float64Array;

  /** @throws NetworkFailed: maps with numbers that are not finite */
  constructor(problem: PixelRegression, weights: Float64Array) {
    const { latent, pixels, columns, gains, places, design } = problem;
    const { nodes, reach } = design;
    this.#latent = latent;
    this.#strength = new Float64Array(nodes);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const weight = weights[pixel] as number;
      if (weight < LEAST_WEIGHT) continue;
      for (let k = pixel * reach; k < (pixel + 1) * reach; k++) {
        const node = places[k] as number;
        this.#strength[node] = (this.#strength[node] as number) + weight * (gains[k] as number) ** 2;
      }
    }
    let inside = 0;
    this.#rows = Int32Array.from(this.#strength, (strength) => (strength >= LEAST_STRENGTH ? inside++ : -1));
    this.#inside = inside;
    const size = inside + latent;
    const matrix = new Float64Array(size * size);
    const row = new Float64Array(reach + latent);
    const at = new Int32Array(reach + latent);
    for (let pixel = 0; pixel < pixels; pixel++) {
      const weight = weights[pixel] as number;
      if (weight < LEAST_WEIGHT) continue;
      let length = 0;
      for (let k = pixel * reach; k < (pixel + 1) * reach; k++) {
        const place = this.#rows[places[k] as number] as number;
        if (place < 0) continue;
        at[length] = place;
        row[length++] = gains[k] as number;
      }
      for (let l = 0; l < latent; l++) {
        at[length] = inside + l;
        row[length++] = columns[pixel * latent + l] as number;
      }
      for (let i = 0; i < length; i++) {
        const first = (at[i] as number) * size;
        const share = weight * (row[i] as number);
        for (let j = 0; j < length; j++) {
          const place = at[j] as number;
          if (place <= (at[i] as number))
            matrix[first + place] = (matrix[first + place] as number) + share * (row[j] as number);
        }
      }
    }
    for (let i = 0; i < size; i++) matrix[i * size + i] = (matrix[i * size + i] as number) + 1;
    this.#lower = factorOf(matrix, size);
  }

  /** H⁻¹·gradient, [L + N]. */
  solve(gradient: Float64Array): Float64Array {
    const [latent, inside, rows] = [this.#latent, this.#inside, this.#rows];
    const right = new Float64Array(inside + latent);
    rows.forEach((row, node) => {
      if (row >= 0) right[row] = gradient[latent + node] as number;
    });
    for (let l = 0; l < latent; l++) right[inside + l] = gradient[l] as number;
    const found = solveCholesky(this.#lower, inside + latent, right);
    const move = new Float64Array(gradient.length);
    for (let l = 0; l < latent; l++) move[l] = found[inside + l] as number;
    rows.forEach((row, node) => {
      const alone = (gradient[latent + node] as number) / (1 + (this.#strength[node] as number));
      move[latent + node] = row >= 0 ? (found[row] as number) : alone;
    });
    return move;
  }

  /** Of the Gaussian with this precision: variances of ε with the fields integrated out [L]; tr(Σ_ff) − N + log det C. */
  spread(): { readonly variances: Float64Array; readonly fields: number } {
    const size = this.#inside + this.#latent;
    const diagonal = inverseDiagonal(this.#lower, size);
    let fields = 0;
    for (let i = 0; i < this.#inside; i++) {
      fields += (diagonal[i] as number) - 1 + 2 * portableLog(this.#lower[i * size + i] as number);
    }
    return { variances: diagonal.subarray(this.#inside), fields };
  }
}

function factorOf(matrix: Float64Array, size: number): Float64Array {
  const lower = choleskyOf(matrix, size);
  if (lower) return lower;
  throw new GraderspaceError("NetworkFailed", {
    problem: say`the model's maps of this region hold numbers that are not finite`,
    remedy: say`choose another region or model`,
  });
}
