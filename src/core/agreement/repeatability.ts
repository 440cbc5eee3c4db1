/** How far readings of one case scatter; the reader differs from reading to reading, or is one who reads again. */
export interface Repeatability {
  /** Cases with two readings or more. */
  readonly cases: number;
  /** s_w: √ of the mean variance within cases, each weighted by its readings − 1; in the measurement's unit. */
  readonly withinSd: number;
  /** 1.96·√2·s_w: two readings of one case differ by less, 95 times of 100. */
  readonly coefficient: number;
  /** √ of the mean over cases of variance/mean², for measurements whose scatter grows with their size. */
  readonly withinCv: number;
}

/**
 * Repeatability (Bland & Altman, BMJ 313:744, 1996; as a coefficient of variation: Raunig et al., Stat. Methods Med.
 * Res. 24:27, 2015). Rows are cases, of any number of readings > 0; those of one are left out. Null where none is left.
 */
export function repeatabilityOf(table: readonly (readonly number[])[]): Repeatability | null {
  const rows = table.filter((row) => row.length > 1);
  if (rows.length === 0) return null;
  let [squares, degrees, relative] = [0, 0, 0];
  for (const row of rows) {
    const mean = row.reduce((sum, value) => sum + value, 0) / row.length;
    const own = row.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    squares += own;
    degrees += row.length - 1;
    relative += own / (row.length - 1) / (mean * mean);
  }
  const withinSd = Math.sqrt(squares / degrees);
  return {
    cases: rows.length,
    withinSd,
    coefficient: 1.96 * Math.SQRT2 * withinSd,
    withinCv: Math.sqrt(relative / rows.length),
  };
}
