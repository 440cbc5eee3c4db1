import { referenceRows } from "../source.ts";
import { code, type DicomItem, type DicomRow, decimalString, item } from "../write.ts";

/** How a content item belongs to the one above it (PS3.3 C.17.3.2.4). */
type Relationship = "CONTAINS" | "HAS OBS CONTEXT" | "HAS CONCEPT MOD";

/** Value, scheme and meaning of a concept. */
type Coded = Parameters<typeof code>;

/** A container's own rows and its content; `template` of PS3.16's DCMR, where it is made after one. */
export function containerRows(concept: Coded, content: readonly DicomItem[], template?: string): DicomRow[] {
  const made = template === undefined ? null : [item([0x00080105, "CS", "DCMR"], [0x0040db00, "CS", template])];
  return [
    [0x0040a040, "CS", "CONTAINER"],
    [0x0040a043, "SQ", [code(...concept)]],
    [0x0040a050, "CS", "SEPARATE"],
    [0x0040a504, "SQ", made],
    [0x0040a730, "SQ", content],
  ];
}

export function containerItem(concept: Coded, content: readonly DicomItem[], template?: string): DicomItem {
  return item([0x0040a010, "CS", "CONTAINS"], ...containerRows(concept, content, template));
}

export function textItem(relationship: Relationship, concept: Coded, text: string): DicomItem {
  return content(relationship, "TEXT", concept, [0x0040a160, "UT", text]);
}

export function codeItem(relationship: Relationship, concept: Coded, value: Coded): DicomItem {
  return content(relationship, "CODE", concept, [0x0040a168, "SQ", [code(...value)]]);
}

export function uidItem(relationship: Relationship, concept: Coded, uid: string): DicomItem {
  return content(relationship, "UIDREF", concept, [0x0040a124, "UI", uid]);
}

/** A measured number with its unit (PS3.3 C.18.1). */
export function numberItem(concept: Coded, value: number, unit: Coded): DicomItem {
  const measured = item([0x004008ea, "SQ", [code(...unit)]], [0x0040a30a, "DS", decimalString(value)]);
  return content("CONTAINS", "NUM", concept, [0x0040a300, "SQ", [measured]]);
}

/** One segment, from 1, of a segmentation (PS3.3 C.18.4). */
export function segmentReference(
  concept: Coded,
  seg: { readonly sopClassUid: string; readonly sopInstanceUid: string },
  segment: number,
): DicomItem {
  const referenced = item(...referenceRows(seg), [0x0062000b, "US", [segment]]);
  return content("CONTAINS", "IMAGE", concept, [0x00081199, "SQ", [referenced]]);
}

function content(relationship: Relationship, type: string, concept: Coded, value: DicomRow): DicomItem {
  return item(
    [0x0040a010, "CS", relationship],
    [0x0040a040, "CS", type],
    [0x0040a043, "SQ", [code(...concept)]],
    value,
  );
}
