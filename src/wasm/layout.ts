import type { CombWeights } from "../core/network/encoding.ts";

/** Pixels that the kernel takes together: two vectors of four. Rows are filled up to whole blocks. */
export const BLOCK = 8;

/** Four outputs are computed together, so channels are filled up with zeros to a multiple of four. */
export function paddedChannels(channels: number): number {
  return Math.ceil(channels / 4) * 4;
}

export function blocksPerRow(width: number): number {
  return Math.ceil(width / BLOCK);
}

/** [H, W, channels] → [block][padded][8] times `scale`; what lies beyond the last pixel or channel is 0. */
export function packMap(
  map: Float32Array,
  { width, height }: { readonly width: number; readonly height: number },
  channels: number,
  { padded = channels, scale = 1 }: { readonly padded?: number; readonly scale?: number },
  to: Float32Array,
): void {
  to.fill(0);
  const blocks = blocksPerRow(width);
  let from = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * blocks + (x >> 3)) * padded * BLOCK + (x & 7);
      for (let c = 0; c < channels; c++) to[at + c * BLOCK] = (map[from++] as number) * scale;
    }
  }
}

/**
 * The comb's layers in the order in which the kernel reads them. C→C layers: per four outputs their biases, then four
 * weights per input; the last layer: its bias and three zeros, then one weight per input.
 */
export function packLayers({ layers }: CombWeights, channels: number): Float32Array {
  const padded = paddedChannels(channels);
  const packed: number[] = [];
  for (const { inputs, outputs, weights, bias } of layers.slice(0, -1)) {
    for (let j = 0; j < padded; j += 4) {
      for (let k = j; k < j + 4; k++) packed.push(bias[k] ?? 0);
      for (let i = 0; i < padded; i++) {
        for (let k = j; k < j + 4; k++) {
          packed.push(i < inputs && k < outputs ? (weights[i * outputs + k] as number) : 0);
        }
      }
    }
  }
  const last = layers.at(-1);
  packed.push(last?.bias[0] ?? 0, 0, 0, 0);
  for (let i = 0; i < padded; i++) packed.push(last?.weights[i] ?? 0);
  return Float32Array.from(packed);
}

/** W_z z of one draw, [C] padded: the one small vector by which z moves every pixel. */
export function shiftOf({ latent }: CombWeights, z: Float32Array, channels: number, to: Float32Array): void {
  to.fill(0);
  for (let l = 0; l < z.length; l++) {
    const value = z[l] as number;
    for (let c = 0; c < channels; c++) to[c] = (to[c] as number) + value * (latent[l * channels + c] as number);
  }
}

/** The two nodes around pixel `at` and the share of the second: half-pixel bilinear, held at the border. */
export function between(at: number, pixels: number, nodes: number): { first: number; second: number; share: number } {
  const position = Math.max(0, ((at + 0.5) * nodes) / pixels - 0.5);
  const first = Math.min(Math.floor(position), nodes - 1);
  return { first, second: Math.min(first + 1, nodes - 1), share: position - first };
}
