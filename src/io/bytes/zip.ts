import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { crc32 } from "./crc32.ts";
import { inflateAll, inflateHead, inflateInto, type Sink } from "./inflate.ts";
import { inflatedLimit, LIMITS } from "./limits.ts";
import type { SourceFile } from "./source-file.ts";

/** One file of a zip, unpacked when asked for. */
export interface ZipEntry extends SourceFile {
  /** The first bytes, for telling what it is. */
  head(count: number): Uint8Array;
  /** Unpacks into `sink` chunk by chunk, never more than the declared size. The first time to the end: its checksum. */
  stream(sink: Sink): Promise<void>;
}

/** So much of an entry's beginning is kept: it is asked for several times, to tell archives and headers from the rest. */
const BEGINNING = 512;

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const MAX_32 = 0xffffffff;

/**
 * Entries of a zip in the order of its directory; folders and Apple's `__MACOSX` are left out. Nothing is unpacked.
 * @throws DamagedFile, TooLarge, UnsupportedPixels (encrypted)
 */
export function openZip(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start } = findDirectory(view, file);
  if (count > LIMITS.zipEntries) {
    throw new GraderspaceError("TooLarge", {
      file,
      problem: say`it declares ${count} entries, and up to ${LIMITS.zipEntries} are read`,
      remedy: say`unpack it and open a part of it`,
    });
  }
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = start;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL)
      throw damaged(file, say`its directory is broken`);
    const record = readRecord(bytes, view, at, file);
    at = record.next;
    if (record.name.endsWith("/") || isLitter(record.name)) continue;
    if (names.has(record.name)) throw damaged(file, say`it holds two entries named ${record.name}`);
    names.add(record.name);
    entries.push(entryOf(bytes, view, record, file));
  }
  if (at + 4 <= bytes.length && view.getUint32(at, true) === CENTRAL) {
    throw damaged(file, say`its directory holds more entries than the ${count} it declares`);
  }
  return entries;
}

/** What a Mac adds to archives. */
export function isLitter(name: string): boolean {
  return /(^|\/)(__MACOSX\/|\._|\.DS_Store$)/.test(name);
}

interface DirectoryRecord {
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packed: number;
  readonly size: number;
  readonly local: number;
  readonly crc: number;
  readonly next: number;
}

/** The end record is the last thing in a zip, but for a comment of up to 65,535 bytes. */
function findDirectory(view: DataView, file: string): { count: number; start: number } {
  const lowest = Math.max(0, view.byteLength - 22 - 65_535);
  for (let at = view.byteLength - 22; at >= lowest; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const count = view.getUint16(at + 10, true);
    const start = view.getUint32(at + 16, true);
    if (count !== 0xffff && start !== MAX_32) return { count, start };
    return findDirectory64(view, at, file);
  }
  throw damaged(file, say`its end is missing, so its directory cannot be found`);
}

function findDirectory64(view: DataView, end: number, file: string): { count: number; start: number } {
  const locator = end - 20;
  const at = locator >= 0 ? Number(view.getBigUint64(locator + 8, true)) : -1;
  if (at < 0 || at + 56 > view.byteLength || view.getUint32(at, true) !== END_64) {
    throw damaged(file, say`its 64-bit directory is broken`);
  }
  return { count: Number(view.getBigUint64(at + 32, true)), start: Number(view.getBigUint64(at + 48, true)) };
}

function readRecord(bytes: Uint8Array, view: DataView, at: number, file: string): DirectoryRecord {
  const flags = view.getUint16(at + 8, true);
  const nameLength = view.getUint16(at + 28, true);
  const extraLength = view.getUint16(at + 30, true);
  const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  if (next > bytes.length) throw damaged(file, say`its directory is cut short`);
  let packed = view.getUint32(at + 20, true);
  let size = view.getUint32(at + 24, true);
  let local = view.getUint32(at + 42, true);
  // Zip64: the true numbers stand in an extra field, in this order, each only where the short field is full.
  let extra = at + 46 + nameLength;
  const extraEnd = extra + extraLength;
  while (extra + 4 <= extraEnd) {
    const id = view.getUint16(extra, true);
    const fieldEnd = Math.min(extraEnd, extra + 4 + view.getUint16(extra + 2, true));
    if (id === 1) {
      let field = extra + 4;
      const wide = (short: number) => {
        if (short !== MAX_32 || field + 8 > fieldEnd) return short;
        field += 8;
        return Number(view.getBigUint64(field - 8, true));
      };
      size = wide(size);
      packed = wide(packed);
      local = wide(local);
    }
    extra = fieldEnd;
  }
  const rawName = bytes.subarray(at + 46, at + 46 + nameLength);
  const name = new TextDecoder(flags & 0x800 ? "utf-8" : "windows-1252").decode(rawName).replaceAll("\\", "/");
  const crc = view.getUint32(at + 16, true);
  const [method, encrypted] = [view.getUint16(at + 10, true), (flags & 1) !== 0];
  return { name, rawName, method, encrypted, packed, size, local, crc, next };
}

function entryOf(bytes: Uint8Array, view: DataView, record: DirectoryRecord, file: string): ZipEntry {
  const { name, method, packed, size } = record;
  const inside = `${file} › ${name}`;
  /** The packed bytes; the local header's own lengths say where they begin. */
  const payload = () => {
    const { local } = record;
    if (record.encrypted) {
      throw new GraderspaceError("UnsupportedPixels", {
        file: inside,
        problem: say`it is encrypted`,
        remedy: say`unpack the zip with its password first`,
      });
    }
    if (method !== 0 && method !== 8) {
      throw new GraderspaceError("UnsupportedPixels", {
        file: inside,
        problem: say`it is packed by method ${method}, and only stored and deflated entries are read`,
        remedy: say`make the zip again with the usual compression`,
      });
    }
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL) throw damaged(inside, say`it is not there`);
    const named = bytes.subarray(local + 30, local + 30 + view.getUint16(local + 26, true));
    if (named.length !== record.rawName.length || named.some((letter, i) => letter !== record.rawName[i])) {
      throw damaged(inside, say`it goes by another name before its data than in the directory`);
    }
    const start = local + 30 + named.length + view.getUint16(local + 28, true);
    if (start + packed > bytes.length) throw damaged(inside, say`it is cut short`);
    return bytes.subarray(start, start + packed);
  };
  const checked = () => {
    const from = payload();
    if (size > inflatedLimit(packed)) {
      throw new GraderspaceError("TooLarge", {
        file: inside,
        problem: say`it declares ${size} bytes out of ${packed}`,
        remedy: say`unpack the zip and open a part of it`,
      });
    }
    if (method === 0 && size !== packed) throw damaged(inside, say`its two sizes differ`);
    return from;
  };
  let beginning: Uint8Array | null = null;
  let intact = false;
  const compare = (crc: number, length: number) => {
    if (length !== size) throw damaged(inside, say`it does not unpack to the ${size} bytes it declares`);
    if (crc !== record.crc) throw damaged(inside, say`its checksum is wrong`);
    intact = true;
  };
  return {
    name,
    size,
    packed,
    head: (count) => {
      if (method === 0) return checked().subarray(0, count);
      if (count > BEGINNING) return inflateHead(payload(), "deflate-raw", count);
      beginning ??= inflateHead(payload(), "deflate-raw", BEGINNING);
      return beginning.subarray(0, count);
    },
    read: async () => {
      const from = checked();
      const whole = method === 0 ? from : await inflateAll(from, "deflate-raw", size, inside, size);
      if (!intact) compare(crc32(whole), whole.length);
      return whole;
    },
    stream: async (sink) => {
      const from = checked();
      if (method === 0) {
        if (!intact) compare(crc32(from), from.length);
        sink(from);
        return;
      }
      let [length, crc, wanted] = [0, 0, true];
      // Once, all of it is unpacked whatever is wanted of it: the checksum is that of the whole.
      const bounded: Sink = (chunk) => {
        length += chunk.length;
        if (length > size) throw damaged(inside, say`it unpacks to more than it declares`);
        if (!intact) crc = crc32(chunk, crc);
        if (wanted) wanted = sink(chunk) !== false;
        return wanted || !intact;
      };
      await inflateInto(from, "deflate-raw", bounded, inside);
      if (!intact) compare(crc, length);
    },
  };
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`download or make the zip again` });
}
