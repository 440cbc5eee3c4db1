/** A grid of local fields as a session holds it: its numbers as float32, little-endian, in base64. */
export function gridToText(grid: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * grid.length));
  grid.forEach((value, i) => void bytes.setFloat32(4 * i, value, true));
  return btoa(Array.from(new Uint8Array(bytes.buffer), (byte) => String.fromCharCode(byte)).join(""));
}

/** The numbers of such a text; null where it is none, or one of them is not finite. */
export function gridFromText(text: string): Float32Array | null {
  let letters: string;
  try {
    letters = atob(text);
  } catch {
    return null; // no base64
  }
  if (letters.length === 0 || letters.length % 4 !== 0) return null;
  const bytes = new DataView(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)).buffer);
  const grid = Float32Array.from({ length: letters.length / 4 }, (_, i) => bytes.getFloat32(4 * i, true));
  return grid.every(Number.isFinite) ? grid : null;
}
