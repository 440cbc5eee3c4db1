import { placeMask } from "../../../core/values/mask-placement.ts";
import type { Geometry, Mask } from "../../../core/values/slice.ts";
import { cross, dot } from "../../geometry/vector.ts";
import { contentDate, type DicomSource, lossyRows, referencedSeries, referenceRows, studyRows } from "../source.ts";
import { IMPLEMENTATION, uidFor } from "../uid.ts";
import { code, type DicomItem, decimalString, item, writeDicomFile } from "../write.ts";
import { cieLab } from "./cie-lab.ts";

export interface Segment {
  /** "Sample 01 (seed 42)", "Grader 1": ASCII, at most 64 long. */
  readonly label: string;
  readonly algorithm: "AUTOMATIC" | "MANUAL";
  /** RGB 0…255, the colour on the screen. */
  readonly colour: readonly [number, number, number];
}

/** A segment with its masks, one per slice in the slices' order, all of one size. */
export interface MaskedSegment extends Segment {
  readonly masks: readonly Mask[];
}

/** One picture that a segmentation lies on. */
export interface SegSlice {
  readonly source: DicomSource;
  readonly geometry: Geometry;
}

/** Where a segmentation lies: its pictures, parallel and of one size, and the part of them that the masks are of. */
export interface SegPlace {
  /** In the order of the masks, one at least. */
  readonly slices: readonly SegSlice[];
  /** [between rows, between columns] */
  readonly spacingMm: readonly [number, number];
  /** Columns and rows of the pictures. */
  readonly width: number;
  readonly height: number;
  /** Column and row of the masks' first pixel. */
  readonly origin: readonly [number, number];
}

export interface SegAuthor {
  /** Name and version of the program, and the model whose samples these are. */
  readonly version: string;
  readonly model: string;
  /** ISO 8601; null: the source's own date, so that the same input gives the same bytes. */
  readonly created: string | null;
}

const SEG_CLASS = "1.2.840.10008.5.1.4.1.1.66.4";

/** A segmentation's file, and what another object refers to it by. */
export interface WrittenSeg {
  readonly bytes: Uint8Array;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
}

/** One frame: the mask of a segment, from 1, on a slice, from 0. */
interface Frame {
  readonly segment: number;
  readonly slice: number;
}

/**
 * DICOM SEG, BINARY: the frames of each segment in the pictures' full size, segments may overlap; bits little-endian in
 * one stream over all frames, padded at the very end (PS3.5 §8.1.1). Slices that a segment does not mark have no frame of
 * it; a segment that marks none keeps one empty frame, for one without a frame is lost to readers.
 */
export function writeBinarySeg(segments: readonly MaskedSegment[], place: SegPlace, author: SegAuthor): WrittenSeg {
  if (segments.length === 0) throw new RangeError("a segmentation needs a segment");
  const { width, height, origin } = place;
  const frames = framesOf(segments);
  const bits = new Uint8Array(binarySegBytes(segments, place));
  for (const [f, { segment, slice }] of frames.entries()) {
    const whole = placeMask(segments[segment - 1]?.masks[slice] as Mask, origin, width, height).bits;
    for (let i = whole.indexOf(1); i >= 0; i = whole.indexOf(1, i + 1)) {
      const at = f * width * height + i;
      bits[at >>> 3] = (bits[at >>> 3] as number) | (1 << (at & 7));
    }
  }
  const kind: Kind = {
    label: "SAMPLES",
    description: "Segmentation samples and graders",
    frames,
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

/** Bytes that the pixels of a binary segmentation take. */
export function binarySegBytes(
  segments: readonly MaskedSegment[],
  { width, height }: Pick<SegPlace, "width" | "height">,
): number {
  return Math.ceil((framesOf(segments).length * width * height) / 8);
}

function framesOf(segments: readonly MaskedSegment[]): Frame[] {
  return segments.flatMap(({ masks }, k) => {
    const marked = [...masks.keys()].filter((slice) => masks[slice]?.bits.includes(1));
    return (marked.length > 0 ? marked : [0]).map((slice) => ({ segment: k + 1, slice }));
  });
}

/**
 * DICOM SEG, FRACTIONAL PROBABILITY: one segment on the first picture, P(lesion) in steps of 1/255; map [H, W] in [0, 1]
 * of the picture's size.
 */
export function writeFractionalSeg(
  segment: Segment,
  map: Float32Array,
  place: SegPlace,
  author: SegAuthor,
): WrittenSeg {
  const pixels = Uint8Array.from(map, (p) => Math.round(255 * Math.min(1, Math.max(0, p))));
  const kind: Kind = {
    label: "MEAN",
    description: "Mean probability of the samples",
    frames: [{ segment: 1, slice: 0 }],
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
  readonly frames: readonly Frame[];
  readonly pixels: Uint8Array;
  readonly own: readonly (readonly [number, string, string | readonly number[]])[];
}

function writeSeg(segments: readonly Segment[], kind: Kind, place: SegPlace, author: SegAuthor): WrittenSeg {
  const sources = place.slices.map(({ source }) => source);
  const [source] = sources;
  if (!source) throw new RangeError("a segmentation needs a slice");
  const [date, time] = contentDate(source, author.created);
  const said = segments.map(({ label, algorithm, colour }) => [label, algorithm, colour]);
  const lies = place.slices.map(({ geometry, source: { sopInstanceUid, frame } }) => [geometry, sopInstanceUid, frame]);
  const named = JSON.stringify([said, kind.own, kind.frames, lies, place.spacingMm, author]);
  const sopInstanceUid = uidFor("instance", named, kind.pixels);
  const seriesInstanceUid = uidFor("series", sopInstanceUid);
  const dimensions = uidFor("dimensions", sopInstanceUid);
  const dataset = item(
    [0x00080008, "CS", "DERIVED\\PRIMARY"],
    [0x00080016, "UI", SEG_CLASS],
    [0x00080018, "UI", sopInstanceUid],
    [0x00080023, "DA", date],
    [0x00080033, "TM", time],
    [0x00080060, "CS", "SEG"],
    [0x00080070, "LO", "Graderspace"],
    [0x0008103e, "LO", kind.description],
    [0x00081090, "LO", "Graderspace"],
    [0x00081115, "SQ", referencedSeries(sources, 0x0008114a)],
    [0x00181000, "LO", "0"],
    [0x00181020, "LO", author.version],
    [0x0020000e, "UI", seriesInstanceUid],
    [0x00200011, "IS", "300"],
    [0x00200013, "IS", "1"],
    [0x00200052, "UI", source.frameOfReferenceUid ?? uidFor("frame of reference", source.seriesInstanceUid)],
    [0x00201040, "LO", ""],
    [0x00209221, "SQ", [item([0x00209164, "UI", dimensions])]],
    [0x00209222, "SQ", dimensionIndices(dimensions)],
    [0x00280002, "US", [1]],
    [0x00280004, "CS", "MONOCHROME2"],
    [0x00280008, "IS", String(kind.frames.length)],
    [0x00280010, "US", [place.height]],
    [0x00280011, "US", [place.width]],
    [0x00280103, "US", [0]],
    [0x00700080, "CS", kind.label],
    [0x00700081, "LO", kind.description],
    [0x00700084, "PN", ""],
    ...kind.own,
    [0x00620002, "SQ", segments.map((segment, k) => segmentItem(segment, k + 1, trackingUid(place), author))],
    [0x52009229, "SQ", [sharedGroups(place)]],
    [0x52009230, "SQ", kind.frames.map((frame) => frameGroups(frame, place))],
    [0x7fe00010, "OB", kind.pixels],
    ...studyRows(source),
    ...lossyRows(source),
  );
  const bytes = writeDicomFile(dataset, IMPLEMENTATION);
  return { bytes, sopClassUid: SEG_CLASS, sopInstanceUid, seriesInstanceUid };
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

function segmentItem(segment: Segment, number: number, tracking: string, author: SegAuthor): DicomItem {
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
    [0x00620020, "UT", TRACKING_ID],
    [0x00620021, "UI", tracking],
  );
}

/** What the lesion is called in all objects about it; readers of one lesion share it. */
export const TRACKING_ID = "Lesion 1";

/** Names the lesion in all objects about it, by its first picture and where the masks begin there. */
export function trackingUid({ slices, origin }: SegPlace): string {
  const { sopInstanceUid, frame } = (slices[0] as SegSlice).source;
  return uidFor("lesion", sopInstanceUid, String(frame), origin.join());
}

function sharedGroups({ slices, spacingMm }: SegPlace): DicomItem {
  const { rowDirection, columnDirection, thicknessMm } = (slices[0] as SegSlice).geometry;
  const normal = cross(rowDirection, columnDirection);
  const places = slices.map(({ geometry }) => dot(geometry.position, normal)).sort((a, b) => a - b);
  // The smallest: where a slice is missing, readers make their grid of volumes by this number.
  const distance = places.length > 1 ? Math.min(...places.slice(1).map((at, i) => at - (places[i] as number))) : null;
  const thickness = thicknessMm ?? distance ?? UNKNOWN_THICKNESS;
  const measures = item(
    [0x00180050, "DS", decimalString(thickness)],
    [0x00180088, "DS", decimalString(distance ?? thickness)],
    [0x00280030, "DS", spacingMm.map(decimalString).join("\\")],
  );
  const orientation = item([0x00200037, "DS", [...rowDirection, ...columnDirection].map(decimalString).join("\\")]);
  return item([0x00289110, "SQ", [measures]], [0x00209116, "SQ", [orientation]]);
}

/** A single slice whose thickness nobody knows must have one in SEG. */
const UNKNOWN_THICKNESS = 1;

function frameGroups({ segment, slice }: Frame, { slices }: SegPlace): DicomItem {
  const { source, geometry } = slices[slice] as SegSlice;
  const image = item(
    ...referenceRows(source),
    [0x00081160, "IS", source.frame === null ? null : String(source.frame + 1)],
    [0x0028135a, "CS", "YES"],
    [0x0040a170, "SQ", [code("121322", "DCM", "Source image for image processing operation")]],
  );
  const derivation = item([0x00082112, "SQ", [image]], [0x00089215, "SQ", [code("113076", "DCM", "Segmentation")]]);
  return item(
    [0x00089124, "SQ", [derivation]],
    [0x00209111, "SQ", [item([0x00209157, "UL", [segment, slice + 1]])]],
    [0x00209113, "SQ", [item([0x00200032, "DS", geometry.position.map(decimalString).join("\\")])]],
    [0x0062000a, "SQ", [item([0x0062000b, "US", [segment]])]],
  );
}
