import { say, type Text } from "../../core/language/say.ts";
import type { Archive } from "./archive.ts";
import { JsonDataset } from "./dicom-json.ts";
import { relatedParts } from "./multipart.ts";
import type { Asked } from "./transport.ts";

/** What an archive answered to objects that were sent to it. */
export interface StoreAnswer {
  readonly stored: readonly string[];
  /** SOP Instance UID and reason, in words. */
  readonly refused: readonly { readonly sop: string; readonly why: Text }[];
}

/** Failure reasons of STOW-RS (PS3.18 table 10.5.3-1, PS3.4 annex B.2.3) and Storage. */
const REASONS: readonly (readonly [low: number, high: number, words: string])[] = [
  [0x0110, 0x0110, "it failed while storing it"],
  [0x0117, 0x0117, "the object's UID is not valid"],
  [0x0122, 0x0122, "it does not take objects of this kind"],
  [0x0124, 0x0124, "this login may not store"],
  [0xa700, 0xa7ff, "it has no room left"],
  [0xa770, 0xa770, "the object does not belong to the study"],
  [0xa900, 0xa9ff, "the object does not agree with its kind"],
  [0xc000, 0xcfff, "it does not understand the object"],
];

/**
 * STOW-RS: sends DICOM files into a study. Asked again after a cut: the objects keep their UIDs, so that what is stored
 * twice is there once.
 * @throws ArchiveAnswer where it refuses all without a list; as `ArchiveWire.ask`
 */
export async function storeInArchive(
  archive: Archive,
  study: string,
  files: readonly Uint8Array[],
  asked?: Asked,
): Promise<StoreAnswer> {
  const what = "what was sent to it";
  const { status, bytes } = await archive.wire.ask(
    {
      path: `/studies/${study}`,
      accept: "application/dicom+json",
      what,
      body: relatedParts(files, "application/dicom"),
      also: [409],
    },
    asked,
  );
  const json = new JsonDataset(parsed(bytes));
  const uids = (tag: number) => json.items(tag).flatMap((one) => one.text(0x00081155) ?? []);
  const refused = json.items(0x00081198).map((one) => ({
    sop: one.text(0x00081155) ?? "",
    why: reasonOf(one.number(0x00081197)),
  }));
  if (status === 409 && refused.length === 0) throw archive.wire.refused(status, what);
  return { stored: uids(0x00081199), refused };
}

function reasonOf(code: number | null): Text {
  if (code === null) return say`it gives no reason`;
  const known = REASONS.filter(([low, high]) => code >= low && code <= high).at(-1);
  return say`${known ? known[2] : say`its reason is not one of the standard's`} (${code.toString(16).toUpperCase().padStart(4, "0")})`;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(json) ? json[0] : json;
  } catch {
    return null;
  }
}
