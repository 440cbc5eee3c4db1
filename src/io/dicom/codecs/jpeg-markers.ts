import type { StreamHeader } from "./codec.ts";

/** A marker of a JPEG or JPEG-LS stream and what it says, between its length and the next marker. */
interface MarkerSegment {
  /** 0xc0 for 0xffc0. */
  readonly marker: number;
  readonly body: Uint8Array;
  /** Where the bytes behind it begin. */
  readonly end: number;
}

/** The segments up to and with the first scan header (ITU T.81 annex B); where the stream breaks, they end. */
export function* markerSegments(bytes: Uint8Array): Generator<MarkerSegment> {
  if (word(bytes, 0) !== 0xffd8) return;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const length = word(bytes, at + 2);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (marker === 0xd9 || length < 2 || body.length < length - 2) return;
    at += 2 + length;
    yield { marker, body, end: at };
    if (marker === 0xda) return;
  }
}

/** The frame header (SOF) of a JPEG or JPEG-LS stream: null where there is none before the first scan. */
export function jpegHeader(bytes: Uint8Array): (StreamHeader & { readonly marker: number }) | null {
  for (const { marker, body } of markerSegments(bytes)) {
    // SOF0…SOF15 but for DHT, JPG and DAC; SOF55 is JPEG-LS.
    const frame = (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) || marker === 0xf7;
    if (!frame) continue;
    const [precision = 0, , , , , components = 0] = body;
    return { marker, precision, height: word(body, 1), width: word(body, 3), components };
  }
  return null;
}

/**
 * Whether the Huffman tables that the first scan names stand before it. Without them libjpeg-turbo takes those of motion
 * JPEG, and makes a picture of anything. A progressive scan begins without AC.
 */
export function hasHuffmanTables(bytes: Uint8Array, progressive: boolean): boolean {
  const there = new Set<number>();
  for (const { marker, body } of markerSegments(bytes)) {
    if (marker === 0xc4) {
      for (let at = 0; at + 17 <= body.length; ) {
        there.add(body[at] as number);
        at += 17 + body.subarray(at + 1, at + 17).reduce((sum, count) => sum + count, 0);
      }
    }
    if (marker !== 0xda) continue;
    return Array.from({ length: body[0] ?? 0 }, (_, i) => body[2 + 2 * i] ?? 0).every(
      (tables) => there.has(tables >> 4) && (progressive || there.has(0x10 | (tables & 15))),
    );
  }
  return false;
}

/** A big-endian word; 0 behind the end. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
