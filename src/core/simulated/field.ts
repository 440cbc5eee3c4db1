import { normals } from "../random/random.ts";

/** A small picture of numbers, row-major [height, width]: opacities, noise, HU. */
export interface Field {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

export function fieldOf(width: number, height: number, at: (x: number, y: number) => number): Field {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values[y * width + x] = at(x, y);
  }
  return { width, height, values };
}

/** The field at a place between pixels, bilinear; outside, the nearest pixel of the border. */
export function interpolate(field: Field, x: number, y: number): number {
  const { width, height, values } = field;
  const cx = Math.min(width - 1, Math.max(0, x));
  const cy = Math.min(height - 1, Math.max(0, y));
  const x0 = Math.min(width - 2, Math.floor(cx));
  const y0 = Math.min(height - 2, Math.floor(cy));
  const fx = cx - x0;
  const fy = cy - y0;
  const at = y0 * width + x0;
  const above = (values[at] as number) * (1 - fx) + (values[at + 1] as number) * fx;
  const below = (values[at + width] as number) * (1 - fx) + (values[at + width + 1] as number) * fx;
  return above * (1 - fy) + below * fy;
}

/** Gaussian blur of σ pixels; beyond the border the field goes on as its last row or column. */
export function blur(field: Field, sigma: number): Field {
  if (sigma <= 0) return field;
  const kernel = gaussianKernel(sigma);
  return alongColumns(alongRows(field, kernel), kernel);
}

/**
 * Normal noise of mean 0 and standard deviation 1, correlated as white noise blurred by σ pixels is: neighbours at
 * distance d correlate by exp(−d² / 4σ²).
 */
export function smoothNoise(
  width: number,
  height: number,
  sigma: number,
  seed: number,
  stream: readonly number[],
): Field {
  if (sigma <= 0) return { width, height, values: normals(seed, stream, width * height) };
  const kernel = gaussianKernel(sigma);
  const margin = (kernel.length - 1) / 2; // so that no blurred pixel sees the border
  const wide = width + 2 * margin;
  const white = {
    width: wide,
    height: height + 2 * margin,
    values: normals(seed, stream, wide * (height + 2 * margin)),
  };
  const soft = alongColumns(alongRows(white, kernel), kernel);
  const scale = 1 / kernel.reduce((sum, weight) => sum + weight * weight, 0); // Var after one axis = Σ k²
  return fieldOf(width, height, (x, y) => scale * (soft.values[(y + margin) * wide + x + margin] as number));
}

function gaussianKernel(sigma: number): number[] {
  const reach = Math.ceil(3.5 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((weight) => weight / sum);
}

function alongRows(field: Field, kernel: readonly number[]): Field {
  return along(field, kernel, field.width, 1, field.height, field.width);
}

function alongColumns(field: Field, kernel: readonly number[]): Field {
  return along(field, kernel, field.height, field.width, field.width, 1);
}

/** Over `lines` of `length` pixels that lie `step` apart; lines begin `next` apart. Only at their ends is a place clamped. */
function along(
  { width, height, values }: Field,
  kernel: readonly number[],
  length: number,
  step: number,
  lines: number,
  next: number,
): Field {
  const reach = (kernel.length - 1) / 2;
  const found = new Float32Array(values.length);
  for (let line = 0; line < lines; line++) {
    const first = line * next;
    for (let at = 0; at < length; at++) {
      const inside = at >= reach && at + reach < length;
      let sum = 0;
      for (let k = 0; k <= 2 * reach; k++) {
        const from = inside ? at + k - reach : Math.min(length - 1, Math.max(0, at + k - reach));
        sum += (kernel[k] as number) * (values[first + from * step] as number);
      }
      found[first + at * step] = sum;
    }
  }
  return { width, height, values: found };
}
