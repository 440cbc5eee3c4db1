/** Six significant digits: more would claim what the pixels do not know. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
