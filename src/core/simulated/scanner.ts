import type { Slice } from "../values/slice.ts";

/** How one scanner draws: what an inserted nodule has to imitate. */
export interface Scanner {
  /** Standard deviation of the noise in soft tissue, HU. */
  readonly noiseHu: number;
  /** White noise blurred by a Gaussian of this σ (px) has the same correlation between neighbours. */
  readonly noiseBlurPx: number;
  /** σ (px) of the sharpest borders between soft tissue and lung. */
  readonly edgeBlurPx: number;
}

const TILE = 12;
/** HU between which a tile counts as soft tissue: fat to blood with contrast agent. */
const SOFT: readonly [number, number] = [-150, 250];

/** Noise and edge blur of a chest CT slice in HU, measured in its own soft tissue and along its own lung borders. */
export function measureScanner(slice: Slice): Scanner {
  return { ...measureNoise(slice), edgeBlurPx: measureEdgeBlur(slice) };
}

/** A border less steep than this (HU per pixel) is not among the sharpest of any slice: σ over 3 px. */
const STEEP_HU = 100;

/** Over the calmest quarter of the soft-tissue tiles, so that anatomy is not taken for noise. */
function measureNoise(slice: Slice): { noiseHu: number; noiseBlurPx: number } {
  const tiles: { variance: number; neighbour: number }[] = [];
  for (let y = 0; y + TILE <= slice.height; y += TILE) {
    for (let x = 0; x + TILE <= slice.width; x += TILE) {
      const tile = statisticsOfTile(slice, x, y);
      if (tile.mean > SOFT[0] && tile.mean < SOFT[1] && tile.variance > 0) tiles.push(tile);
    }
  }
  tiles.sort((a, b) => a.variance - b.variance);
  const calm = tiles.slice(0, Math.max(1, Math.floor(tiles.length / 4)));
  const variance = calm.reduce((sum, tile) => sum + tile.variance, 0) / calm.length;
  const correlation = calm.reduce((sum, tile) => sum + tile.neighbour, 0) / calm.length / variance;
  const clamped = Math.min(0.9, Math.max(0.05, correlation));
  // exp(−1 / 4σ²) = correlation of neighbours
  return { noiseHu: Math.sqrt(variance), noiseBlurPx: 1 / (2 * Math.sqrt(-Math.log(clamped))) };
}

function statisticsOfTile(slice: Slice, x0: number, y0: number) {
  const at = (x: number, y: number) => slice.values[(y0 + y) * slice.width + x0 + x] as number;
  let mean = 0;
  for (let y = 0; y < TILE; y++) for (let x = 0; x < TILE; x++) mean += at(x, y) / (TILE * TILE);
  let variance = 0;
  let neighbour = 0;
  for (let y = 0; y < TILE; y++) {
    for (let x = 0; x < TILE; x++) {
      variance += (at(x, y) - mean) ** 2 / (TILE * TILE);
      if (x + 1 === TILE || y + 1 === TILE) continue;
      const beside = (at(x, y) - mean) * (at(x + 1, y) - mean) + (at(x, y) - mean) * (at(x, y + 1) - mean);
      neighbour += beside / (2 * (TILE - 1) ** 2);
    }
  }
  return { mean, variance, neighbour };
}

/**
 * A step Δ seen through a Gaussian of σ has the slope Δ / (σ √2π) in its middle. Walls that run obliquely through the
 * slice's thickness are softer, so the sharpest twentieth is asked.
 */
function measureEdgeBlur(slice: Slice): number {
  const sigmas: number[] = [];
  for (let y = 0; y < slice.height; y++) {
    for (let x = 6; x + 6 < slice.width; x++) {
      const step = (slice.values[y * slice.width + x + 1] as number) - (slice.values[y * slice.width + x] as number);
      if (Math.abs(step) < STEEP_HU) continue;
      const sigma = edgeSigma(
        Array.from({ length: 13 }, (_, k) => slice.values[y * slice.width + x + k - 6] as number),
      );
      if (sigma !== null) sigmas.push(sigma);
    }
  }
  sigmas.sort((a, b) => a - b);
  return sigmas[Math.floor(sigmas.length / 20)] ?? 1;
}

/**
 * σ (px) of the border that a profile in HU crosses between its two middle samples: lung at one end, soft tissue at the
 * other; null where it crosses none. The profile has 2k + 1 samples; its three outermost ones are the two plateaus.
 */
export function edgeSigma(profile: readonly number[]): number | null {
  const middle = (profile.length - 1) / 2;
  const here = profile[middle] as number;
  const next = profile[middle + 1] as number;
  const first = ((profile[0] as number) + (profile[1] as number) + (profile[2] as number)) / 3;
  const last = profile.slice(-3).reduce((sum, value) => sum + value, 0) / 3;
  const low = Math.min(first, last);
  const high = Math.max(first, last);
  if (low > -700 || low < -950 || high < -150 || high > 250) return null; // lung beside soft tissue, not beside bone
  const half = (low + high) / 2;
  if (here < half === next < half) return null;
  return (high - low) / (Math.abs(next - here) * Math.sqrt(2 * Math.PI));
}
