/** How light a pixel below the threshold can be. */
const FADE = 0.22;

/** Writes a little mask (bytes of P, 255 = 1) into RGBA: lesion light on dark, what is below the threshold faint. */
export function littleMaskRgba(
  bytes: Uint8Array,
  threshold: number,
  rgba: Uint8ClampedArray,
  first: number,
  rowBytes: number,
  side: number,
): void {
  const cut = 255 * threshold;
  for (let i = 0; i < bytes.length; i++) {
    const p = bytes[i] as number;
    const at = first + Math.floor(i / side) * rowBytes + 4 * (i % side);
    const lit = p >= cut ? 1 : FADE * (p / 255);
    rgba[at] = 22 + 140 * lit;
    rgba[at + 1] = 30 + 158 * lit;
    rgba[at + 2] = 40 + 172 * lit;
    rgba[at + 3] = 255;
  }
}
