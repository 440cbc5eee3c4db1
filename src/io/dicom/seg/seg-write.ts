import type { Geometry, Mask } from "../../../core/values/slice.ts";
import type { DicomSource } from "../source.ts";
import { uidFor } from "../uid.ts";
import { code, type DicomItem, decimalString, item, writeDicomFile } from "../write.ts";
import { cieLab } from "./cie-lab.ts";

export interface Segment {
  /** "Sample 01 (seed 42)", "Grader 1": ASCII, at most 64 long. */
  readonly label: string;
  readonly algorithm: "AUTOMATIC" | "MANUAL";
  /** RGB 0…255, the colour on the screen. */
  readonly colour: readonly [number, number, number];
}

export interface SegPlace {
  readonly source: DicomSource;
  readonly geometry: Geometry;
  /** [between rows, between columns] */
  readonly spacingMm: readonly [number, number];
}

export interface SegAuthor {
  /** Name and version of the program, and the model whose samples these are. */
  readonly version: string;
  readonly model: string;
  /** ISO 8601; null: the source's own date, so that the same input gives the same bytes. */
  readonly created: string | null;
}

const SEG_CLASS = "1.2.840.10008.5.1.4.1.1.66.4";

/**
 * DICOM SEG, BINARY: one frame per segment on the source's picture, segments may overlap; bits little-endian in one
 * stream over all frames, padded at the very end (PS3.5 §8.1.1). Empty masks keep their frame.
 */
export function writeBinarySeg(
  segments: readonly (Segment & { readonly mask: Mask })[],
  place: SegPlace,
  author: SegAuthor,
): Uint8Array {
  const [first] = segments;
  if (!first) throw new RangeError("a segmentation needs a segment");
  const { width, height } = first.mask;
  const bits = new Uint8Array(Math.ceil((segments.length * width * height) / 8));
  for (const [k, { mask }] of segments.entries()) {
    for (let i = 0; i < mask.bits.length; i++) {
      const at = k * width * height + i;
      if (mask.bits[i] === 1) bits[at >> 3] = (bits[at >> 3] as number) | (1 << (at & 7));
    }
  }
  const kind: Kind = {
    label: "SAMPLES",
    description: "Segmentation samples and graders",
    width,
    height,
    pixels: bits,
    own: [
      [0x00280100, "US", [1]],
      [0x00280101, "US", [1]],
      [0x00280102, "US", [0]],
      [0x00620001, "CS", "BINARY"],
      [0x00620013, "CS", "YES"],
    ],
  };
  return writeSeg(segments, kind, place, author);
}

/** DICOM SEG, FRACTIONAL PROBABILITY: one segment, P(lesion) in steps of 1/255; map [H, W] in [0, 1]. */
export function writeFractionalSeg(
  segment: Segment,
  map: { readonly width: number; readonly height: number; readonly values: Float32Array },
  place: SegPlace,
  author: SegAuthor,
): Uint8Array {
  const pixels = Uint8Array.from(map.values, (p) => Math.round(255 * Math.min(1, Math.max(0, p))));
  const kind: Kind = {
    label: "MEAN",
    description: "Mean probability of the samples",
    width: map.width,
    height: map.height,
    pixels,
    own: [
      [0x00280100, "US", [8]],
      [0x00280101, "US", [8]],
      [0x00280102, "US", [7]],
      [0x00620001, "CS", "FRACTIONAL"],
      [0x00620010, "CS", "PROBABILITY"],
      [0x0062000e, "US", [255]],
      [0x00620013, "CS", "NO"],
    ],
  };
  return writeSeg([segment], kind, place, author);
}

/** In what the binary and the fractional object differ. */
interface Kind {
  readonly label: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly own: readonly (readonly [number, string, string | readonly number[]])[];
}

function writeSeg(segments: readonly Segment[], kind: Kind, place: SegPlace, author: SegAuthor): Uint8Array {
  const { source } = place;
  const [date, time] = contentDate(place.source, author.created);
  const said = segments.map(({ label, algorithm, colour }) => [label, algorithm, colour]);
  const named = JSON.stringify([said, kind.own, place.geometry, place.spacingMm, author, source.frame]);
  const instance = uidFor("instance", named, source.sopInstanceUid, kind.pixels);
  const dimensions = uidFor("dimensions", instance);
  const copied = [...source.copied].map(([tag, { vr, value }]) => [tag, vr, value] as const);
  const rows = item(
    ...emptyUnless(source),
    [0x00080008, "CS", "DERIVED\\PRIMARY"],
    [0x00080016, "UI", SEG_CLASS],
    [0x00080018, "UI", instance],
    [0x00080023, "DA", date],
    [0x00080033, "TM", time],
    [0x00080060, "CS", "SEG"],
    [0x00080070, "LO", "Graderspace"],
    [0x0008103e, "LO", kind.description],
    [0x00081090, "LO", "Graderspace"],
    [0x00081115, "SQ", [referencedSeries(source)]],
    [0x00181000, "LO", "0"],
    [0x00181020, "LO", author.version],
    [0x0020000d, "UI", source.studyInstanceUid],
    [0x0020000e, "UI", uidFor("series", instance)],
    [0x00200011, "IS", "300"],
    [0x00200013, "IS", "1"],
    [0x00200052, "UI", source.frameOfReferenceUid ?? uidFor("frame of reference", source.seriesInstanceUid)],
    [0x00201040, "LO", ""],
    [0x00209221, "SQ", [item([0x00209164, "UI", dimensions])]],
    [0x00209222, "SQ", dimensionIndices(dimensions)],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280008, "IS", String(segments.length)],
    [0x00280010, "US", [kind.height]],
    [0x00280011, "US", [kind.width]],
    [0x00280103, "US", [0]],
    [0x00700080, "CS", kind.label],
    [0x00700081, "LO", kind.description],
    [0x00700084, "PN", ""],
    ...kind.own,
    [0x00620002, "SQ", segments.map((segment, k) => segmentItem(segment, k + 1, source, author))],
    [0x52009229, "SQ", [sharedGroups(place)]],
    [0x52009230, "SQ", segments.map((_, k) => frameGroups(k + 1, place))],
    [0x7fe00010, "OB", kind.pixels],
    // What the source says of itself comes last: its rows stand for those above.
    ...copied,
  );
  const lossy = rows.has(0x00282110) ? [] : ([[0x00282110, "CS", "00"]] as const);
  const whole: DicomItem = new Map([...rows, ...item(...lossy)]);
  return writeDicomFile(whole, { uid: uidFor("Graderspace"), version: "GRADERSPACE" });
}

/** Type 2 elements of Patient and Study must stand there even where the source has nothing in them. */
function emptyUnless(source: DicomSource): [number, string, string][] {
  const type2: [number, string][] = [
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
  return type2.filter(([tag]) => !source.copied.has(tag)).map(([tag, vr]) => [tag, vr, ""]);
}

function contentDate(source: DicomSource, created: string | null): [string, string] {
  const said = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(created ?? "");
  if (said) return [said.slice(1, 4).join(""), said.slice(4, 7).join("")];
  return [source.date ?? "19700101", source.time ?? "000000"];
}

function referencedSeries(source: DicomSource): DicomItem {
  const instance = item([0x00081150, "UI", source.sopClassUid], [0x00081155, "UI", source.sopInstanceUid]);
  return item([0x0008114a, "SQ", [instance]], [0x0020000e, "UI", source.seriesInstanceUid]);
}

/** Frames are told apart by segment, then by place. */
function dimensionIndices(dimensions: string): DicomItem[] {
  const index = (pointer: number, group: number, label: string) =>
    item(
      [0x00209164, "UI", dimensions],
      [0x00209165, "AT", [pointer >>> 16, pointer & 0xffff]],
      [0x00209167, "AT", [group >>> 16, group & 0xffff]],
      [0x00209421, "LO", label],
    );
  return [
    index(0x0062000b, 0x0062000a, "Referenced Segment Number"),
    index(0x00200032, 0x00209113, "Image Position (Patient)"),
  ];
}

function segmentItem(segment: Segment, number: number, source: DicomSource, author: SegAuthor): DicomItem {
  const automatic = segment.algorithm === "AUTOMATIC";
  return item(
    [0x00620003, "SQ", [code("49755003", "SCT", "Morphologically Abnormal Structure")]],
    [0x00620004, "US", [number]],
    [0x00620005, "LO", segment.label.slice(0, 64)],
    [0x00620008, "CS", segment.algorithm],
    [0x00620009, "LO", automatic ? `Graderspace ${author.version} ${author.model}`.slice(0, 64) : null],
    [0x0062000d, "US", cieLab(segment.colour)],
    [0x0062000f, "SQ", [code("27925004", "SCT", "Nodule")]],
    [0x00082218, "SQ", [code("39607008", "SCT", "Lung")]],
    [0x00620020, "UT", "Lesion 1"],
    [0x00620021, "UI", uidFor("lesion", source.sopInstanceUid, String(source.frame))],
  );
}

function sharedGroups({ geometry, spacingMm }: SegPlace): DicomItem {
  const [row, column] = [geometry.rowDirection, geometry.columnDirection];
  const thickness = decimalString(geometry.thicknessMm ?? UNKNOWN_THICKNESS);
  const measures = item(
    [0x00180050, "DS", thickness],
    [0x00180088, "DS", thickness],
    [0x00280030, "DS", spacingMm.map(decimalString).join("\\")],
  );
  const orientation = item([0x00200037, "DS", [...row, ...column].map(decimalString).join("\\")]);
  return item([0x00289110, "SQ", [measures]], [0x00209116, "SQ", [orientation]]);
}

/** A single slice whose thickness nobody knows must have one in SEG. */
const UNKNOWN_THICKNESS = 1;

function frameGroups(segment: number, { source, geometry }: SegPlace): DicomItem {
  const image = item(
    [0x00081150, "UI", source.sopClassUid],
    [0x00081155, "UI", source.sopInstanceUid],
    [0x00081160, "IS", source.frame === null ? null : String(source.frame + 1)],
    [0x0028135a, "CS", "YES"],
    [0x0040a170, "SQ", [code("121322", "DCM", "Source image for image processing operation")]],
  );
  const derivation = item([0x00082112, "SQ", [image]], [0x00089215, "SQ", [code("113076", "DCM", "Segmentation")]]);
  return item(
    [0x00089124, "SQ", [derivation]],
    [0x00209111, "SQ", [item([0x00209157, "UL", [segment, 1]])]],
    [0x00209113, "SQ", [item([0x00200032, "DS", geometry.position.map(decimalString).join("\\")])]],
    [0x0062000a, "SQ", [item([0x0062000b, "US", [segment]])]],
  );
}
