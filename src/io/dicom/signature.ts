import { startsWith } from "../bytes/letters.ts";

/** Four letters after a preamble of 128 bytes (PS3.10 §7.1). */
export function hasPreamble(bytes: Uint8Array): boolean {
  return startsWith(bytes, "DICM", 128);
}

/**
 * True for a data set that begins at byte 0, without preamble or without meta header: an element of group 2 or 8 whose
 * length stays inside the file.
 */
export function looksLikeBareDicom(bytes: Uint8Array): boolean {
  if (bytes.length < 32) return false;
  const group = (bytes[0] as number) | ((bytes[1] as number) << 8);
  if (group === 0x0800 && bytes[2] === 0) return lettersAt(bytes, 4);
  if ((group !== 2 && group !== 8) || bytes[3] !== 0) return false;
  if (lettersAt(bytes, 4)) return true;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true);
  // An empty element and then a brace: the length of a header of safetensors, which its JSON follows.
  return length < 1024 && length % 2 === 0 && !(length === 0 && bytes[8] === 0x7b);
}

/** A VR: two capital letters. */
export function lettersAt(bytes: Uint8Array, at: number): boolean {
  return /^[A-Z]{2}$/.test(String.fromCharCode(bytes[at] as number, bytes[at + 1] as number));
}
