/** Quantile of sorted values, linear between the two nearest, ends included: NumPy's default (Hyndman & Fan 1996, type 7). */
export function linearQuantile(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (at - Math.floor(at)) * (above - below);
}
