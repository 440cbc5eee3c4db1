/** The one rule for a length in millimetres, of every format: what a distance between pixels or a thickness can be. */
const SHORTEST_MM = 1e-3;
const LONGEST_MM = 1e3;
/** float32 rounds: .001 mm is a little less there. */
const ROUNDED = 1e-6;

export function isLength(mm: number | null | undefined): mm is number {
  return typeof mm === "number" && mm >= SHORTEST_MM * (1 - ROUNDED) && mm <= LONGEST_MM * (1 + ROUNDED);
}

/** [between rows, between columns]; null unless both are lengths. */
export function spacingOf(
  betweenRows: number | null | undefined,
  betweenColumns: number | null | undefined,
): readonly [number, number] | null {
  return isLength(betweenRows) && isLength(betweenColumns) ? [betweenRows, betweenColumns] : null;
}

/** Two sources of one length that are not the same number rounded. */
export function lengthsDiffer(a: number, b: number): boolean {
  return !(Math.abs(a - b) <= 1e-3 * Math.max(a, b));
}
