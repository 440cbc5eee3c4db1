import { GraderspaceError } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import { LIMITS } from "../../bytes/limits.ts";
import { lettersAt } from "../signature.ts";
import { DicomDataset, type DicomElement, type DicomEncoding, hex } from "./dataset.ts";

const PIXEL_DATA = 0x7fe00010;
const ITEM = 0xfffee000;
const ITEM_END = 0xfffee00d;
const SEQUENCE_END = 0xfffee0dd;
const UNDEFINED = 0xffffffff;
const LONG_VRS = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const IMPLICIT: DicomEncoding = { explicit: false, bigEndian: false };

/**
 * Reads elements from `start`, and stops behind the header of the pixel data. What is cut short ends the data set
 * without an error: the pixel data will then be missing, which has its own sentence.
 * @throws GraderspaceError DamagedFile where nesting or number of elements pass the limits
 */
export function readDataset(bytes: Uint8Array, start: number, encoding: DicomEncoding, file: string): DicomDataset {
  const walker = new Walker(bytes, encoding, bytes.length);
  try {
    return walker.dataset(start, bytes.length, 0).dataset;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraderspaceError("DamagedFile", { file, problem: error.message, remedy: say`export it again` });
  }
}

/**
 * File meta information: group 2, in explicit little endian, though some writers have it implicit. Stops at the first
 * other group.
 */
export function readMeta(bytes: Uint8Array, start: number): { meta: DicomDataset; end: number } {
  const encoding = { explicit: lettersAt(bytes, start + 4), bigEndian: false };
  const walker = new Walker(bytes, encoding, bytes.length);
  const { dataset, end } = walker.dataset(start, bytes.length, 0, (tag) => tag >>> 16 === 2);
  return { meta: dataset, end };
}

/** Implicit syntaxes do not say that this is a sequence, and UN of a known length holds one as implicit. */
function lateItems(
  { bytes, encoding }: Pick<DicomDataset, "bytes" | "encoding">,
  { vr, offset, length }: DicomElement,
): readonly DicomDataset[] {
  try {
    const walker = new Walker(bytes, vr === "UN" ? IMPLICIT : encoding, offset + length);
    return walker.sequence(offset, offset + length, 1).items;
  } catch {
    return [];
  }
}

class Walker {
  private readonly bytes: Uint8Array;
  private readonly encoding: DicomEncoding;
  private readonly view: DataView;
  private readonly end: number;
  private readonly seen: { count: number; readonly repeated: Set<number> };

  constructor(
    bytes: Uint8Array,
    encoding: DicomEncoding,
    end: number,
    seen = { count: 0, repeated: new Set<number>() },
  ) {
    this.bytes = bytes;
    this.encoding = encoding;
    this.end = end;
    this.seen = seen;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Elements up to `limit`, or to the delimiter of an item of undefined length. */
  dataset(start: number, limit: number, depth: number, accepts: (tag: number) => boolean = () => true) {
    if (depth > LIMITS.dicomDepth) throw new RangeError(`its sequences are nested over ${LIMITS.dicomDepth} deep`);
    const elements = new Map<number, DicomElement>();
    const dataset = new DicomDataset(this.bytes, this.encoding, elements, this.seen.repeated, lateItems);
    let at = start;
    while (at + 8 <= limit) {
      const tag = this.tag(at);
      if (tag === ITEM_END || tag === SEQUENCE_END) return { dataset, end: at + 8 };
      if (!accepts(tag)) break;
      this.countOne();
      const { element, next } = this.element(tag, at, limit, depth);
      const before = elements.get(tag);
      if (before && !this.sameValue(before, element)) this.seen.repeated.add(tag);
      elements.set(tag, element);
      if (depth === 0 && tag === PIXEL_DATA) return { dataset, end: element.offset };
      at = next;
    }
    return { dataset, end: at };
  }

  private element(tag: number, at: number, limit: number, depth: number): { element: DicomElement; next: number } {
    const little = !this.encoding.bigEndian;
    let vr = "";
    let declared: number;
    let offset = at + 8;
    if (this.encoding.explicit) {
      vr = String.fromCharCode(this.bytes[at + 4] as number, this.bytes[at + 5] as number);
      if (!/^[\0 -~]{2}$/.test(vr)) throw new RangeError(`its element ${hex(tag)} at byte ${at} is of no known kind`);
      // Blank, or none of the standard's: read on as a short one of unknown kind.
      if (!/^[A-Z]{2}$/.test(vr)) vr = "";
      const long = LONG_VRS.has(vr);
      if (long && at + 12 > limit) return cut(tag, vr, limit);
      declared = long ? this.view.getUint32(at + 8, little) : this.view.getUint16(at + 6, little);
      if (long) offset = at + 12;
    } else {
      declared = this.view.getUint32(at + 4, little);
    }
    const undefinedLength = declared === UNDEFINED;
    const length = undefinedLength ? 0 : Math.min(declared, limit - offset);
    if (tag === PIXEL_DATA && depth === 0) {
      const there = undefinedLength ? this.end - offset : length;
      return { element: { tag, vr, offset, length: there, declared, undefinedLength, items: null }, next: this.end };
    }
    if (undefinedLength && (vr === "OB" || vr === "OW")) {
      const next = this.afterFragments(offset, limit);
      return { element: { tag, vr, offset, length: next - offset, declared, undefinedLength, items: null }, next };
    }
    if (undefinedLength || vr === "SQ") {
      const walker =
        vr === "UN" && this.encoding.explicit ? new Walker(this.bytes, IMPLICIT, this.end, this.seen) : this;
      const { items, end } = walker.sequence(offset, undefinedLength ? limit : offset + length, depth + 1);
      const next = undefinedLength ? end : offset + length;
      return {
        element: { tag, vr, offset, length: next - offset, declared, undefinedLength, items },
        next,
      };
    }
    return {
      element: { tag, vr, offset, length, declared, undefinedLength, items: null },
      next: offset + declared > limit ? limit : offset + length,
    };
  }

  sequence(start: number, limit: number, depth: number): { items: DicomDataset[]; end: number } {
    const items: DicomDataset[] = [];
    let at = start;
    while (at + 8 <= limit) {
      const tag = this.tag(at);
      const length = this.view.getUint32(at + 4, !this.encoding.bigEndian);
      if (tag === SEQUENCE_END) return { items, end: at + 8 };
      if (tag !== ITEM) throw new RangeError(`a sequence at byte ${at} holds ${hex(tag)} where an item should be`);
      this.countOne();
      const itemEnd = length === UNDEFINED ? limit : Math.min(limit, at + 8 + length);
      const { dataset, end } = this.dataset(at + 8, itemEnd, depth);
      items.push(dataset);
      at = length === UNDEFINED ? end : itemEnd;
    }
    return { items, end: limit };
  }

  /** Behind the fragments of encapsulated pixels inside a sequence (an icon). */
  private afterFragments(start: number, limit: number): number {
    let at = start;
    while (at + 8 <= limit) {
      const tag = this.tag(at);
      at += 8;
      if (tag === SEQUENCE_END) return at;
      at += this.view.getUint32(at - 4, !this.encoding.bigEndian);
    }
    return limit;
  }

  private sameValue(a: DicomElement, b: DicomElement): boolean {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (this.bytes[a.offset + i] !== this.bytes[b.offset + i]) return false;
    return true;
  }

  private countOne(): void {
    if (++this.seen.count > LIMITS.dicomElements) throw new RangeError(`it has over ${LIMITS.dicomElements} elements`);
  }

  private tag(at: number): number {
    const little = !this.encoding.bigEndian;
    return this.view.getUint16(at, little) * 0x10000 + this.view.getUint16(at + 2, little);
  }
}

function cut(tag: number, vr: string, limit: number): { element: DicomElement; next: number } {
  return {
    element: { tag, vr, offset: limit, length: 0, declared: 0, undefinedLength: false, items: null },
    next: limit,
  };
}
