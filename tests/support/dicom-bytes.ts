import { deflateRawSync } from "node:zlib";

/** One element to be written: tag, VR, value. A number array is written in the VR's binary form, items as a sequence. */
export type Written = readonly [tag: number, vr: string, value: string | readonly number[] | Uint8Array | Items];
export interface Items {
  readonly items: readonly (readonly Written[])[];
  /** With delimiters in place of lengths. */
  readonly undefinedLength?: boolean;
}

export interface Coding {
  readonly explicit?: boolean;
  readonly bigEndian?: boolean;
}

const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const SIZE: Readonly<Record<string, number>> = {
  US: 2,
  SS: 2,
  OW: 2,
  UL: 4,
  SL: 4,
  FL: 4,
  FD: 8,
  OF: 4,
  OD: 8,
  OB: 1,
  UN: 1,
  AT: 2,
  OV: 8,
};

/** Elements in the order given, without preamble. */
export function datasetBytes(elements: readonly Written[], coding: Coding = {}): Uint8Array {
  return Buffer.concat(elements.map((element) => elementBytes(element, coding)));
}

function elementBytes([tag, vr, value]: Written, coding: Coding): Buffer {
  const body = bodyOf(vr, value, coding);
  const open = typeof value === "object" && "items" in value && value.undefinedLength === true;
  return Buffer.concat([headerBytes(tag, vr, open ? 0xffffffff : body.length, coding), body]);
}

/** Tag, VR and length, as the pixel data of a file that is cut short needs them. */
export function headerBytes(
  tag: number,
  vr: string,
  length: number,
  { explicit = true, bigEndian = false }: Coding,
): Buffer {
  const long = explicit && LONG.has(vr);
  const header = Buffer.alloc(long ? 12 : 8);
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  view.setUint16(0, tag >>> 16, !bigEndian);
  view.setUint16(2, tag & 0xffff, !bigEndian);
  if (explicit) header.write(vr, 4, "latin1");
  if (!explicit) view.setUint32(4, length, !bigEndian);
  else if (long) view.setUint32(8, length, !bigEndian);
  else view.setUint16(6, length, !bigEndian);
  return header;
}

function bodyOf(vr: string, value: Written[2], coding: Coding): Buffer {
  if (typeof value === "string") {
    const text = Buffer.from(value, "utf8");
    return text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(vr === "UI" ? "\0" : " ")]);
  }
  if (value instanceof Uint8Array) return Buffer.from(value.length % 2 === 0 ? value : [...value, 0]);
  if ("items" in value) return itemsOf(value, coding);
  const size = SIZE[vr] ?? 1;
  const body = Buffer.alloc(size * value.length + ((size * value.length) % 2));
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const little = !coding.bigEndian;
  value.forEach((number, i) => {
    if (vr === "SS") view.setInt16(2 * i, number, little);
    else if (vr === "FD" || vr === "OD") view.setFloat64(8 * i, number, little);
    else if (vr === "FL" || vr === "OF") view.setFloat32(4 * i, number, little);
    else if (vr === "SL") view.setInt32(4 * i, number, little);
    else if (vr === "OV") view.setBigUint64(8 * i, BigInt(number), little);
    else if (size === 4) view.setUint32(4 * i, number, little);
    else if (size === 2) view.setUint16(2 * i, number & 0xffff, little);
    else view.setUint8(i, number & 0xff);
  });
  return body;
}

function itemsOf({ items, undefinedLength }: Items, coding: Coding): Buffer {
  const tagOnly = { ...coding, explicit: false };
  const parts = items.flatMap((item) => {
    const body = Buffer.from(datasetBytes(item, coding));
    if (!undefinedLength) return [headerBytes(0xfffee000, "", body.length, tagOnly), body];
    return [headerBytes(0xfffee000, "", 0xffffffff, tagOnly), body, headerBytes(0xfffee00d, "", 0, tagOnly)];
  });
  return Buffer.concat(undefinedLength ? [...parts, headerBytes(0xfffee0dd, "", 0, tagOnly)] : parts);
}

/** Preamble, meta header and data set. */
export function dicomBytes(syntax: string, elements: readonly Written[]): Uint8Array {
  const coding = { explicit: syntax !== "1.2.840.10008.1.2", bigEndian: syntax === "1.2.840.10008.1.2.2" };
  const body = datasetBytes(elements, coding);
  const packed = syntax === "1.2.840.10008.1.2.1.99" ? deflateRawSync(body) : body;
  return Buffer.concat([metaBytes(syntax), packed]);
}

export function metaBytes(syntax: string): Buffer {
  const meta = datasetBytes([[0x00020010, "UI", syntax]]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from("DICM"),
    datasetBytes([[0x00020000, "UL", [meta.length]]]),
    meta,
  ]);
}

/** A 3 × 2 CT picture of 16 signed bits: −1024 in HU is stored 0, and so on. Elements given replace those of the same tag. */
export function tinyCt(
  pixels: Written = [0x7fe00010, "OW", [0, 24, 1024, 1064, 2024, 4095]],
  ...more: Written[]
): Written[] {
  const base: Written[] = [
    [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"],
    [0x00080018, "UI", "1.2.3.4"],
    [0x00080060, "CS", "CT"],
    [0x0020000e, "UI", "1.2.3"],
    [0x00200032, "DS", "-10\\20.5\\-75.7"],
    [0x00200037, "DS", "1\\0\\0\\0\\1\\0"],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280010, "US", [2]],
    [0x00280011, "US", [3]],
    [0x00280030, "DS", "0.7\\0.6"],
    [0x00280100, "US", [16]],
    [0x00280101, "US", [16]],
    [0x00280102, "US", [15]],
    [0x00280103, "US", [1]],
    [0x00281052, "DS", "-1024"],
    [0x00281053, "DS", "1"],
  ];
  const replaced = new Set(more.map(([tag]) => tag));
  return [...base.filter(([tag]) => !replaced.has(tag)), ...more, pixels].sort((a, b) => a[0] - b[0]);
}
