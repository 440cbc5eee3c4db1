/**
 * Sobol's sequence: points whose every prefix covers the unit cube more evenly than chance does. Each row gives a
 * primitive polynomial's inner coefficients `a` and then the first direction numbers m, from the second dimension on:
 * Joe & Kuo, SIAM J. Sci. Comput. 30 (2008), their table `new-joe-kuo-6` (BSD licence), its first 67 dimensions.
 */
const TABLE: readonly (readonly [number, ...number[]])[] = [
  [0, 1],
  [1, 1, 3],
  [1, 1, 3, 1],
  [2, 1, 1, 1],
  [1, 1, 1, 3, 3],
  [4, 1, 3, 5, 13],
  [2, 1, 1, 5, 5, 17],
  [4, 1, 1, 5, 5, 5],
  [7, 1, 1, 7, 11, 19],
  [11, 1, 1, 5, 1, 1],
  [13, 1, 1, 1, 3, 11],
  [14, 1, 3, 5, 5, 31],
  [1, 1, 3, 3, 9, 7, 49],
  [13, 1, 1, 1, 15, 21, 21],
  [16, 1, 3, 1, 13, 27, 49],
  [19, 1, 1, 1, 15, 7, 5],
  [22, 1, 3, 1, 15, 13, 25],
  [25, 1, 1, 5, 5, 19, 61],
  [1, 1, 3, 7, 11, 23, 15, 103],
  [4, 1, 3, 7, 13, 13, 15, 69],
  [7, 1, 1, 3, 13, 7, 35, 63],
  [8, 1, 3, 5, 9, 1, 25, 53],
  [14, 1, 3, 1, 13, 9, 35, 107],
  [19, 1, 3, 1, 5, 27, 61, 31],
  [21, 1, 1, 5, 11, 19, 41, 61],
  [28, 1, 3, 5, 3, 3, 13, 69],
  [31, 1, 1, 7, 13, 1, 19, 1],
  [32, 1, 3, 7, 5, 13, 19, 59],
  [37, 1, 1, 3, 9, 25, 29, 41],
  [41, 1, 3, 5, 13, 23, 1, 55],
  [42, 1, 3, 7, 3, 13, 59, 17],
  [50, 1, 3, 1, 3, 5, 53, 69],
  [55, 1, 1, 5, 5, 23, 33, 13],
  [56, 1, 1, 7, 7, 1, 61, 123],
  [59, 1, 1, 7, 9, 13, 61, 49],
  [62, 1, 3, 3, 5, 3, 55, 33],
  [14, 1, 3, 1, 15, 31, 13, 49, 245],
  [21, 1, 3, 5, 15, 31, 59, 63, 97],
  [22, 1, 3, 1, 11, 11, 11, 77, 249],
  [38, 1, 3, 1, 11, 27, 43, 71, 9],
  [47, 1, 1, 7, 15, 21, 11, 81, 45],
  [49, 1, 3, 7, 3, 25, 31, 65, 79],
  [50, 1, 3, 1, 1, 19, 11, 3, 205],
  [52, 1, 1, 5, 9, 19, 21, 29, 157],
  [56, 1, 3, 7, 11, 1, 33, 89, 185],
  [67, 1, 3, 3, 3, 15, 9, 79, 71],
  [70, 1, 3, 7, 11, 15, 39, 119, 27],
  [84, 1, 1, 3, 1, 11, 31, 97, 225],
  [97, 1, 1, 1, 3, 23, 43, 57, 177],
  [103, 1, 3, 7, 7, 17, 17, 37, 71],
  [115, 1, 3, 1, 5, 27, 63, 123, 213],
  [122, 1, 1, 3, 5, 11, 43, 53, 133],
  [8, 1, 3, 5, 5, 29, 17, 47, 173, 479],
  [13, 1, 3, 3, 11, 3, 1, 109, 9, 69],
  [16, 1, 1, 1, 5, 17, 39, 23, 5, 343],
  [22, 1, 3, 1, 5, 25, 15, 31, 103, 499],
  [25, 1, 1, 1, 11, 11, 17, 63, 105, 183],
  [44, 1, 1, 5, 11, 9, 29, 97, 231, 363],
  [47, 1, 1, 5, 15, 19, 45, 41, 7, 383],
  [52, 1, 3, 7, 7, 31, 19, 83, 137, 221],
  [55, 1, 1, 1, 3, 23, 15, 111, 223, 83],
  [59, 1, 1, 5, 13, 31, 15, 55, 25, 161],
  [62, 1, 1, 3, 13, 25, 47, 39, 87, 257],
  [67, 1, 1, 1, 11, 21, 53, 125, 249, 293],
  [74, 1, 1, 7, 11, 11, 7, 57, 79, 323],
  [81, 1, 1, 5, 5, 17, 13, 81, 3, 131],
];

/** So many coordinates a point can have. */
export const SOBOL_DIMENSIONS = TABLE.length + 1;

const BITS = 32;
const known = new Map<number, Uint32Array>();

/**
 * Coordinate `dimension` (from 0) of point `index` (from 0), times 2³², before any scrambling: the XOR of the direction
 * numbers where `index` has a bit, in the sequence's own order and not in that of the Gray code.
 */
export function sobol(index: number, dimension: number): number {
  const directions = known.get(dimension) ?? directionsOf(dimension);
  known.set(dimension, directions);
  let point = 0;
  for (let bit = 0, rest = index >>> 0; rest !== 0; bit++, rest >>>= 1) {
    if (rest & 1) point ^= directions[bit] as number;
  }
  return point >>> 0;
}

/** v_k = m_k · 2^(31 − k), [32]; m of the first dimension is 1 throughout, the others' go on by their recurrence. */
function directionsOf(dimension: number): Uint32Array {
  const [a = 0, ...m] = TABLE[dimension - 1] ?? [];
  const found = new Uint32Array(BITS);
  const degree = m.length;
  for (let k = 0; k < BITS; k++) {
    if (degree === 0) found[k] = 1 << (BITS - 1 - k);
    else if (k < degree) found[k] = (m[k] as number) << (BITS - 1 - k);
    else {
      const before = found[k - degree] as number;
      let v = before ^ (before >>> degree);
      for (let i = 1; i < degree; i++) {
        if ((a >>> (degree - 1 - i)) & 1) v ^= found[k - i] as number;
      }
      found[k] = v;
    }
  }
  return found;
}
