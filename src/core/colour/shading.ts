import type { Rgb } from "./colour.ts";

/** How numbers become pixels: dark to bright between two of them, or apart by their sign, dark at 0. */
export type Shading =
  | { readonly kind: "grey"; readonly low: number; readonly high: number }
  | { readonly kind: "signed"; readonly reach: number };

const NOTHING: Rgb = [20, 25, 31];
/** Blue and orange: apart for colour-blind eyes. Blue is the darker one, for a logit map is mostly below 0. */
const BELOW: Rgb = [46, 98, 168];
const ABOVE: Rgb = [255, 176, 66];

/** Share of the numbers at each end that are left out of a scale: a few at a picture's border would darken all others. */
const LEFT_OUT = 0.01;

/** From the lowest number to the highest, a hundredth at each end left out; one number alone is dark. */
export function greyShading(values: ArrayLike<number>): Shading {
  const [low, high] = mostOf(values);
  return { kind: "grey", low, high };
}

/** Dark at 0, the number farthest from it at full colour, a hundredth at each end left out. */
export function signedShading(values: ArrayLike<number>): { readonly kind: "signed"; readonly reach: number } {
  const [low, high] = mostOf(values);
  return { kind: "signed", reach: Math.max(-low, high, 0) };
}

/** Between which numbers all but a hundredth at each end lie; where those are one number, all. */
function mostOf(values: ArrayLike<number>): readonly [number, number] {
  const sorted = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
  const out = Math.floor(LEFT_OUT * sorted.length);
  const [low = 0, high = 0] = [sorted[out], sorted[sorted.length - 1 - out]];
  return low < high ? [low, high] : extentOf(values);
}

/** Lowest and highest, numbers that are not finite left out; 0 and 0 where none is left. */
export function extentOf(values: ArrayLike<number>): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** RGBA of numbers, opaque; what lies beyond the ends is as bright as they are. Where there is but one number, it is dark. */
export function shadedRgba(values: ArrayLike<number>, shading: Shading): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    if (shading.kind === "grey")
      rgba.fill(255 * shareOf(values[i] as number, shading.low, shading.high), 4 * i, 4 * i + 3);
    else blend(rgba, 4 * i, shading.reach > 0 ? (values[i] as number) / shading.reach : 0);
    rgba[4 * i + 3] = 255;
  }
  return rgba;
}

function shareOf(value: number, low: number, high: number): number {
  return high > low ? (value - low) / (high - low) : 0;
}

/** `share` of the way from the dark middle to the colour of its sign, from −1 to 1. */
function blend(rgba: Uint8ClampedArray, at: number, share: number): void {
  const end = share < 0 ? BELOW : ABOVE;
  const way = Math.min(1, Math.abs(share));
  for (let c = 0; c < 3; c++)
    rgba[at + c] = (NOTHING[c] as number) + way * ((end[c] as number) - (NOTHING[c] as number));
}
