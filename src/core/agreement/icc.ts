import { fQuantile } from "./incomplete-beta.ts";

/** An intraclass correlation of single readings, and its 95 % interval from the F distribution. */
export interface Icc {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Sums of squares over degrees of freedom of a table of cases × readers. */
interface MeanSquares {
  readonly cases: number;
  readonly readers: number;
  /** Between cases, n − 1. */
  readonly between: number;
  /** Within cases, n(k − 1). */
  readonly within: number;
  /** Between readers, k − 1. */
  readonly columns: number;
  /** What is left, (n − 1)(k − 1). */
  readonly error: number;
}

const SIDE = 0.975;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Null under two cases or two readers, and where rows differ in length. */
function meanSquares(table: readonly (readonly number[])[]): MeanSquares | null {
  const [n, k] = [table.length, table[0]?.length ?? 0];
  if (n < 2 || k < 2 || table.some((row) => row.length !== k)) return null;
  const all = meanOf(table.flat());
  const rows = table.map(meanOf);
  const columns = Array.from({ length: k }, (_, j) => meanOf(table.map((row) => row[j] as number)));
  const squares = (values: readonly number[], centre: number) =>
    values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const within = table.reduce((sum, row, i) => sum + squares(row, rows[i] as number), 0);
  const ofColumns = n * squares(columns, all);
  return {
    cases: n,
    readers: k,
    between: (k * squares(rows, all)) / (n - 1),
    within: within / (n * (k - 1)),
    columns: ofColumns / (k - 1),
    error: Math.max(0, within - ofColumns) / ((n - 1) * (k - 1)),
  };
}

/**
 * ICC(1,1): each case by readers of its own, one-way random effects (Shrout & Fleiss, Psychol. Bull. 86:420, 1979;
 * McGraw & Wong, Psychol. Methods 1:30, 1996, their ICC(1)): (B − W)/(B + (k − 1)·W). Rows are cases; the order within a
 * row has no meaning, and rows may differ in length: then k is k₀ = (N − Σk_i²/N)/(n − 1) (Donner, Int. Stat. Rev.
 * 54:67, 1986) and the interval is an approximation. Rows of one reading are left out of nothing: they speak about the
 * cases. Null where no row has two readings, under two rows, or where all readings are equal.
 */
export function icc11(table: readonly (readonly number[])[]): Icc | null {
  const rows = table.filter((row) => row.length > 0);
  const [n, total] = [rows.length, rows.reduce((sum, row) => sum + row.length, 0)];
  if (n < 2 || total <= n) return null;
  const all = meanOf(rows.flat());
  const k = (total - rows.reduce((sum, row) => sum + row.length ** 2, 0) / total) / (n - 1);
  let [between, within] = [0, 0];
  for (const row of rows) {
    const mean = meanOf(row);
    between += row.length * (mean - all) ** 2;
    for (const value of row) within += (value - mean) ** 2;
  }
  return fromRatio(between / (n - 1), within / (total - n), k, n - 1, total - n);
}

/** (B − E)/(B + (k − 1)·E); its interval from F = B/E with these degrees of freedom (Shrout & Fleiss 1979, p. 424). */
function fromRatio(between: number, error: number, k: number, above: number, below: number): Icc | null {
  if (between === 0 && error === 0) return null;
  const value = (between - error) / (between + (k - 1) * error);
  if (error === 0) return { value, low: 1, high: 1 };
  const ratio = between / error;
  const bound = (f: number) => (f - 1) / (f + k - 1);
  return withBounds(
    value,
    () => bound(ratio / fQuantile(SIDE, above, below)),
    () => bound(ratio * fQuantile(SIDE, below, above)),
  );
}

/** Quantiles of F take a hundred times longer than the value, and resampling asks for the value alone. */
function withBounds(value: number, low: () => number, high: () => number): Icc {
  return {
    value,
    get low() {
      return low();
    },
    get high() {
      return high();
    },
  };
}

/**
 * ICC(2,1): the same readers in every case, taken from many, absolute agreement (Shrout & Fleiss 1979; McGraw & Wong
 * 1996, their ICC(A,1), interval of their table 7): (B − E)/(B + (k − 1)·E + k·(C − E)/n). `table` [cases][readers],
 * complete. Null where it is not, under two of either, or where all readings are equal.
 */
export function icc21(table: readonly (readonly number[])[]): Icc | null {
  const squares = meanSquares(table);
  if (squares === null) return null;
  const { cases: n, readers: k, between: b, columns: c, error: e } = squares;
  const whole = b + (k - 1) * e + (k * (c - e)) / n;
  if (whole === 0) return null;
  const value = (b - e) / whole;
  if (e === 0) return { value, low: value, high: value };
  // Satterthwaite's degrees of freedom of the error of a reading
  const byReaders = k * value * (c / e);
  const rest = n * (1 + (k - 1) * value) - k * value;
  const degrees = ((k - 1) * (n - 1) * (byReaders + rest) ** 2) / ((n - 1) * byReaders ** 2 + rest ** 2);
  const noise = k * c + (k * n - k - n) * e;
  const low = (f: number) => (n * (b - f * e)) / (f * noise + n * b);
  const high = (g: number) => (n * (g * b - e)) / (noise + n * g * b);
  return withBounds(
    value,
    () => low(fQuantile(SIDE, n - 1, degrees)),
    () => high(fQuantile(SIDE, degrees, n - 1)),
  );
}

/**
 * ICC(3,1): the same readers in every case and no others, consistency: a reader who always measures more does not count
 * (Shrout & Fleiss 1979; McGraw & Wong 1996, their ICC(C,1)): (B − E)/(B + (k − 1)·E). `table` as of `icc21`.
 */
export function icc31(table: readonly (readonly number[])[]): Icc | null {
  const squares = meanSquares(table);
  if (squares === null) return null;
  const { cases: n, readers: k, between, error } = squares;
  return fromRatio(between, error, k, n - 1, (n - 1) * (k - 1));
}
