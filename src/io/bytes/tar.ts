import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { startsWith } from "./letters.ts";
import { LIMITS } from "./limits.ts";
import type { SourceFile } from "./source-file.ts";
import { isLitter } from "./zip.ts";

const BLOCK = 512;
/** Kinds of entries (POSIX.1-2001, ustar and pax; GNU tar's long names): a file, and records about the next one. */
const FILE = new Set(["0", "\0", "7"]);

/** True for POSIX and GNU tars: the magic word in the header of the first entry. */
export function looksLikeTar(head: Uint8Array): boolean {
  return startsWith(head, "ustar", 257);
}

/**
 * Files of a tar in their order, not copied; folders, links and what a Mac adds are left out. ustar, pax and GNU long names.
 * @throws DamagedFile, TooLarge
 */
export function openTar(bytes: Uint8Array, file: string): SourceFile[] {
  const files: SourceFile[] = [];
  const names = new Set<string>();
  /** What a record before an entry says of it. */
  let said: { name?: string; size?: number } = {};
  for (let at = 0; at + BLOCK <= bytes.length; ) {
    const header = bytes.subarray(at, at + BLOCK);
    if (header.every((byte) => byte === 0)) break;
    checkSum(header, file);
    const kind = String.fromCharCode(header[156] as number);
    const record = kind === "x" || kind === "g" || kind === "L" || kind === "K";
    const size = (record ? undefined : said.size) ?? numberIn(header.subarray(124, 136), file);
    const start = at + BLOCK;
    if (start + size > bytes.length) throw damaged(file, say`it is cut short`);
    const data = bytes.subarray(start, start + size);
    at = start + BLOCK * Math.ceil(size / BLOCK);
    if (record) {
      if (size > LIMITS.headerBytes) throw damaged(file, say`a record of its names is too long`);
      if (kind === "x") said = { ...said, ...paxOf(data, file) };
      if (kind === "L") said = { ...said, name: textIn(data) };
      continue;
    }
    const name = (said.name ?? nameIn(header)).replaceAll("\\", "/").replace(/^(\.?\/)+/, "");
    said = {};
    if (!FILE.has(kind) || name === "" || name.endsWith("/") || isLitter(name)) continue;
    if (names.has(name)) throw damaged(file, say`it holds two entries named ${name.slice(0, 100)}`);
    if (names.add(name).size > LIMITS.zipEntries) {
      const problem = say`it holds more than ${LIMITS.zipEntries} files`;
      throw new GraderspaceError("TooLarge", { file, problem, remedy: say`unpack it and open a part of it` });
    }
    files.push({ name, size, read: async () => data, head: (count) => data.subarray(0, count) });
  }
  return files;
}

/** The sum of the header's bytes, its own field taken as blanks. @throws DamagedFile */
function checkSum(header: Uint8Array, file: string): void {
  let sum = 0;
  for (const [i, byte] of header.entries()) sum += i >= 148 && i < 156 ? 0x20 : byte;
  if (sum !== numberIn(header.subarray(148, 156), file)) throw damaged(file, say`the checksum of an entry is wrong`);
}

/** Octal digits; or, past eight gigabytes, binary behind a set bit. @throws DamagedFile */
function numberIn(field: Uint8Array, file: string): number {
  const octal = textIn(field).trim();
  if (/^[0-7]{1,12}$/.test(octal)) return Number.parseInt(octal, 8);
  throw damaged(file, say`an entry has no size or checksum that can be read`);
}

function nameIn(header: Uint8Array): string {
  const prefix = startsWith(header, "ustar\0", 257) ? textIn(header.subarray(345, 500)) : "";
  const name = textIn(header.subarray(0, 100));
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** "27 path=a/long/name\n": the length of each line, with itself, before it. @throws DamagedFile */
function paxOf(data: Uint8Array, file: string): { name?: string; size?: number } {
  let said: { name?: string; size?: number } = {};
  for (let at = 0; at < data.length && data[at] !== 0; ) {
    const [, digits = "", key] = /^(\d{1,7}) ([^=\n]+)=/.exec(textIn(data.subarray(at, at + 300))) ?? [];
    const length = Number(digits);
    if (key === undefined || at + length > data.length || length < digits.length + key.length + 3) {
      throw damaged(file, say`a record of its names is broken`);
    }
    const start = at + digits.length + 1 + new TextEncoder().encode(key).length + 1;
    const value = textIn(data.subarray(start, at + length - 1));
    if (key === "path") said = { ...said, name: value };
    if (key === "size") {
      if (!/^\d{1,12}$/.test(value)) throw damaged(file, say`an entry has no size that can be read`);
      said = { ...said, size: Number(value) };
    }
    at += length;
  }
  return said;
}

/** Up to the first zero byte. */
function textIn(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`download or make the tar again` });
}
