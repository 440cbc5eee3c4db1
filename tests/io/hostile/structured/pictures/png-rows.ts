import type { Roll } from "../mutant.ts";

/** Samples of a picture, row by row, `channels` a pixel. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly channels: number;
  readonly samples: readonly number[];
}

/** The seven passes of Adam7: first column and row, and the steps between (PNG §8.2). */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** What a PNG packs: each row behind its filter, which the dice choose (PNG §9). */
export function filtered(pixels: Pixels, roll: Roll, interlaced = false): Buffer {
  if (!interlaced) return rowsOf(pixels, roll);
  const { width, height, channels, samples } = pixels;
  const parts = PASSES.map(([x0, y0, dx, dy]) => {
    const taken: number[] = [];
    for (let y = y0; y < height; y += dy) {
      for (let x = x0; x < width; x += dx)
        taken.push(...samples.slice((y * width + x) * channels, (y * width + x + 1) * channels));
    }
    const [columns, rows] = [Math.ceil((width - x0) / dx), Math.ceil((height - y0) / dy)];
    return columns < 1 || rows < 1
      ? Buffer.alloc(0)
      : rowsOf({ ...pixels, width: columns, height: rows, samples: taken }, roll);
  });
  return Buffer.concat(parts);
}

function rowsOf({ width, height, depth, channels, samples }: Pixels, roll: Roll): Buffer {
  const stride = Math.ceil((width * channels * depth) / 8);
  const step = Math.max(1, (channels * depth) / 8);
  let above = new Uint8Array(stride);
  const out: Buffer[] = [];
  for (let y = 0; y < height; y++) {
    const row = packedRow(samples.slice(y * width * channels, (y + 1) * width * channels), depth, stride);
    const filter = roll(5);
    const line = Buffer.alloc(stride + 1);
    line[0] = filter;
    for (let i = 0; i < stride; i++) {
      const [left, up, corner] = [i < step ? 0 : row[i - step], above[i], i < step ? 0 : above[i - step]] as number[];
      line[i + 1] = (row[i] as number) - guess(filter, left as number, up as number, corner as number);
    }
    out.push(line);
    above = row;
  }
  return Buffer.concat(out);
}

function packedRow(samples: readonly number[], depth: number, stride: number): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(stride);
  for (const [i, sample] of samples.entries()) {
    if (depth === 16) row.set([sample >> 8, sample & 255], 2 * i);
    else row[(i * depth) >> 3] = (row[(i * depth) >> 3] as number) | (sample << (8 - depth - ((i * depth) & 7)));
  }
  return row;
}

function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const near = left + up - corner;
  const [a, b, c] = [Math.abs(near - left), Math.abs(near - up), Math.abs(near - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}
