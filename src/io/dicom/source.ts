import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { DicomTags } from "../stack/stack.ts";
import { type DicomItem, type DicomRow, item } from "./write.ts";

/** What a DICOM object made from a slice takes over from the slice's own file. */
export interface DicomSource {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
  /** Null where the file has none (older objects). */
  readonly frameOfReferenceUid: string | null;
  /** From 0; null in a file that holds one picture. */
  readonly frame: number | null;
  /** Patient and study as they stand in the file, in its character set. */
  readonly copied: ReadonlyMap<number, { readonly vr: string; readonly value: Uint8Array }>;
  /** YYYYMMDD and HHMMSS of the picture, else of its study; null where neither is known. */
  readonly date: string | null;
  readonly time: string | null;
}

/** Patient and General Study (PS3.3 C.7.1.1, C.7.2.1), the character set they are in, and what lossy coding left. */
const COPIED: readonly (readonly [number, string])[] = [
  [0x00080005, "CS"],
  [0x00080020, "DA"],
  [0x00080030, "TM"],
  [0x00080050, "SH"],
  [0x00080090, "PN"],
  [0x00081030, "LO"],
  [0x00100010, "PN"],
  [0x00100020, "LO"],
  [0x00100021, "LO"],
  [0x00100030, "DA"],
  [0x00100040, "CS"],
  [0x00120062, "CS"],
  [0x00120063, "LO"],
  [0x00200010, "SH"],
  [0x00282110, "CS"],
  [0x00282112, "DS"],
  [0x00282114, "CS"],
];

/** Type 2 elements of Patient and Study: they stand in every object, empty where the source has nothing in them. */
const MANDATORY: readonly (readonly [number, string])[] = [
  [0x00080020, "DA"],
  [0x00080030, "TM"],
  [0x00080050, "SH"],
  [0x00080090, "PN"],
  [0x00100010, "PN"],
  [0x00100020, "LO"],
  [0x00100030, "DA"],
  [0x00100040, "CS"],
  [0x00200010, "SH"],
];

/** Patient and Study of an object made from a picture, as rows for `item`. */
export function studyRows({ copied, studyInstanceUid }: DicomSource): DicomRow[] {
  const missing = MANDATORY.filter(([tag]) => !copied.has(tag)).map(([tag, vr]): DicomRow => [tag, vr, ""]);
  return [[0x0020000d, "UI", studyInstanceUid], ...missing, ...copiedRows(copied, (tag) => tag < PICTURE)];
}

/** What lossy coding left of the picture; "00" where it says nothing of it. */
export function lossyRows({ copied }: DicomSource): DicomRow[] {
  return [[LOSSY, "CS", "00"], ...copiedRows(copied, (tag) => tag >= PICTURE)];
}

/** Tags from here on are of the picture, not of patient and study. */
const PICTURE = 0x00280000;
const LOSSY = 0x00282110;

function copiedRows(copied: DicomSource["copied"], takes: (tag: number) => boolean): DicomRow[] {
  return [...copied].filter(([tag]) => takes(tag)).map(([tag, { vr, value }]) => [tag, vr, value]);
}

/** YYYYMMDD and HHMMSS of an object made from a picture: when it was made (ISO 8601), else the picture's own. */
export function contentDate({ date, time }: DicomSource, created: string | null): readonly [string, string] {
  const said = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(created ?? "");
  if (said) return [said.slice(1, 4).join(""), said.slice(4, 7).join("")];
  return [date ?? "19700101", time ?? "000000"];
}

/** What a reference to another object needs. */
type Referable = Pick<DicomSource, "sopClassUid" | "sopInstanceUid" | "seriesInstanceUid">;

/** SOP Class and Instance UID (PS3.3 table 10-11), as rows for `item`. */
export function referenceRows({ sopClassUid, sopInstanceUid }: Omit<Referable, "seriesInstanceUid">): DicomRow[] {
  return [
    [0x00081150, "UI", sopClassUid],
    [0x00081155, "UI", sopInstanceUid],
  ];
}

/**
 * Each object once, by its series: items of Referenced Series Sequence (0008,1115). The objects of a series stand under
 * `under`: (0008,114A) of an image (PS3.3 table 10-4), (0008,1199) of a report (table C.17-3).
 */
export function referencedSeries(objects: readonly Referable[], under: 0x0008114a | 0x00081199): DicomItem[] {
  const series = new Map<string, Map<string, DicomItem>>();
  for (const object of objects) {
    const instances = series.get(object.seriesInstanceUid) ?? new Map<string, DicomItem>();
    instances.set(object.sopInstanceUid, item(...referenceRows(object)));
    series.set(object.seriesInstanceUid, instances);
  }
  return [...series].map(([uid, instances]) => item([under, "SQ", [...instances.values()]], [0x0020000e, "UI", uid]));
}

/** Multi-frame classes: only in these may a reference name its frame, and there it must, also where there is one only. */
const MULTI_FRAME = new Set(
  ["2.1", "2.2", "4.1", "4.4", "6.2", "7.1", "7.2", "7.3", "7.4", "12.1.1", "13.1.1", "128.1", "130"].map(
    (suffix) => `1.2.840.10008.5.1.4.1.1.${suffix}`,
  ),
);

/**
 * @param frames number of pictures in the file
 * @throws CannotExport where the file does not say which picture it is
 */
export function dicomSourceOf(dataset: DicomTags, frame: number, frames: number, file: string): DicomSource {
  const uid = (tag: number, what: string): string => {
    const value = dataset.text(tag);
    if (value !== null && /^[0-9.]{1,64}$/.test(value)) return value;
    throw new GraderspaceError("CannotExport", {
      file,
      problem: say`it has no ${what}, so a DICOM segmentation of it could not be found again`,
      remedy: say`export NIfTI, NRRD or PNG instead`,
    });
  };
  const copied = new Map<number, { vr: string; value: Uint8Array }>();
  for (const [tag, vr] of COPIED) {
    const value = dataset.raw(tag);
    if (value && value.length <= 1024) copied.set(tag, { vr, value });
  }
  const frameOfReference = dataset.text(0x00200052);
  const first = (tags: readonly number[], shape: RegExp): string | null =>
    tags.map((tag) => shape.exec(dataset.text(tag) ?? "")?.[0] ?? null).find((value) => value !== null) ?? null;
  const sopClassUid = uid(0x00080016, "SOP Class UID");
  return {
    sopClassUid,
    sopInstanceUid: uid(0x00080018, "SOP Instance UID"),
    seriesInstanceUid: uid(0x0020000e, "Series Instance UID"),
    studyInstanceUid: uid(0x0020000d, "Study Instance UID"),
    frameOfReferenceUid: frameOfReference !== null && /^[0-9.]{1,64}$/.test(frameOfReference) ? frameOfReference : null,
    frame: frames > 1 || MULTI_FRAME.has(sopClassUid) ? frame : null,
    copied,
    date: first([0x00080023, 0x00080022, 0x00080021, 0x00080020], /^\d{8}/),
    time: first([0x00080033, 0x00080032, 0x00080031, 0x00080030], /^\d{6}/),
  };
}
