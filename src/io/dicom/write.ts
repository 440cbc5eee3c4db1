import { concat } from "../bytes/concat.ts";

/** What one element holds: text (already joined with "\"), 16- or 32-bit integers, bytes, or items of a sequence. */
type DicomValue = string | readonly number[] | Uint8Array | readonly DicomItem[];

/** Elements by tag 0xGGGGEEEE; written in the order of their tags. */
export type DicomItem = ReadonlyMap<number, { readonly vr: string; readonly value: DicomValue }>;

const IMPLICIT_LITTLE = "1.2.840.10008.1.2";
const EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";

/** VRs whose length takes 32 bits in explicit syntaxes (PS3.5 §7.1.2). */
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/** An element to be: tag, VR, value; null: none. */
export type DicomRow = readonly [tag: number, vr: string, value: DicomValue | null];

/**
 * A data set out of [tag, VR, value] rows; rows with a null value are left out.
 * `item([0x00080060, "CS", "SEG"])`
 */
export function item(...rows: readonly DicomRow[]): DicomItem {
  const sorted = rows.filter(([, , value]) => value !== null).sort(([a], [b]) => a - b);
  return new Map(sorted.map(([tag, vr, value]) => [tag, { vr, value: value as DicomValue }]));
}

/**
 * A DICOM file (PS3.10): preamble, meta header, data set; little endian, sequences of known length. SOP class and instance
 * are taken from the data set.
 * @param syntax transfer syntax: explicit VR, but for implicit VR little endian, in which a text may be longer than 64 KiB
 */
export function writeDicomFile(
  dataset: DicomItem,
  implementation: { uid: string; version: string },
  syntax: string = EXPLICIT_LITTLE,
): Uint8Array {
  const uidOf = (tag: number) => dataset.get(tag)?.value as string;
  const explicit = syntax !== IMPLICIT_LITTLE;
  const meta = encode(
    item(
      [0x00020001, "OB", Uint8Array.of(0, 1)],
      [0x00020002, "UI", uidOf(0x00080016)],
      [0x00020003, "UI", uidOf(0x00080018)],
      [0x00020010, "UI", syntax],
      [0x00020012, "UI", implementation.uid],
      [0x00020013, "SH", implementation.version.slice(0, 16)],
    ),
    true,
  );
  const start = concat(Uint8Array, [new Uint8Array(128), bytesOf("DICM")]);
  const length = encode(item([0x00020000, "UL", [meta.length]]), true);
  return concat(Uint8Array, [start, length, meta, encode(dataset, explicit)]);
}

function encode(dataset: DicomItem, explicit: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [tag, { vr, value }] of [...dataset].sort(([a], [b]) => a - b)) {
    parts.push(...element(tag, vr, value, explicit));
  }
  return concat(Uint8Array, parts);
}

function element(tag: number, vr: string, value: DicomValue, explicit: boolean): Uint8Array[] {
  const body = bodyOf(vr, value, explicit);
  const head = new DataView(new ArrayBuffer(explicit && LONG.has(vr) ? 12 : 8));
  head.setUint16(0, tag >>> 16, true);
  head.setUint16(2, tag & 0xffff, true);
  if (!explicit) {
    head.setUint32(4, body.length, true);
    return [new Uint8Array(head.buffer), body];
  }
  head.setUint8(4, vr.charCodeAt(0));
  head.setUint8(5, vr.charCodeAt(1));
  if (LONG.has(vr)) head.setUint32(8, body.length, true);
  else if (body.length > 0xffff)
    throw new RangeError(`${tag.toString(16)} of ${body.length} bytes does not fit its VR ${vr}`);
  else head.setUint16(6, body.length, true);
  return [new Uint8Array(head.buffer), body];
}

function bodyOf(vr: string, value: DicomValue, explicit: boolean): Uint8Array {
  if (typeof value === "string") return padded(bytesOf(value), vr === "UI" ? 0 : 0x20);
  if (value instanceof Uint8Array) return padded(value, /^(OB|OW|UN|UI)$/.test(vr) ? 0 : 0x20);
  if (vr === "SQ")
    return concat(
      Uint8Array,
      (value as readonly DicomItem[]).flatMap((one) => itemBytes(one, explicit)),
    );
  const size = vr === "UL" ? 4 : 2;
  const view = new DataView(new ArrayBuffer(size * value.length));
  for (const [i, number] of (value as readonly number[]).entries()) {
    if (size === 4) view.setUint32(4 * i, number, true);
    else view.setUint16(2 * i, number, true);
  }
  return new Uint8Array(view.buffer);
}

function itemBytes(one: DicomItem, explicit: boolean): Uint8Array[] {
  const body = encode(one, explicit);
  const head = new DataView(new ArrayBuffer(8));
  head.setUint16(0, 0xfffe, true);
  head.setUint16(2, 0xe000, true);
  head.setUint32(4, body.length, true);
  return [new Uint8Array(head.buffer), body];
}

/** Values have an even length (PS3.5 §7.1.1). */
function padded(bytes: Uint8Array, filler: number): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : concat(Uint8Array, [bytes, Uint8Array.of(filler)]);
}

/** ASCII, since the character set is the source's: of our own texts letters lose their accents, other signs become "?". */
function bytesOf(text: string): Uint8Array {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "");
  return Uint8Array.from(plain, (letter) => (letter >= " " && letter <= "~" ? letter.charCodeAt(0) : 0x3f));
}

/** A decimal string: at most 16 characters, with as many digits as fit (PS3.5 §6.2). */
export function decimalString(value: number): string {
  for (let digits = 17; digits > 1; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  return value.toExponential(8);
}

/** A code sequence's one item: value, scheme, meaning. */
export function code(value: string, scheme: "SCT" | "DCM" | "UCUM" | "NCIt" | "RFC5646", meaning: string): DicomItem {
  return item([0x00080100, "SH", value], [0x00080102, "SH", scheme], [0x00080104, "LO", meaning]);
}
