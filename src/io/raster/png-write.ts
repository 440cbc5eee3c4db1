import { encode } from "fast-png";
import type { Mask } from "../../core/values/slice.ts";

/** Provenance, as PNG's tEXt: Latin-1 only, so anything else is dropped. */
type PngText = Readonly<Record<string, string>>;

/** A mask as an 8-bit grey PNG of its size: 0 outside, 255 inside. Same mask, same bytes. */
export function pngOfMask(mask: Mask): Uint8Array {
  const grey = new Uint8Array(mask.bits.length);
  for (let i = 0; i < grey.length; i++) grey[i] = mask.bits[i] === 1 ? 255 : 0;
  return encode({ width: mask.width, height: mask.height, data: grey, depth: 8, channels: 1 });
}

/**
 * A map as a 16-bit grey PNG: `low` becomes 0, `high` 65535, what lies outside is clamped. The text names both, so that
 * the values can be had back.
 */
export function pngOfMap(
  values: Float32Array,
  size: { readonly width: number; readonly height: number },
  range: readonly [low: number, high: number],
  text: PngText = {},
): Uint8Array {
  const [low, high] = range;
  const grey = new Uint16Array(values.length);
  for (let i = 0; i < grey.length; i++) {
    const share = ((values[i] as number) - low) / (high - low);
    grey[i] = Math.round(Math.min(1, Math.max(0, share)) * 65535);
  }
  const said = plainText({ ...text, Range: `0 = ${low}, 65535 = ${high}` });
  return encode({ width: size.width, height: size.height, data: grey, depth: 16, channels: 1, text: said });
}

function plainText(text: PngText): Record<string, string> {
  return Object.fromEntries(Object.entries(text).map(([key, value]) => [key, value.replace(/[^\n\x20-\x7e]/g, "")]));
}
