import { GraderspaceError } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { brokenStream, type DecodedPicture, type ExpectedPicture } from "./codec.ts";
import { decodeGrey } from "./grey-codec.ts";
import { JpegLsBits } from "./jpeg-ls-bits.ts";
import { markerSegments, word } from "./jpeg-markers.ts";

const CODEC = { what: "JPEG-LS", marker: 0xf7 };

/**
 * Decodes JPEG-LS (ITU T.87), lossless and near-lossless, one component. Our own: on broken data the compiled codec at
 * hand can go round for ever, which nothing in a page could stop.
 * @throws DamagedFile, UnsupportedPixels
 */
export async function decodeJpegLs(bytes: Uint8Array, expected: ExpectedPicture): Promise<DecodedPicture> {
  return decodeGrey(bytes, expected, CODEC, (samples, { width, height, precision }) => {
    const scan = readScan(bytes, precision, expected.file);
    return new Decoder(scan).decode(new JpegLsBits(bytes, scan.start), samples, width, height);
  });
}

/** Coding parameters (T.87 C.2.4.1.1). */
interface Scan {
  readonly start: number;
  readonly near: number;
  readonly maxval: number;
  readonly t1: number;
  readonly t2: number;
  readonly t3: number;
  readonly reset: number;
}

function readScan(bytes: Uint8Array, precision: number, file: string): Scan {
  let preset = { maxval: 0, t1: 0, t2: 0, t3: 0, reset: 0 };
  for (const { marker, body, end } of markerSegments(bytes)) {
    if (marker === 0xf8) {
      if (body[0] !== 1) throw unread(file, "a mapping table");
      const [maxval = 0, t1 = 0, t2 = 0, t3 = 0, reset = 0] = [1, 3, 5, 7, 9].map((i) => word(body, i));
      preset = { maxval, t1, t2, t3, reset };
    }
    if (marker === 0xdd && body.some((byte) => byte !== 0)) throw unread(file, "restart intervals");
    if (marker !== 0xda) continue;
    const [components, , table, near = 0, interleave, transform] = body;
    if (components !== 1 || interleave !== 0 || transform !== 0) break;
    if (table !== 0) throw unread(file, "a mapping table");
    const maxval = preset.maxval || (1 << precision) - 1;
    if (maxval >= 1 << precision || near > Math.min(255, maxval >> 1)) break;
    return { start: end, near, ...thresholds(maxval, near, preset) };
  }
  throw brokenStream(file, CODEC.what);
}

function unread(file: string, what: string): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", {
    file,
    problem: say`its JPEG-LS data uses ${what}, which is not read`,
    remedy: say`export it as uncompressed DICOM`,
  });
}

/** Defaults where the stream gives none (T.87 C.2.4.1.1.1). */
function thresholds(maxval: number, near: number, given: Omit<Scan, "start" | "near">): Omit<Scan, "start" | "near"> {
  const clamp = (value: number, low: number) => (value > maxval || value < low ? low : value);
  const large = maxval >= 128;
  const factor = large ? (Math.min(maxval, 4095) + 128) >> 8 : Math.floor(256 / (maxval + 1));
  const basic = (most: number, least: number, times: number) =>
    large ? factor * (most - least) + least + times * near : Math.max(least, Math.floor(most / factor) + times * near);
  const t1 = given.t1 || clamp(basic(3, 2, 3), near + 1);
  const t2 = given.t2 || clamp(basic(7, 3, 5), t1);
  const t3 = given.t3 || clamp(basic(21, 4, 7), t2);
  return { maxval, t1, t2, t3, reset: given.reset || 64 };
}

/** Orders of run lengths (T.87 table A.7.1.2, J). */
const RUN_ORDER = [
  0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
];

/** Context modelling and the two modes (T.87 annex A). Contexts 365 and 366 are those of interrupted runs. */
class Decoder {
  private readonly scan: Scan;
  private readonly range: number;
  private readonly bitsOfRange: number;
  private readonly limit: number;
  private readonly step: number;
  private readonly a = new Int32Array(367);
  private readonly b = new Int32Array(365);
  private readonly c = new Int32Array(365);
  private readonly n = new Int32Array(367).fill(1);
  /** Negative errors of interrupted runs, by type. */
  private readonly negative = new Int32Array(2);
  private runIndex = 0;

  constructor(scan: Scan) {
    this.scan = scan;
    const { maxval, near } = scan;
    this.step = 2 * near + 1;
    this.range = Math.floor((maxval + 2 * near) / this.step) + 1;
    this.bitsOfRange = Math.ceil(Math.log2(this.range));
    const bits = Math.max(2, Math.ceil(Math.log2(maxval + 1)));
    this.limit = 2 * (bits + Math.max(8, bits));
    this.a.fill(Math.max(2, (this.range + 32) >> 6));
  }

  /** False where the data ends or breaks before the last sample. */
  decode(bits: JpegLsBits, samples: Uint16Array, width: number, height: number): boolean {
    // Lines with a sample on either side: left the first of the line above, right the last one again.
    let above = new Int32Array(width + 2);
    let line = new Int32Array(width + 2);
    for (let y = 0; y < height; y++) {
      line[0] = above[1] as number;
      above[width + 1] = above[width] as number;
      if (!this.decodeLine(bits, above, line, width)) return false;
      samples.set(line.subarray(1, width + 1), y * width);
      [above, line] = [line, above];
    }
    return true;
  }

  private decodeLine(bits: JpegLsBits, above: Int32Array, line: Int32Array, width: number): boolean {
    const { near } = this.scan;
    let x = 1;
    while (x <= width) {
      const ra = line[x - 1] as number;
      const rb = above[x] as number;
      const rc = above[x - 1] as number;
      const d1 = (above[x + 1] as number) - rb;
      const d2 = rb - rc;
      const d3 = rc - ra;
      if (Math.abs(d1) <= near && Math.abs(d2) <= near && Math.abs(d3) <= near) {
        x = this.run(bits, above, line, x, width);
        if (x < 0) return false;
        continue;
      }
      const value = this.regular(
        bits,
        ra,
        rb,
        rc,
        81 * this.quantised(d1) + 9 * this.quantised(d2) + this.quantised(d3),
      );
      if (value < 0) return false;
      line[x++] = value;
    }
    return true;
  }

  private quantised(d: number): number {
    const { near, t1, t2, t3 } = this.scan;
    const size = Math.abs(d);
    const q = size <= near ? 0 : size < t1 ? 1 : size < t2 ? 2 : size < t3 ? 3 : 4;
    return d < 0 ? -q : q;
  }

  /** One sample in regular mode (A.4 to A.6); −1 where the data is broken. */
  private regular(bits: JpegLsBits, ra: number, rb: number, rc: number, signed: number): number {
    const { maxval, near } = this.scan;
    const [q, sign] = signed < 0 ? [-signed, -1] : [signed, 1];
    const edge = rc >= Math.max(ra, rb) ? Math.min(ra, rb) : rc <= Math.min(ra, rb) ? Math.max(ra, rb) : ra + rb - rc;
    const predicted = Math.max(0, Math.min(maxval, edge + sign * (this.c[q] as number)));
    const k = this.order(q, this.a[q] as number);
    const mapped = k < 0 ? -1 : bits.golomb(k, this.limit, this.bitsOfRange);
    if (mapped < 0 || mapped > 2 * this.range) return -1;
    const flipped = near === 0 && k === 0 && 2 * (this.b[q] as number) <= -(this.n[q] as number);
    const even = (mapped & 1) === 0;
    const half = mapped >> 1;
    const error = flipped ? (even ? -half - 1 : half) : even ? half : -half - 1;
    this.learn(q, error);
    return this.reconstructed(predicted + sign * error * this.step);
  }

  /** The smallest k with N·2^k ≥ a (A.5.1); −1 where only broken data leads. */
  private order(q: number, a: number): number {
    const n = this.n[q] as number;
    for (let k = 0; k <= 20; k++) if (n * 2 ** k >= a) return k;
    return -1;
  }

  /** Updates of a context and of its bias (A.6). */
  private learn(q: number, error: number): void {
    let a = (this.a[q] as number) + Math.abs(error);
    let b = (this.b[q] as number) + error * this.step;
    let n = this.n[q] as number;
    if (n === this.scan.reset) {
      a >>= 1;
      b >>= 1;
      n >>= 1;
    }
    n++;
    const c = this.c[q] as number;
    if (b <= -n) {
      b = Math.max(b + n, -n + 1);
      if (c > -128) this.c[q] = c - 1;
    } else if (b > 0) {
      b = Math.min(b - n, 0);
      if (c < 127) this.c[q] = c + 1;
    }
    this.a[q] = a;
    this.b[q] = b;
    this.n[q] = n;
  }

  /** Undoes the modulo reduction (A.4.5), and clamps. */
  private reconstructed(value: number): number {
    const { maxval, near } = this.scan;
    const span = this.range * this.step;
    const turned = value < -near ? value + span : value > maxval + near ? value - span : value;
    return Math.max(0, Math.min(maxval, turned));
  }

  /** A run of samples like the left one, and the sample that ends it (A.7); the next x, or −1 where the data is broken. */
  private run(bits: JpegLsBits, above: Int32Array, line: Int32Array, from: number, width: number): number {
    const ra = line[from - 1] as number;
    let x = from;
    for (;;) {
      const bit = bits.read(1);
      if (bit < 0) return -1;
      const order = RUN_ORDER[this.runIndex] as number;
      if (bit === 0) {
        const rest = order === 0 ? 0 : bits.read(order);
        if (rest < 0 || x + rest > width) return -1;
        line.fill(ra, x, x + rest);
        x += rest;
        break;
      }
      const length = Math.min(1 << order, width + 1 - x);
      line.fill(ra, x, x + length);
      x += length;
      if (length === 1 << order && this.runIndex < 31) this.runIndex++;
      if (x > width) return x;
    }
    const value = this.interruption(bits, ra, above[x] as number);
    if (value < 0) return -1;
    line[x] = value;
    if (this.runIndex > 0) this.runIndex--;
    return x + 1;
  }

  /** The sample that ends a run (A.7.2); −1 where the data is broken. */
  private interruption(bits: JpegLsBits, ra: number, rb: number): number {
    const type = Math.abs(ra - rb) <= this.scan.near ? 1 : 0;
    const q = 365 + type;
    let a = this.a[q] as number;
    let n = this.n[q] as number;
    const k = this.order(q, type === 1 ? a + (n >> 1) : a);
    const limit = this.limit - (RUN_ORDER[this.runIndex] as number) - 1;
    const mapped = k < 0 ? -1 : bits.golomb(k, limit, this.bitsOfRange);
    if (mapped < 0 || mapped > 2 * this.range) return -1;
    const doubled = mapped + type;
    const odd = doubled & 1;
    const size = (doubled + odd) >> 1;
    const often = 2 * (this.negative[type] as number) >= n;
    const error = (k !== 0 || often ? 1 : 0) === odd ? -size : size;
    if (error < 0) this.negative[type]! += 1;
    a += (mapped + 1 - type) >> 1;
    if (n === this.scan.reset) {
      a >>= 1;
      n >>= 1;
      this.negative[type]! >>= 1;
    }
    this.a[q] = a;
    this.n[q] = n + 1;
    const sign = type === 0 && ra > rb ? -1 : 1;
    return this.reconstructed((type === 1 ? ra : rb) + sign * error * this.step);
  }
}
