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

/** A big-endian word; 0 behind the end. */
export function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}
