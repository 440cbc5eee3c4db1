import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choleskyOf, eigenOf, inverseDiagonal, solveCholesky } from "../../../src/core/network/symmetric-matrix.ts";

const entry = fc.double({ min: -3, max: 3, noNaN: true });
const N = 5;
/** AᵀA of a random A [N, N]. */
const gram = fc.array(entry, { minLength: N * N, maxLength: N * N }).map((a) =>
  Float64Array.from({ length: N * N }, (_, at) => {
    const [i, j] = [Math.floor(at / N), at % N];
    return Array.from({ length: N }, (_, k) => a[k * N + i]! * a[k * N + j]!).reduce((x, y) => x + y, 0);
  }),
);
const times = (m: Float64Array, v: ArrayLike<number>) =>
  Array.from({ length: N }, (_, i) =>
    Array.from({ length: N }, (_, j) => m[i * N + j]! * v[j]!).reduce((x, y) => x + y, 0),
  );

describe("eigenvalues of a symmetric matrix", () => {
  it("[[2, 1], [1, 2]]: 3 along the diagonal, 1 across", () => {
    const { values, vectors } = eigenOf(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 12);
    expect(values[1]).toBeCloseTo(1, 12);
    expect(Math.abs(vectors[0]![0]! + vectors[0]![1]!)).toBeCloseTo(Math.SQRT2, 12);
    expect(vectors[1]![0]! + vectors[1]![1]!).toBeCloseTo(0, 12);
  });

  it("fall, have unit vectors at right angles, and matrix·v = λ·v", () => {
    fc.assert(
      fc.property(gram, (matrix) => {
        const { values, vectors } = eigenOf(matrix, N);
        vectors.forEach((vector, k) => {
          times(matrix, vector).forEach((value, i) => void expect(value).toBeCloseTo(values[k]! * vector[i]!, 8));
          vectors.forEach((other, m) => {
            const dot = vector.reduce((sum, value, i) => sum + value * other[i]!, 0);
            expect(dot).toBeCloseTo(k === m ? 1 : 0, 10);
          });
          if (k > 0) expect(values[k]!).toBeLessThanOrEqual(values[k - 1]!);
        });
      }),
    );
  });

  it("a matrix of zeros has none", () => {
    expect(Array.from(eigenOf(new Float64Array(9), 3).values)).toEqual([0, 0, 0]);
  });
});

describe("Cholesky", () => {
  it("[[4, 2], [2, 5]] = [[2, 0], [1, 2]] times its transpose", () => {
    expect(Array.from(choleskyOf(Float64Array.of(4, 2, 2, 5), 2)!)).toEqual([2, 0, 1, 2]);
  });

  it("solves, and its inverse's diagonal is that of the inverse", () => {
    fc.assert(
      fc.property(gram, fc.array(entry, { minLength: N, maxLength: N }), (matrix, x) => {
        const precise = matrix.map((value, at) => value + (at % (N + 1) === 0 ? 1 : 0));
        const lower = choleskyOf(precise, N)!;
        solveCholesky(lower, N, times(precise, x)).forEach((value, i) => void expect(value).toBeCloseTo(x[i]!, 8));
        inverseDiagonal(lower, N).forEach((value, i) => {
          const unit = Array.from({ length: N }, (_, j) => (i === j ? 1 : 0));
          expect(value).toBeCloseTo(solveCholesky(lower, N, unit)[i]!, 12);
          expect(value).toBeGreaterThan(0);
        });
      }),
    );
  });

  it("is refused where a matrix is not positive definite", () => {
    expect(choleskyOf(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
    expect(choleskyOf(Float64Array.of(1, 1, 1, 1), 2)).toBeNull(); // only semidefinite: the second pivot is 0
    expect(choleskyOf(Float64Array.of(Number.NaN), 1)).toBeNull();
  });
});
