import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { concat } from "../bytes/concat.ts";
import { jpegHeader } from "./codecs/jpeg-markers.ts";
import type { DicomElement } from "./dataset/dataset.ts";
import type { DicomFile } from "./file.ts";

const ITEM = 0xfffee000;
const EXTENDED_OFFSETS = 0x7fe00001;

interface Fragment {
  /** Offset of the fragment's item tag from the first fragment's: what offset tables count. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** False where the file ends inside it. */
  readonly whole: boolean;
}

/** The compressed bytes of each frame (PS3.5 annex A.4). */
export interface EncapsulatedFrames {
  readonly frames: readonly { readonly bytes: Uint8Array; readonly whole: boolean }[];
  /** Compressed pictures there are, by where streams begin. */
  readonly streams: number;
}

/** @throws TruncatedFile where not one fragment is there */
export function encapsulatedFrames(file: DicomFile, element: DicomElement, count: number): EncapsulatedFrames {
  const { fragments, table } = readFragments(file, element);
  if (fragments.length === 0) {
    throw new GraderspaceError("TruncatedFile", {
      file: file.name,
      problem: say`its compressed pixel data is empty`,
      remedy: say`download or export it again`,
    });
  }
  const begun = fragments.filter(({ bytes }) => beginsStream(bytes)).length;
  const frames = groups(file, fragments, table, count).map(joined);
  return { frames, streams: Math.max(begun, frames.length) };
}

function readFragments(file: DicomFile, element: DicomElement): { fragments: Fragment[]; table: number[] } {
  const { bytes, encoding } = file.dataset;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = !encoding.bigEndian;
  const fragments: Fragment[] = [];
  let table: number[] | null = null;
  let first = 0;
  let at = element.offset;
  while (at + 8 <= bytes.length) {
    const tag = view.getUint16(at, little) * 0x10000 + view.getUint16(at + 2, little);
    if (tag !== ITEM) break;
    const length = view.getUint32(at + 4, little);
    const start = at + 8;
    const end = Math.min(start + length, bytes.length);
    if (table === null) {
      // The first item is the basic offset table, empty or not.
      table = Array.from({ length: Math.floor((end - start) / 4) }, (_, i) => view.getUint32(start + 4 * i, little));
      first = end;
    } else {
      fragments.push({ offset: at - first, bytes: bytes.subarray(start, end), whole: end === start + length });
    }
    at = start + length;
  }
  return { fragments, table: table ?? [] };
}

/** Which fragments make which frame: one each, by an offset table, or where a new stream begins. */
function groups(file: DicomFile, fragments: Fragment[], table: number[], count: number): Fragment[][] {
  if (count === 1) return [fragments];
  if (fragments.length === count) return fragments.map((fragment) => [fragment]);
  const extended = file.dataset.raw(EXTENDED_OFFSETS);
  const offsets = extended ? words64(extended) : table;
  if (offsets.length === count) {
    return offsets.map((offset, i) => {
      const next = offsets[i + 1] ?? Number.POSITIVE_INFINITY;
      return fragments.filter((fragment) => fragment.offset >= offset && fragment.offset < next);
    });
  }
  const frames: Fragment[][] = [];
  for (const fragment of fragments) {
    if (frames.length === 0 || beginsStream(fragment.bytes)) frames.push([]);
    (frames.at(-1) as Fragment[]).push(fragment);
  }
  return frames;
}

/** Start of a JPEG, JPEG-LS or JPEG 2000 stream, or of an RLE frame: its count of segments, the first behind 64 bytes. */
function beginsStream(bytes: Uint8Array): boolean {
  const [count = 0, ...zeros] = bytes.subarray(0, 4);
  if (count >= 1 && count <= 15 && zeros.every((byte) => byte === 0) && bytes[4] === 64 && bytes[5] === 0) {
    return bytes.length >= 64;
  }
  if (bytes[0] !== 0xff) return false;
  return (bytes[1] === 0xd8 && jpegHeader(bytes) !== null) || (bytes[1] === 0x4f && bytes[2] === 0xff);
}

function words64(raw: Uint8Array): number[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: Math.floor(raw.length / 8) }, (_, i) => Number(view.getBigUint64(8 * i, true)));
}

function joined(fragments: Fragment[]): { bytes: Uint8Array; whole: boolean } {
  const whole = fragments.length > 0 && fragments.every((fragment) => fragment.whole);
  if (fragments.length === 1) return { bytes: (fragments[0] as Fragment).bytes, whole };
  return {
    bytes: concat(
      Uint8Array,
      fragments.map((fragment) => fragment.bytes),
    ),
    whole,
  };
}
