import type { Samples } from "../network/encoding.ts";
import type { MeanAndVariance } from "../network/statistics.ts";
import { REGION, regionStart } from "./region.ts";

/** Pixels that neighbouring regions share at least. */
export const OVERLAP = 32;

/**
 * Centres (x, y) of the regions that cover a slice, in reading order, as `cropRegion` asks for them: evenly spread,
 * at least `overlap` pixels in common, one where the slice is no longer than a region.
 */
export function stitchCentres(
  width: number,
  height: number,
  size = REGION,
  overlap = OVERLAP,
): (readonly [number, number])[] {
  const columns = starts(width, size, overlap);
  return starts(height, size, overlap).flatMap((y) => columns.map((x) => [x + size / 2, y + size / 2] as const));
}

function starts(length: number, size: number, overlap: number): number[] {
  const last = length - size;
  if (last <= 0) return [0];
  const gaps = Math.ceil(last / (size - overlap));
  return Array.from({ length: gaps + 1 }, (_, i) => Math.round((i * last) / gaps));
}

/** Weights [size, size] of a region: 1 inside, falling smoothly (3t² − 2t³) over the overlap towards its border, never 0. */
export function stitchWeights(size = REGION, overlap = OVERLAP): Float32Array {
  const along = Float32Array.from({ length: size }, (_, i) => {
    const t = Math.min(1, (Math.min(i, size - 1 - i) + 0.5) / overlap);
    return t * t * (3 - 2 * t);
  });
  return Float32Array.from(
    { length: size * size },
    (_, i) => (along[Math.floor(i / size)] as number) * (along[i % size] as number),
  );
}

/** A whole slice in the making: weighted sums of the regions so far. */
export interface Stitch {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  /** Σ weight · p, [N,H,W]. */
  readonly sums: Float32Array;
  /** Σ weight, [H,W]. */
  readonly weights: Float32Array;
}

export function startStitch(width: number, height: number, count: number): Stitch {
  return {
    width,
    height,
    count,
    sums: new Float32Array(count * width * height),
    weights: new Float32Array(width * height),
  };
}

/**
 * Adds one region's samples around `centre`, in place. Sample n of every region has to come from the same ε, so that
 * the stitched sample n is one picture; what hangs over a slice smaller than a region is dropped.
 */
export function addToStitch(
  stitch: Stitch,
  samples: Samples,
  centre: readonly [number, number],
  weights: Float32Array,
): void {
  const size = samples.width;
  const x0 = regionStart(centre[0], stitch.width, size);
  const y0 = regionStart(centre[1], stitch.height, size);
  const rows = Math.min(size, stitch.height);
  const columns = Math.min(size, stitch.width);
  const [pixels, across] = [stitch.width * stitch.height, stitch.width];
  for (let row = 0; row < rows; row++) {
    const to = (y0 + row) * across + x0;
    for (let column = 0; column < columns; column++) {
      const at = to + column;
      stitch.weights[at] = (stitch.weights[at] as number) + (weights[row * size + column] as number);
    }
  }
  const { sums, count } = stitch;
  const { probabilities } = samples;
  for (let n = 0; n < count; n++) {
    for (let row = 0; row < rows; row++) {
      const from = row * size;
      const sample = n * size * size + from;
      const to = n * pixels + (y0 + row) * across + x0;
      for (let column = 0; column < columns; column++) {
        const p = probabilities[sample + column] as number;
        sums[to + column] = (sums[to + column] as number) + (weights[from + column] as number) * p;
      }
    }
  }
}

/** Mean and variance over the stitched samples, [H, W]: 0 where no region has come yet. `statisticsOf` them says the same. */
export function stitchedMeanAndVariance({ width, height, count, sums, weights }: Stitch): MeanAndVariance {
  const pixels = width * height;
  const [total, squares] = [new Float64Array(pixels), new Float64Array(pixels)];
  for (let first = 0; first < sums.length; first += pixels) {
    for (let i = 0; i < pixels; i++) {
      const weight = weights[i] as number;
      const p = weight > 0 ? Math.min(1, Math.fround((sums[first + i] as number) / weight)) : 0;
      total[i] = (total[i] as number) + p;
      squares[i] = (squares[i] as number) + p * p;
    }
  }
  const [mean, variance] = [new Float32Array(pixels), new Float32Array(pixels)];
  for (let i = 0; i < pixels; i++) {
    const average = (total[i] as number) / count;
    mean[i] = average;
    variance[i] = Math.max(0, (squares[i] as number) / count - average * average);
  }
  return { mean, variance };
}
