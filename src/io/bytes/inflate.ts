import { Gunzip, Inflate, Unzlib } from "fflate";
import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { adler32 } from "./adler32.ts";
import { crc32 } from "./crc32.ts";
import { inflatedLimit, mebibytes } from "./limits.ts";

type Compression = "gzip" | "deflate" | "deflate-raw";

/** Takes the next bytes; false = enough, stop. */
export type Sink = (chunk: Uint8Array) => boolean | undefined;

const STEP = 1 << 16;
const HEAD_STEP = 64;

/**
 * Unpacks into `sink` chunk by chunk, so that nobody holds more than was asked for. The platform's own zlib where there
 * is one (two to three times as fast), else fflate.
 * @throws DamagedFile where the stream is broken or cut short
 */
export async function inflateInto(bytes: Uint8Array, compression: Compression, sink: Sink, file: string) {
  try {
    const platform = typeof DecompressionStream !== "undefined" && !(compression === "gzip" && severalMembers(bytes));
    if (platform) await inflateByPlatform(bytes, compression, sink);
    else inflateHere(bytes, compression, sink);
  } catch (error) {
    if (error instanceof GraderspaceError) throw error;
    throw new GraderspaceError("DamagedFile", {
      file,
      problem: say`its compressed data is broken or cut short`,
      remedy: say`download or export it again`,
    });
  }
}

/** A gzip file may be several members in a row (pigz, bgzip): browsers refuse what follows the first, fflate does not. */
function severalMembers(bytes: Uint8Array): boolean {
  for (let at = bytes.indexOf(0x1f, 18); at >= 0; at = bytes.indexOf(0x1f, at + 1)) {
    if (bytes[at + 1] === 0x8b && bytes[at + 2] === 8) return true;
  }
  return false;
}

async function inflateByPlatform(bytes: Uint8Array, compression: Compression, sink: Sink): Promise<void> {
  const stream = new DecompressionStream(compression);
  const writer = stream.writable.getWriter();
  const reader = stream.readable.getReader();
  const fed = feed(writer, bytes);
  // A failure shows on the reading side too; there it is awaited.
  fed.catch(() => undefined);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (sink(value) === false) {
      await reader.cancel().catch(() => undefined);
      return;
    }
  }
  await fed;
}

async function feed(writer: WritableStreamDefaultWriter<BufferSource>, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += STEP) {
    await writer.ready;
    await writer.write(bytes.subarray(at, at + STEP) as Uint8Array<ArrayBuffer>);
  }
  await writer.close();
}

/** `cut`: the stream goes on beyond the bytes (told that they are its last, fflate gives none of them out). */
function inflateHere(bytes: Uint8Array, compression: Compression, sink: Sink, cut = false): void {
  let going = true;
  let finished = false;
  const check = cut ? null : compression === "gzip" ? memberCheck(bytes) : streamCheck(bytes, compression);
  const take = (chunk: Uint8Array, final: boolean) => {
    finished ||= final;
    check?.take(chunk);
    if (going && chunk.length > 0) going = sink(chunk) !== false;
  };
  const inflater =
    compression === "gzip" ? new Gunzip(take) : compression === "deflate" ? new Unzlib(take) : new Inflate(take);
  if (inflater instanceof Gunzip && check) inflater.onmember = check.endAt;
  // Few bytes of a head go in at a time: a bomb must not unpack to megabytes for the sake of some hundred bytes.
  const step = cut ? HEAD_STEP : STEP;
  for (let at = 0; going && at < bytes.length; at += step) {
    inflater.push(bytes.subarray(at, at + step), !cut && at + step >= bytes.length);
  }
  if (going && !finished && !cut) throw new RangeError("unexpected end");
  if (going) check?.endAt(bytes.length);
}

/** fflate reads past the checksum at the end of a zlib stream too (RFC 1950 §2.2); a raw one has none. */
function streamCheck(bytes: Uint8Array, compression: Compression) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sum = 1;
  return {
    take(chunk: Uint8Array): void {
      if (compression === "deflate") sum = adler32(chunk, sum);
    },
    endAt(end: number): void {
      if (compression === "deflate" && view.getUint32(end - 4) !== sum) throw new RangeError("wrong checksum");
    },
  };
}

/** fflate reads past the checksum and the length behind each member of a gzip file (RFC 1952 §2.3.1). */
function memberCheck(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [crc, length] = [0, 0];
  return {
    take(chunk: Uint8Array): void {
      crc = crc32(chunk, crc);
      length += chunk.length;
    },
    /** A member ends before byte `end`. */
    endAt(end: number): void {
      const right = view.getUint32(end - 8, true) === crc && view.getUint32(end - 4, true) === length >>> 0;
      if (!right) throw new RangeError("wrong checksum");
      [crc, length] = [0, 0];
    },
  };
}

/**
 * Unpacks at most `limit` bytes, `expected` of them when that is known.
 * @throws DamagedFile; TooLarge past the limit
 */
export async function inflateAll(
  bytes: Uint8Array,
  compression: Compression,
  limit: number,
  file: string,
  expected?: number,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let out = expected === undefined ? null : new Uint8Array(expected);
  let length = 0;
  await inflateInto(
    bytes,
    compression,
    (chunk) => {
      if (out && length + chunk.length > out.length) throw notAsDeclared(file, out.length);
      if (length + chunk.length > limit) throw pastLimit(file, limit);
      if (out) out.set(chunk, length);
      else chunks.push(chunk);
      length += chunk.length;
      return true;
    },
    file,
  );
  if (out && length < out.length) throw notAsDeclared(file, out.length);
  if (out) return out;
  out = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < chunks.length; i++) {
    out.set(chunks[i] as Uint8Array, at);
    at += (chunks[i] as Uint8Array).length;
    // Two copies of a large volume are too many: each part goes as soon as it is copied.
    chunks[i] = EMPTY;
  }
  return out;
}

const EMPTY = new Uint8Array(0);

/**
 * The first `size` bytes into a buffer of just that size, fewer where the data ends before; `length` is how much there
 * is in all. What comes behind is unpacked too, and not kept: the checksum stands at the end.
 * @throws DamagedFile where the stream is broken; TooLarge where far more lies behind
 */
export async function inflateUpTo(bytes: Uint8Array, compression: Compression, size: number, file: string) {
  const first = firstOf(size);
  const most = Math.max(size, inflatedLimit(bytes.length));
  let length = 0;
  const take: Sink = (chunk) => {
    if (length < size) first.take(chunk);
    length += chunk.length;
    if (length > most) throw pastLimit(file, most);
    return true;
  };
  await inflateInto(bytes, compression, take, file);
  return { bytes: first.found(), length };
}

/** The first `count` bytes, fewer where there are no more; a stream that breaks later does not matter. */
export function inflateHead(bytes: Uint8Array, compression: Compression, count: number): Uint8Array {
  const first = firstOf(count);
  try {
    // The platform's inflaters may hold back what they have when the stream is cut, so it is fflate.
    inflateHere(bytes.subarray(0, count + 4096), compression, first.take, true);
  } catch {
    // Cut on purpose: the end is missing.
  }
  return first.found();
}

/** A sink that keeps the first `size` bytes. */
function firstOf(size: number): { take: Sink; found(): Uint8Array } {
  const out = new Uint8Array(size);
  let length = 0;
  const take = (chunk: Uint8Array) => {
    const part = chunk.subarray(0, size - length);
    out.set(part, length);
    length += part.length;
    return length < size;
  };
  return { take, found: () => out.subarray(0, length) };
}

function pastLimit(file: string, limit: number): GraderspaceError {
  return new GraderspaceError("TooLarge", {
    file,
    problem: say`it unpacks to more than ${mebibytes(limit)}`,
    remedy: say`unpack it and open a part of it`,
  });
}

function notAsDeclared(file: string, declared: number): GraderspaceError {
  return new GraderspaceError("DamagedFile", {
    file,
    problem: say`it does not unpack to the ${declared} bytes it declares`,
    remedy: say`download or export it again`,
  });
}
