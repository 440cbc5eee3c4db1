/**
 * A mean distance over all pairs including i = j (as GED² takes it) → over the pairs of different masks alone, so that
 * sixteen samples and four graders can be held against each other. Null where there is no pair.
 */
export function overDifferent(biased: number, count: number): number | null {
  return count < 2 ? null : (biased * count) / (count - 1);
}

/** Pearson's r; null where one side does not vary. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  const n = pairs.length;
  const meanX = pairs.reduce((sum, [x]) => sum + x, 0) / n;
  const meanY = pairs.reduce((sum, [, y]) => sum + y, 0) / n;
  let [xx, yy, xy] = [0, 0, 0];
  for (const [x, y] of pairs) {
    xx += (x - meanX) ** 2;
    yy += (y - meanY) ** 2;
    xy += (x - meanX) * (y - meanY);
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
}
