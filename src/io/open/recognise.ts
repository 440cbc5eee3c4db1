import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import { leadingText, startsWith } from "../bytes/letters.ts";
import { headOf, type SourceFile } from "../bytes/source-file.ts";
import { type Content, type Format, HEAD_BYTES } from "./format.ts";
import { FORMATS } from "./registry.ts";

/** What a file is, told from its first bytes; null: nothing that is read. */
export function formatOf(head: Uint8Array): Format | null {
  return FORMATS.find(({ recognise }) => recognise(head)) ?? null;
}

/** @throws UnknownFormat, and what the format's `open` throws */
export async function openContent(file: SourceFile): Promise<Content> {
  const head = await headOf(file, HEAD_BYTES);
  if (head.length === 0) throw emptyFile(file.name);
  const format = formatOf(head);
  // What stands in the preamble of DICOM is no matter (PS3.10 §7.1).
  if (format?.kind !== "dicom" && isWebPage(head)) throw webPage(file.name);
  if (!format) throw unknownFormat(file.name, head);
  return format.open(file);
}

function emptyFile(file: string): GraderspaceError {
  const remedy = say`download or copy it again`;
  return new GraderspaceError("NotAnImage", { file, problem: say`it is empty: 0 bytes`, remedy });
}

function isWebPage(head: Uint8Array): boolean {
  return /^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(!doctype\s+html|html|head|body)\b/i.test(leadingText(head));
}

/** What a server sends in place of a file when a login is wanted or the file is gone. */
function webPage(file: string): GraderspaceError {
  return new GraderspaceError("NotAnImage", {
    file,
    problem: say`it is a web page (HTML), not the file that its name promises`,
    remedy: say`download it again; the server may ask for a login first`,
  });
}

export function unknownFormat(file: string, head?: Uint8Array): GraderspaceError {
  if (head && isSafetensors(head)) {
    return new GraderspaceError("UnknownFormat", {
      file,
      problem: say`it holds the weights of a model, and its config.json is not with it`,
      remedy: say`drop config.json and the weights together`,
    });
  }
  return new GraderspaceError("UnknownFormat", {
    file,
    problem: say`its contents are of no format that is read`,
    remedy: say`open ${FORMATS.flatMap(({ title }) => title ?? []).join(", ")}, DICOM SEG, a case pack or session.json`,
  });
}

/** The 64-bit length of a header in JSON, which follows at once. */
function isSafetensors(head: Uint8Array): boolean {
  return startsWith(head, "\0\0\0\0{", 4);
}
