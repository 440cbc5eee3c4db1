import { inflateHead } from "../bytes/inflate.ts";
import { hasPreamble, looksLikeBareDicom } from "../dicom/file.ts";
import { isNpy } from "../numpy/npy.ts";
import { isPng } from "../raster/png.ts";

export type Kind =
  | "dicom"
  | "png"
  | "jpeg"
  | "npy"
  | "zip"
  | "nifti"
  | "nifti-gz"
  | "nrrd"
  | "xml"
  | "json"
  | "safetensors"
  | "gzip";

/** How many bytes `sniff` wants to see. */
export const SNIFF_BYTES = 4096;

/** What a file is, told from its first bytes alone: names lie, and scanners give none. Null: none that is known. */
export function sniff(head: Uint8Array): Kind | null {
  if (hasPreamble(head)) return "dicom";
  if (isPng(head)) return "png";
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "jpeg";
  if (isNpy(head)) return "npy";
  if (startsWith(head, "PK\x03\x04") || startsWith(head, "PK\x05\x06")) return "zip";
  if (startsWith(head, "NRRD000")) return "nrrd";
  if (isNifti(head)) return "nifti";
  if (head[0] === 0x1f && head[1] === 0x8b) return isNifti(inflateHead(head, "gzip", 352)) ? "nifti-gz" : "gzip";
  if (isSafetensors(head)) return "safetensors";
  const text = new TextDecoder(utf16(head) ?? "utf-8")
    .decode(head.subarray(0, 512))
    .replace(/^\ufeff/, "")
    .trimStart();
  if (text.startsWith("<")) return "xml";
  if (text.startsWith("{")) return "json";
  return looksLikeBareDicom(head) ? "dicom" : null;
}

/** The size of the header, 348 or 540, in either byte order, and the magic word. */
export function isNifti(head: Uint8Array): boolean {
  if (head.length < 348) return false;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const size = [view.getInt32(0, true), view.getInt32(0, false)];
  if (size.includes(348)) return startsWith(head.subarray(344), "n+1") || startsWith(head.subarray(344), "ni1");
  return size.includes(540) && (startsWith(head.subarray(4), "n+2") || startsWith(head.subarray(4), "ni2"));
}

function isSafetensors(head: Uint8Array): boolean {
  // 64-bit length of a JSON header that follows at once.
  return head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0 && head[8] === 0x7b && head[2] !== undefined;
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
  return true;
}

function utf16(head: Uint8Array): string | null {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : null;
}
