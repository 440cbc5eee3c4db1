/** A pixel counts where the mean or the graders' share reaches this: else the empty background drowns everything. */
export const FOREGROUND_FLOOR = 0.05;

/** One bin of the reliability curve. */
export interface Bin {
  /** Mean predicted probability of its pixels; null where it has none. */
  readonly confidence: number | null;
  /** Mean share of graders who mark them. */
  readonly frequency: number | null;
  /** Share of all counted pixels. */
  readonly weight: number;
}

export interface Reliability {
  readonly bins: readonly Bin[];
  /** Expected calibration error: Σ weight · |confidence − frequency|; 0 without pixels. */
  readonly ece: number;
}

/** Sums per bin over as many cases as are added. */
export interface CalibrationSums {
  readonly count: Float64Array;
  readonly confidence: Float64Array;
  readonly frequency: Float64Array;
}

export function startCalibration(bins = 10): CalibrationSums {
  return { count: new Float64Array(bins), confidence: new Float64Array(bins), frequency: new Float64Array(bins) };
}

/** Adds a case in place: mean probability over the samples and share of graders, [H,W] each; bins are equal parts of [0, 1]. */
export function addCalibration(sums: CalibrationSums, mean: Float32Array, share: Float32Array): void {
  for (let i = 0; i < mean.length; i++) {
    const p = mean[i] as number;
    const y = share[i] as number;
    if (!(p >= FOREGROUND_FLOOR || y >= FOREGROUND_FLOOR)) continue;
    addSaid(sums, p, y);
  }
}

/** Adds one thing of which `said` was said and `seen` was seen, both in [0, 1], in place. */
export function addSaid({ count, confidence, frequency }: CalibrationSums, said: number, seen: number): void {
  const bin = Math.min(count.length - 1, Math.floor(said * count.length));
  count[bin] = (count[bin] as number) + 1;
  confidence[bin] = (confidence[bin] as number) + said;
  frequency[bin] = (frequency[bin] as number) + seen;
}

/** Adds the sums of other cases in place. */
export function mergeCalibration(sums: CalibrationSums, more: CalibrationSums): void {
  for (let bin = 0; bin < sums.count.length; bin++) {
    sums.count[bin] = (sums.count[bin] as number) + (more.count[bin] as number);
    sums.confidence[bin] = (sums.confidence[bin] as number) + (more.confidence[bin] as number);
    sums.frequency[bin] = (sums.frequency[bin] as number) + (more.frequency[bin] as number);
  }
}

/** Sums over several cases. */
export function calibrationOver(cases: readonly CalibrationSums[]): CalibrationSums {
  const sums = startCalibration(cases[0]?.count.length);
  for (const one of cases) mergeCalibration(sums, one);
  return sums;
}

export function reliabilityFrom({ count, confidence, frequency }: CalibrationSums): Reliability {
  const total = count.reduce((sum, value) => sum + value, 0);
  let off = 0;
  const bins = Array.from(count, (n, bin) => {
    const [p, y] = [confidence[bin] as number, frequency[bin] as number];
    off += Math.abs(p - y);
    return n === 0
      ? { confidence: null, frequency: null, weight: 0 }
      : { confidence: p / n, frequency: y / n, weight: n / total };
  });
  return { bins, ece: total === 0 ? 0 : off / total };
}

/** The expected calibration error of several cases together: what `reliabilityFrom` says of their sum, without a curve. */
export function eceOver(cases: readonly CalibrationSums[]): number {
  const off = new Float64Array(cases[0]?.count.length ?? 0);
  let total = 0;
  for (const { count, confidence, frequency } of cases) {
    for (let bin = 0; bin < off.length; bin++) {
      off[bin] = (off[bin] as number) + (confidence[bin] as number) - (frequency[bin] as number);
      total += count[bin] as number;
    }
  }
  return total === 0 ? 0 : off.reduce((sum, distance) => sum + Math.abs(distance), 0) / total;
}
