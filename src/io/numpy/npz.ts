import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { ZipEntry } from "../bytes/zip.ts";
import { damaged, itemCount, NPY_HEADER, type NpyHeader, readItems, readNpyHeader, readTexts } from "./npy.ts";
import { isNpy } from "./npy-signature.ts";

/** One array of an npz, read in rows (its first index) so that a large one need not be unpacked whole. */
export interface NpzArray {
  readonly name: string;
  readonly header: NpyHeader;
  /** Rows along the first index; 1 for a scalar. */
  readonly rows: number;
  /** Items in one row. */
  readonly rowItems: number;
  /** Bytes behind the items that the shape declares. */
  readonly surplus: number;
  /** The raw bytes of rows from…to−1, to be read only. @throws DamagedFile */
  bytes(from: number, to: number): Promise<Uint8Array>;
  /** Items of raw bytes as float32. @throws UnsupportedPixels for text */
  decode(bytes: Uint8Array): Float32Array;
  /** @throws UnsupportedPixels for text */
  numbers(from: number, to: number): Promise<Float32Array>;
  /** All of a text array. @throws UnsupportedPixels for numbers */
  texts(): Promise<string[]>;
}

/** Rows that end before this are unpacked anew each time; later ones make the whole array stay, up to the other. */
const CHEAP = 8 << 20;
const KEPT = 256 << 20;

/** The arrays of an npz by name, without ".npy". @throws DamagedFile, UnsupportedPixels */
export function openNpz(entries: readonly ZipEntry[], file: string): Map<string, NpzArray> {
  const arrays = new Map<string, NpzArray>();
  for (const entry of entries) {
    if (!entry.name.endsWith(".npy")) continue;
    const name = entry.name.slice(0, -4);
    arrays.set(name, arrayOf(entry, name, `${file} › ${name}`));
  }
  return arrays;
}

/** True for a zip whose entries are all npy files. */
export function looksLikeNpz(entries: readonly ZipEntry[]): boolean {
  return entries.length > 0 && entries.every((entry) => entry.name.endsWith(".npy"));
}

/** An npy file that is there as a whole, read in rows. @throws DamagedFile, UnsupportedPixels */
export function npyArray(bytes: Uint8Array, name: string, file: string): NpzArray {
  return arrayOf(
    {
      size: bytes.length,
      head: (count) => bytes.subarray(0, count),
      stream: async (sink) => void sink(bytes),
    },
    name,
    file,
  );
}

function arrayOf(entry: Pick<ZipEntry, "head" | "size" | "stream">, name: string, inside: string): NpzArray {
  const head = entry.head(NPY_HEADER);
  if (!isNpy(head)) throw damaged(inside, say`it does not begin as an npy file`);
  const header = readNpyHeader(head, inside);
  const count = itemCount(header, inside);
  const size = header.offset + count * header.itemBytes;
  if (entry.size < size) throw damaged(inside, say`its shape needs ${size} bytes and it declares ${entry.size}`);
  const rows = header.shape.length === 0 ? 1 : (header.shape[0] as number);
  const rowItems = rows === 0 ? 0 : count / rows;
  let whole: Promise<Uint8Array> | null = null;
  const bytes = async (from: number, to: number) => {
    if (!(from >= 0 && from <= to && to <= rows)) {
      throw new GraderspaceError("NoSuchFrame", { file: inside, problem: say`it has no rows ${from} to ${to}` });
    }
    const rowBytes = rowItems * header.itemBytes;
    const start = header.offset + from * rowBytes;
    const end = header.offset + to * rowBytes;
    if (!whole && end > CHEAP && size <= KEPT) whole = range(entry, header.offset, size, inside);
    if (whole) return (await whole).subarray(from * rowBytes, to * rowBytes);
    return range(entry, start, end, inside);
  };
  const text = header.type.startsWith("U");
  const decode = (raw: Uint8Array) => {
    if (text) throw wrongItems(inside, "text", "numbers");
    return readItems(raw, header, 0, Math.floor(raw.length / header.itemBytes));
  };
  return {
    name,
    header,
    rows,
    rowItems,
    surplus: entry.size - size,
    bytes,
    decode,
    numbers: async (from, to) => decode(await bytes(from, to)),
    texts: async () => {
      if (!text) throw wrongItems(inside, "numbers", "text");
      return readTexts(await bytes(0, rows), header, rows * rowItems);
    },
  };
}

/** Unpacks up to `end` and keeps what lies from `start` on. */
async function range(entry: Pick<ZipEntry, "stream">, start: number, end: number, inside: string): Promise<Uint8Array> {
  const out = new Uint8Array(end - start);
  let at = 0;
  await entry.stream((chunk) => {
    const first = Math.max(start - at, 0);
    const last = Math.min(end - at, chunk.length);
    if (first < last) out.set(chunk.subarray(first, last), at + first - start);
    at += chunk.length;
    return at < end;
  });
  if (at < end) throw damaged(inside, say`it is cut short`);
  return out;
}

function wrongItems(file: string, has: string, needs: string): GraderspaceError {
  return new GraderspaceError("UnsupportedPixels", { file, problem: say`it holds ${has} where ${needs} are expected` });
}
