import { decimalOf } from "../../bytes/decimal.ts";
import { charset } from "./charset.ts";

/** One data element as it lies in the bytes. */
export interface DicomElement {
  /** (group, element) as 0xGGGGEEEE. */
  readonly tag: number;
  /** Two letters, or "" where the syntax is implicit. */
  readonly vr: string;
  readonly offset: number;
  /** Bytes there are: less than declared where the file is cut short. */
  readonly length: number;
  readonly declared: number;
  /** Of a sequence or of encapsulated pixels: ends with a delimiter. */
  readonly undefinedLength: boolean;
  readonly items: readonly DicomDataset[] | null;
}

export interface DicomEncoding {
  readonly explicit: boolean;
  readonly bigEndian: boolean;
}

/** Reads an element's bytes as items where nothing in them said that it is a sequence. */
type ReadItems = (dataset: Pick<DicomDataset, "bytes" | "encoding">, element: DicomElement) => readonly DicomDataset[];

/**
 * A DICOM data set (PS3.5 §7): elements by tag, values read when asked for. Written here and not taken from a library
 * because hostile files need a bound on depth and count, and cut files need what comes before the cut.
 */
export class DicomDataset {
  readonly bytes: Uint8Array;
  readonly encoding: DicomEncoding;
  readonly elements: ReadonlyMap<number, DicomElement>;
  /** Tags that occur twice with two values, here or in a sequence (against PS3.5 §7.1): the last one counts. */
  readonly repeated: ReadonlySet<number>;
  private readonly view: DataView;
  private readonly readItems: ReadItems;
  private readonly lazyItems = new Map<number, readonly DicomDataset[]>();

  constructor(
    bytes: Uint8Array,
    encoding: DicomEncoding,
    elements: ReadonlyMap<number, DicomElement>,
    repeated: ReadonlySet<number>,
    readItems: ReadItems,
  ) {
    this.bytes = bytes;
    this.encoding = encoding;
    this.elements = elements;
    this.repeated = repeated;
    this.readItems = readItems;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  has(tag: number): boolean {
    return (this.elements.get(tag)?.length ?? 0) > 0;
  }

  /** The raw value bytes; null where the element is missing or empty. */
  raw(tag: number): Uint8Array | null {
    const element = this.elements.get(tag);
    return element && element.length > 0 ? this.bytes.subarray(element.offset, element.offset + element.length) : null;
  }

  /** Text values, split at backslashes, without padding. */
  texts(tag: number): string[] {
    const raw = this.raw(tag);
    if (!raw) return [];
    const label = charset(tag === 0x00080005 ? "" : (this.texts(0x00080005).at(-1) ?? ""));
    return new TextDecoder(label)
      .decode(raw)
      .split("\\")
      .map((text) => text.replace(/[\0 ]+$/, "").trimStart());
  }

  text(tag: number): string | null {
    return this.texts(tag)[0] || null;
  }

  /** DS, IS, FL or FD values; NaN where one is no number. */
  decimals(tag: number): number[] {
    const element = this.elements.get(tag);
    if (!element || element.length === 0) return [];
    const little = !this.encoding.bigEndian;
    if (element.vr === "FD") return this.each(element, 8, (at) => this.view.getFloat64(at, little));
    if (element.vr === "FL") return this.each(element, 4, (at) => this.view.getFloat32(at, little));
    return this.texts(tag).map(decimalOf);
  }

  decimal(tag: number): number | null {
    const value = this.decimals(tag)[0];
    return value === undefined || Number.isNaN(value) ? null : value;
  }

  /** US (or SS) values of 16 bits; also UL of 32 where the VR says so. */
  integers(tag: number, signed = false): number[] {
    const element = this.elements.get(tag);
    if (!element) return [];
    const little = !this.encoding.bigEndian;
    if (element.vr === "UL") return this.each(element, 4, (at) => this.view.getUint32(at, little));
    if (element.vr === "SL") return this.each(element, 4, (at) => this.view.getInt32(at, little));
    if (element.vr === "IS" || element.vr === "DS") return this.decimals(tag);
    return this.each(element, 2, (at) => (signed ? this.view.getInt16(at, little) : this.view.getUint16(at, little)));
  }

  integer(tag: number, signed = false): number | null {
    return this.integers(tag, signed)[0] ?? null;
  }

  /** UL values of 32 bits, whatever the VR (implicit syntaxes name none). */
  longs(tag: number): number[] {
    const element = this.elements.get(tag);
    return element ? this.each(element, 4, (at) => this.view.getUint32(at, !this.encoding.bigEndian)) : [];
  }

  /** Items of a sequence; none where it is missing. */
  items(tag: number): readonly DicomDataset[] {
    const element = this.elements.get(tag);
    if (!element) return [];
    const known = element.items ?? this.lazyItems.get(tag);
    if (known) return known;
    const items = this.readItems(this, element);
    this.lazyItems.set(tag, items);
    return items;
  }

  private each(element: DicomElement, size: number, read: (at: number) => number): number[] {
    const count = Math.floor(element.length / size);
    return Array.from({ length: count }, (_, i) => read(element.offset + i * size));
  }
}

/** 0x00280010 → "(0028,0010)". */
export function hex(tag: number): string {
  const digits = tag.toString(16).padStart(8, "0");
  return `(${digits.slice(0, 4)},${digits.slice(4)})`;
}
