import type { DecodedPicture, ExpectedPicture } from "./codec.ts";
import { decodeGrey } from "./grey-codec.ts";
import { markerSegments, word } from "./jpeg-markers.ts";

const CODEC = { what: "lossless JPEG", marker: 0xc3 };

/**
 * Decodes lossless JPEG (ITU T.81 annex H: Huffman, one component, all seven predictors, 2 to 16 bits, restarts, point
 * transform). Our own: the library at hand rounds predictor 7 wrongly in 16 bits.
 * @throws DamagedFile, UnsupportedPixels
 */
export async function decodeJpegLossless(bytes: Uint8Array, expected: ExpectedPicture): Promise<DecodedPicture> {
  return decodeGrey(bytes, expected, CODEC, (samples, { width, height, precision }) => {
    const scan = readScan(bytes);
    if (!scan) return false;
    return decodeScan(new BitReader(bytes, scan.start), scan, { samples, width, height, precision });
  });
}

interface Scan {
  /** Behind the scan header. */
  readonly start: number;
  /** For the next 16 bits: length of the code · 256 + its category; 0 where no code is. */
  readonly table: Uint16Array;
  /** 1…7 (table H.1). */
  readonly predictor: number;
  /** Bits dropped at the low end. */
  readonly pointTransform: number;
  /** Samples between restarts; 0: none. */
  readonly restartInterval: number;
}

/** Tables, restart interval and scan header; null where one of them is missing or broken. */
function readScan(bytes: Uint8Array): Scan | null {
  const tables = new Map<number, Uint16Array>();
  let restartInterval = 0;
  for (const { marker, body, end } of markerSegments(bytes)) {
    if (marker === 0xc4 && !readTables(body, tables)) return null;
    if (marker === 0xdd) restartInterval = word(body, 0);
    if (marker !== 0xda) continue;
    const table = tables.get((body[2] as number) >> 4);
    const [predictor = 0, , approximation = 0] = body.subarray(3);
    if (body.length < 6 || body[0] !== 1 || !table || predictor < 1 || predictor > 7) return null;
    return { start: end, table, predictor, pointTransform: approximation & 15, restartInterval };
  }
  return null;
}

/** Huffman tables (annex C): false where the codes do not fit. */
function readTables(segment: Uint8Array, tables: Map<number, Uint16Array>): boolean {
  let at = 0;
  while (at + 17 <= segment.length) {
    const table = new Uint16Array(65_536);
    const counts = segment.subarray(at + 1, at + 17);
    let symbol = at + 17;
    let code = 0;
    for (let length = 1; length <= 16; length++) {
      for (let i = 0; i < (counts[length - 1] as number); i++, symbol++, code++) {
        const category = segment[symbol];
        if (category === undefined || category > 16 || code >= 1 << length) return false;
        table.fill((length << 8) | category, code << (16 - length), (code + 1) << (16 - length));
      }
      code <<= 1;
    }
    tables.set((segment[at] as number) & 15, table);
    at = symbol;
  }
  return true;
}

interface Target {
  readonly samples: Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly precision: number;
}

/** False where the data ends or breaks before the last sample. */
function decodeScan(reader: BitReader, scan: Scan, { samples, width, height, precision }: Target): boolean {
  const { table, predictor, pointTransform, restartInterval } = scan;
  const middle = 1 << (precision - pointTransform - 1);
  if (precision <= pointTransform) return false;
  /** Samples until the next restart, and the row in which prediction began anew. */
  let left = restartInterval;
  let firstRow = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      let fresh = at === 0;
      if (restartInterval > 0 && left-- === 0) {
        if (!reader.restart()) return false;
        left = restartInterval - 1;
        firstRow = y;
        fresh = true;
      }
      const difference = reader.difference(table);
      if (difference === null) return false;
      const a = x > 0 ? (samples[at - 1] as number) : 0;
      const b = y > 0 ? (samples[at - width] as number) : 0;
      const c = x > 0 && y > 0 ? (samples[at - width - 1] as number) : 0;
      const prediction = fresh ? middle : y === firstRow ? a : x === 0 ? b : predict(predictor, a, b, c);
      samples[at] = prediction + difference;
    }
  }
  if (pointTransform > 0)
    for (let i = 0; i < samples.length; i++) samples[i] = (samples[i] as number) << pointTransform;
  return true;
}

/** Table H.1: a left, b above, c above left. */
function predict(predictor: number, a: number, b: number, c: number): number {
  if (predictor === 1) return a;
  if (predictor === 2) return b;
  if (predictor === 3) return c;
  if (predictor === 4) return a + b - c;
  if (predictor === 5) return a + ((b - c) >> 1);
  return predictor === 6 ? b + ((a - c) >> 1) : (a + b) >> 1;
}

/** Bits of the entropy-coded data, without the zero stuffed behind each 0xff. */
class BitReader {
  private readonly bytes: Uint8Array;
  private at: number;
  private bits = 0;
  private count = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** The next difference (H.1.2.2): its category by Huffman, then as many bits; null at the end of the data. */
  difference(table: Uint16Array): number | null {
    this.fill(16);
    const peeked = this.count >= 16 ? this.bits >>> (this.count - 16) : this.bits << (16 - this.count);
    const entry = table[peeked & 0xffff] as number;
    const length = entry >> 8;
    if (length === 0 || length > this.count) return null;
    this.drop(length);
    const category = entry & 255;
    if (category === 0) return 0;
    if (category === 16) return 32_768;
    this.fill(category);
    if (category > this.count) return null;
    const value = (this.bits >>> (this.count - category)) & ((1 << category) - 1);
    this.drop(category);
    return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
  }

  /** Goes on behind the next restart marker. */
  restart(): boolean {
    this.bits = 0;
    this.count = 0;
    while (this.at + 1 < this.bytes.length) {
      const marker = this.bytes[this.at + 1] as number;
      if (this.bytes[this.at] === 0xff && marker >= 0xd0 && marker <= 0xd7) {
        this.at += 2;
        return true;
      }
      if (this.bytes[this.at] === 0xff && marker === 0xd9) return false;
      this.at++;
    }
    return false;
  }

  private fill(wanted: number): void {
    while (this.count < wanted) {
      const byte = this.bytes[this.at];
      if (byte === undefined) return;
      if (byte === 0xff) {
        // A marker ends the data.
        if (this.bytes[this.at + 1] !== 0) return;
        this.at++;
      }
      this.at++;
      this.bits = ((this.bits << 8) | byte) >>> 0;
      this.count += 8;
    }
  }

  private drop(count: number): void {
    this.count -= count;
    this.bits &= (1 << this.count) - 1;
  }
}
