/** One channel of a map inside the network, small enough to be shown. */
export interface InnerChannel {
  /** Its number among all channels of the map, from 0. */
  readonly channel: number;
  /** [side, side], means over squares of the map. */
  readonly values: Float32Array;
}

/** What one level of the network makes of a crop: its strongest channels. */
export interface InnerMap {
  /** Side of the whole map in its pixels. */
  readonly size: number;
  /** How many channels the whole map has. */
  readonly channels: number;
  /** Side of what is shown. */
  readonly side: number;
  /** The channels that vary most over the map, the strongest first. */
  readonly shown: readonly InnerChannel[];
}

/** What the network makes of a crop on its way to an `Encoding`; each way's largest map first. */
export interface Insides {
  /** The U-Net's way down: after each block, before it is halved. */
  readonly down: readonly InnerMap[];
  /** Its way up, after each block; the first is the U-Net's last map, the features. */
  readonly up: readonly InnerMap[];
  /** `base` of the encoding. */
  readonly base: InnerMap;
  /** The prior net's way down; null without one. */
  readonly prior: readonly InnerMap[] | null;
}

/** Channels that are shown of a map at most. */
const MOST_SHOWN = 4;
/** Sides of what is shown at most, pixels: larger maps are averaged down. */
const MOST_SIDE = 64;

/** The strongest channels of a map [size, size, channels] by their variance over its pixels, averaged down. */
export function innerMapOf(map: Float32Array, size: number): InnerMap {
  const channels = map.length / (size * size);
  const factor = Math.ceil(size / MOST_SIDE);
  const side = Math.floor(size / factor);
  const shown = strongest(map, channels).map((channel) => ({
    channel,
    values: averaged(map, { size, channels, channel, side, factor }),
  }));
  return { size, channels, side, shown };
}

/** Numbers of the channels with the largest variances, the largest first; of equal ones the first. */
function strongest(map: Float32Array, channels: number): number[] {
  const [sums, squares] = [new Float64Array(channels), new Float64Array(channels)];
  for (let i = 0; i < map.length; i++) {
    const value = map[i] as number;
    const channel = i % channels;
    sums[channel] = (sums[channel] as number) + value;
    squares[channel] = (squares[channel] as number) + value * value;
  }
  const pixels = map.length / channels;
  const variances = sums.map((sum, c) => (squares[c] as number) / pixels - (sum / pixels) ** 2);
  return Array.from(variances.keys())
    .sort((a, b) => (variances[b] as number) - (variances[a] as number) || a - b)
    .slice(0, MOST_SHOWN);
}

/** Means of one channel over squares of `factor` × `factor` pixels, [side, side]. */
function averaged(
  map: Float32Array,
  of: {
    readonly size: number;
    readonly channels: number;
    readonly channel: number;
    readonly side: number;
    readonly factor: number;
  },
): Float32Array {
  const { size, channels, channel, side, factor } = of;
  return Float32Array.from({ length: side * side }, (_, i) => {
    const [left, top] = [(i % side) * factor, Math.floor(i / side) * factor];
    let sum = 0;
    for (let y = top; y < top + factor; y++) {
      for (let x = left; x < left + factor; x++) sum += map[(y * size + x) * channels + channel] as number;
    }
    return sum / factor ** 2;
  });
}
