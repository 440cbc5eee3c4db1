/** As many bytes as keep both sums in 32 bits (zlib's NMAX). */
const AT_ONCE = 5552;

/** The checksum at the end of a zlib stream (RFC 1950 §8.2); `before`: of the bytes that came before these. */
export function adler32(bytes: Uint8Array, before = 1): number {
  let [a, b] = [before & 0xffff, before >>> 16];
  for (let i = 0; i < bytes.length; ) {
    const end = Math.min(bytes.length, i + AT_ONCE);
    for (; i < end; i++) b += a += bytes[i]!;
    a %= 65_521;
    b %= 65_521;
  }
  return ((b << 16) | a) >>> 0;
}
