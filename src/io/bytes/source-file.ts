import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { LIMITS, mebibytes } from "./limits.ts";

/** Bytes that can be asked for again: a file on the disk, one dropped on the page, or an entry of a zip. */
export interface SourceFile {
  /** Its path as the person sees it, with "/" between folders: "series/0012.dcm". */
  readonly name: string;
  readonly size: number;
  /** What it takes where it lies packed, in a zip. */
  readonly packed?: number;
  /** The whole file. Not kept by the caller longer than needed: a series is read one file at a time. */
  read(): Promise<Uint8Array>;
  /** The first bytes, where they can be had without the rest. */
  head?(count: number): Promise<Uint8Array> | Uint8Array;
}

/** What callers may hand in: bytes already read, or a file to be read. */
export type Incoming = { readonly name: string; readonly bytes: Uint8Array } | SourceFile;

/** @throws TooLarge past the limit on files */
export function sourceFile(incoming: Incoming): SourceFile {
  const file = "bytes" in incoming ? fromBytes(incoming.name, incoming.bytes) : incoming;
  if (file.size > LIMITS.fileBytes) {
    throw new GraderspaceError("TooLarge", {
      file: file.name,
      problem: say`it is ${mebibytes(file.size)} long, and files up to ${mebibytes(LIMITS.fileBytes)} are read`,
      remedy: say`open a part of it`,
    });
  }
  return file;
}

/** The first `count` bytes, fewer where the file is shorter. */
export async function headOf(file: SourceFile, count: number): Promise<Uint8Array> {
  return file.head ? file.head(count) : (await file.read()).subarray(0, count);
}

function fromBytes(name: string, given: Uint8Array): SourceFile {
  // Node's Buffer is a Uint8Array whose `slice` does not copy: only plain ones go on.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength);
  return { name, size: bytes.length, read: async () => bytes, head: (count) => bytes.subarray(0, count) };
}

/** "scan/0012.dcm" → "0012.dcm". */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
