declare const opening: unique symbol;
/**
 * Which opening of which case: given once, by the library, and never made of what the case holds. Two files with the
 * same numbers are two cases, and so are two openings of one file.
 */
export type CaseId = string & { readonly [opening]: true };

declare const place: unique symbol;
/** One frame of one opened case (`frameKeyOf`): what is kept under it can be read for no other case. */
export type FrameKey = string & { readonly [place]: true };

/** The one way to name a frame: by the opening of its case, and its place there, from 0. */
export function frameKeyOf(caseId: CaseId, index: number): FrameKey {
  return `${caseId}#${index}` as FrameKey;
}

/** Which frame of a case a key names, from 0; null where it is of another case. */
export function frameOfKey(key: FrameKey, caseId: CaseId): number | null {
  return key.startsWith(`${caseId}#`) ? Number(key.slice(caseId.length + 1)) : null;
}
