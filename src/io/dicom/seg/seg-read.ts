import { GraderspaceError } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { checkMarkSize, checkPictureSize } from "../../bytes/limits.ts";
import { spacingOf } from "../../geometry/length.ts";
import type { MarkPlane, PixelMarks } from "../../marks/mark-plane.ts";
import type { DicomDataset } from "../dataset/dataset.ts";
import type { DicomFile } from "../file.ts";
import { geometryOf, type PixelLayout } from "../header.ts";
import { truncated } from "../pixels.ts";
import { segFrames } from "./seg-frames.ts";

const SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4";
const LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7";
const PIXELS = 0x7fe00010;

/** True for DICOM SEG, label maps too. */
export function isSeg(dataset: DicomDataset): boolean {
  const sopClass = dataset.text(0x00080016);
  return sopClass === SEGMENTATION || sopClass === LABEL_MAP;
}

interface Frame {
  /** Segment number; 0 in a label map, where each pixel says it. */
  readonly segment: number;
  readonly plane: Omit<MarkPlane, "values">;
}

/**
 * DICOM SEG: BINARY, FRACTIONAL (either kind) and LABELMAP; a grader per segment, a plane per frame.
 * @throws DamagedFile, TruncatedFile, TooLarge, UnsupportedPixels
 */
export async function readSeg(file: DicomFile): Promise<PixelMarks> {
  const { dataset, name } = file;
  const layout = layoutOf(file);
  const frames = framesOf(dataset, layout);
  const labelMap = dataset.text(0x00620001) === "LABELMAP" || dataset.text(0x00080016) === LABEL_MAP;
  const most = labelMap ? 1 : (dataset.integer(0x0062000e) ?? 255) || 255;
  const segments = new Map<number, { name: string; planes: MarkPlane[] }>();
  for (const item of dataset.items(0x00620002)) {
    const number = item.integer(0x00620004);
    if (number !== null && segments.has(number)) throw damaged(name, say`two segments have the number ${number}`);
    if (number !== null && number > 0) segments.set(number, { name: labelOf(item, number), planes: [] });
  }
  if (segments.size === 0) throw damaged(name, say`it names no segment`);
  checkSegments(file, frames, segments, labelMap);
  const { read, notes } = segFrames(file, layout);
  let bytes = 0;
  const unnamed = new Set<number>();
  for (const [i, { segment, plane }] of frames.entries()) {
    const stored = await read(i);
    if (labelMap)
      for (const label of new Set<number>(stored)) if (label > 0 && !segments.has(label)) unnamed.add(label);
    const parts = labelMap ? labelsIn(stored, segments) : [[segment, shares(stored, layout, most)] as const];
    for (const [number, values] of parts) {
      bytes += values?.length ?? 0;
      checkMarkSize(name, bytes);
      segments.get(number)?.planes.push({ ...plane, values });
    }
  }
  const which = [...unnamed].sort((a, b) => a - b).slice(0, 3);
  const left = `${name}: it marks pixels with ${which.join(", ")}${unnamed.size > 3 ? ", …" : ""}, which is no segment that it names; they are left out`;
  const said = unnamed.size > 0 ? [...notes, left] : notes;
  const series = dataset.items(0x00081115)[0]?.text(0x0020000e) ?? null;
  return { format: "dicom-seg", file: name, seriesInstanceUid: series, graders: [...segments.values()], notes: said };
}

/**
 * Every frame must belong to a segment. The frames of TILED_FULL do not say to which: one tile each, they are in the
 * order of the segments (PS3.3 C.7.6.17.3).
 */
function checkSegments(
  { dataset, name }: DicomFile,
  frames: Frame[],
  segments: ReadonlyMap<number, unknown>,
  labelMap: boolean,
) {
  if (labelMap) return;
  if (dataset.text(0x00209311) === "TILED_FULL" && frames.length !== segments.size) {
    throw new GraderspaceError("UnsupportedPixels", {
      file: name,
      problem: say`its frames are tiles of one large picture (TILED_FULL), which are not put together`,
      remedy: say`export the segmentation as one frame a segment`,
    });
  }
  const lost = frames.findIndex(({ segment }) => !segments.has(segment));
  if (lost >= 0) throw damaged(name, say`its frame ${lost + 1} belongs to no segment that it names`);
}

function layoutOf(file: DicomFile): PixelLayout {
  const { dataset, name } = file;
  const width = dataset.integer(0x00280011) ?? 0;
  const height = dataset.integer(0x00280010) ?? 0;
  const frames = dataset.has(0x00280008) ? (dataset.decimal(0x00280008) ?? Number.NaN) : 1;
  checkPictureSize(name, width, height, frames);
  const bits = dataset.integer(0x00280100);
  if (bits !== 1 && bits !== 8 && bits !== 16) throw damaged(name, say`its pixels take ${bits ?? "no"} bits`);
  if (!dataset.elements.has(PIXELS)) throw truncated(name, say`it ends before its pixel data`);
  // One-bit frames have a reader of their own: the layout is that of the bytes they become.
  const bitsAllocated = bits === 16 ? 16 : 8;
  const plain = { signed: false, float: false, inverted: false, tag: PIXELS, notes: [] };
  return { width, height, frames, bitsAllocated, bitsStored: bits, highBit: bits - 1, ...plain };
}

/** Shares 0…255 of lesion; null where nothing is marked. */
function shares(stored: Uint8Array | Uint16Array, layout: PixelLayout, most: number): Uint8Array | null {
  const top = layout.bitsStored === 1 ? 1 : most;
  let marked = false;
  const values = new Uint8Array(stored.length);
  for (let i = 0; i < stored.length; i++) {
    const value = Math.min(255, Math.round(((stored[i] as number) / top) * 255));
    values[i] = value;
    marked ||= value > 0;
  }
  return marked ? values : null;
}

function labelsIn(
  stored: Uint8Array | Uint16Array,
  segments: ReadonlyMap<number, unknown>,
): (readonly [number, Uint8Array | null])[] {
  const seen = new Set<number>(stored);
  return [...segments.keys()].map((number) => {
    if (!seen.has(number)) return [number, null] as const;
    return [number, Uint8Array.from(stored, (value) => (value === number ? 255 : 0))] as const;
  });
}

/** Which segment each frame belongs to, which picture it marks and where it lies: its own groups, else the shared ones. */
function framesOf(dataset: DicomDataset, { width, height, frames }: PixelLayout): Frame[] {
  const perFrame = dataset.items(0x52009230);
  const shared = dataset.items(0x52009229)[0];
  const tiles = dataset.text(0x00209311) === "TILED_FULL";
  const listed = dataset.items(0x00081115).flatMap((series) => series.items(0x0008114a));
  return Array.from({ length: frames }, (_, index) => {
    const group = (tag: number) => perFrame[index]?.items(tag)[0] ?? shared?.items(tag)[0];
    const measures = group(0x00289110);
    const spacing = measures?.decimals(0x00280030) ?? [];
    const images = group(0x00089124)?.items(0x00082112) ?? [];
    const image = images.length === 1 ? images[0] : images.length === 0 && listed.length === 1 ? listed[0] : undefined;
    const number = image?.decimal(0x00081160) ?? null;
    const position = group(0x00209113)?.decimals(0x00200032) ?? [];
    const orientation = group(0x00209116)?.decimals(0x00200037) ?? [];
    const plane = {
      width,
      height,
      spacingMm: spacingOf(spacing[0], spacing[1]),
      geometry: geometryOf(position, orientation, measures?.decimal(0x00180050) ?? null),
      sopInstanceUid: image?.text(0x00081155) ?? null,
      frame: number === null ? null : number - 1,
    };
    const tiled = tiles ? index + 1 : 0;
    return { segment: group(0x0062000a)?.integer(0x0062000b) ?? tiled, plane };
  });
}

function labelOf(segment: DicomDataset, number: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is dropped
  const label = (segment.text(0x00620005) ?? "").replace(/[\x00-\x1f\x7f]/g, " ").trim();
  return label.slice(0, 64) || `Segment ${number}`;
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`export the segmentation again` });
}
