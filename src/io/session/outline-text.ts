import { maskFromBits, maskToBits } from "../../core/values/mask-bits.ts";
import type { Mask } from "../../core/values/slice.ts";

/** An outline as a session holds it: its mask's bits in base64. */
export function outlineToText(mask: Mask): string {
  return btoa(Array.from(maskToBits(mask), (byte) => String.fromCharCode(byte)).join(""));
}

/** The mask of such a text; null where it is none of this size. */
export function outlineFromText(text: string, width: number, height: number): Mask | null {
  try {
    return maskFromBits(
      Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
      width,
      height,
    );
  } catch {
    return null; // no base64
  }
}
