import { type DicomItem, type DicomRow, decimalString, item } from "../dicom/write.ts";
import type { JsonDataset, JsonElement } from "./dicom-json.ts";

/** VRs whose length takes 16 bits in explicit syntaxes: a longer value is left out. */
const SHORT = /^(AE|AS|CS|DA|DS|DT|IS|LO|LT|PN|SH|ST|TM|UI)$/;
const MOST_OF_SHORT = 0xfffe;
const CHARACTER_SET = 0x00080005;
const UTF_8 = "ISO_IR 192";

/** Bytes that an element refers to and that were fetched, by their address. */
export type BulkBytes = ReadonlyMap<string, Uint8Array>;

/**
 * A data set of the DICOM JSON model (PS3.18 F.2) as it is written into a file, in UTF-8. Left out: private elements, the
 * meta header, pixels, and bulk data that is not in `bulk`.
 */
export function itemOfJson(json: JsonDataset, bulk: BulkBytes): DicomItem {
  return item([CHARACTER_SET, "CS", UTF_8], ...rowsOf(json, bulk));
}

function rowsOf(json: JsonDataset, bulk: BulkBytes): DicomRow[] {
  return [...json.all()].flatMap(([tag, element]): DicomRow[] => {
    const group = tag >>> 16;
    if (group % 2 === 1 || group <= 2 || group >= 0x7fe0 || tag === CHARACTER_SET) return [];
    if (element.vr === "SQ") {
      return [[tag, "SQ", json.items(tag).map((one) => item(...rowsOf(one, bulk)))]];
    }
    const bytes = bytesOf(tag, element, json, bulk);
    const fits = bytes && (bytes.length <= MOST_OF_SHORT || !SHORT.test(element.vr));
    return fits ? [[tag, element.vr, bytes]] : [];
  });
}

function bytesOf(tag: number, { vr, values, inline, uri }: JsonElement, json: JsonDataset, bulk: BulkBytes) {
  if (uri !== null) return bulk.get(uri) ?? null;
  if (inline !== null) return decoded(inline);
  if (NUMBERS[vr]) return numbers(vr, json.numbers(tag));
  if (vr === "AT") return numbers("US", json.texts(tag).flatMap(tagParts));
  if (vr === "PN") return utf8(values.map(wholeName).join("\\"));
  if (vr === "DS") return utf8(json.numbers(tag).map(decimalString).join("\\"));
  return utf8(json.texts(tag).join("\\"));
}

/** Bytes and writer of a VR of numbers. */
const NUMBERS: Readonly<
  Record<string, readonly [size: number, set: "setUint16" | "setUint32" | "setFloat32" | "setFloat64"]>
> = {
  US: [2, "setUint16"],
  SS: [2, "setUint16"],
  OW: [2, "setUint16"],
  UL: [4, "setUint32"],
  SL: [4, "setUint32"],
  FL: [4, "setFloat32"],
  FD: [8, "setFloat64"],
};

function numbers(vr: string, values: readonly number[]): Uint8Array {
  const [size, set] = NUMBERS[vr] as (typeof NUMBERS)[string];
  const view = new DataView(new ArrayBuffer(size * values.length));
  for (const [i, value] of values.entries()) view[set](size * i, value, true);
  return new Uint8Array(view.buffer);
}

/** "00280010" → group, element. */
function tagParts(text: string): number[] {
  return [Number.parseInt(text.slice(0, 4), 16), Number.parseInt(text.slice(4, 8), 16)];
}

/** All groups of letters, with "=" between them. */
function wholeName(value: unknown): string {
  const name = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const groups = ["Alphabetic", "Ideographic", "Phonetic"].map((group) => name[group]);
  return groups
    .map((letters) => (typeof letters === "string" ? letters : ""))
    .join("=")
    .replace(/=+$/, "");
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decoded(base64: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return null; // no base64
  }
}
