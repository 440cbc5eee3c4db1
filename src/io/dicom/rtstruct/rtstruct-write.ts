import { outlineOf } from "../../../core/values/contour.ts";
import type { Mask } from "../../../core/values/slice.ts";
import { SYNTAX } from "../file.ts";
import type { MaskedSegment, SegAuthor, SegPlace, SegSlice } from "../seg/seg-write.ts";
import { contentDate, type DicomSource, referenceRows, studyRows } from "../source.ts";
import { IMPLEMENTATION, uidFor } from "../uid.ts";
import { type DicomItem, item, writeDicomFile } from "../write.ts";
import { withKeyholes } from "./keyholes.ts";

const RT_STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3";
/** Detached Study Management: retired, and what programs write where a study is referred to (PS3.3 table C.8-41). */
const STUDY_CLASS = "1.2.840.10008.3.1.2.3.1";
/** Steps of a millimetre in which places are written: a hundredth of the smallest pixels of CT. */
const STEPS_PER_MM = 10_000;

/**
 * RT Structure Set (PS3.3 A.19, C.8.8.5, C.8.8.6): a region of interest for each segment, its CLOSED_PLANAR contours in
 * patient millimetres along the pixels' outer edges, a hole by a keyhole; parts that touch at a corner alone are contours of
 * their own. Who marks nothing is a region without contours. Implicit VR little endian: a contour may take more than 64 KiB.
 */
export function writeRtStruct(segments: readonly MaskedSegment[], place: SegPlace, author: SegAuthor): Uint8Array {
  const sources = place.slices.map(({ source }) => source);
  const [source] = sources;
  if (!source || segments.length === 0) throw new RangeError("a structure set needs a slice and a region");
  const [date, time] = contentDate(source, author.created);
  const frameOfReference = source.frameOfReferenceUid ?? uidFor("frame of reference", source.seriesInstanceUid);
  const drawn = segments.map(({ masks }) => contoursOf(masks, place));
  const said = segments.map(({ label, algorithm, colour }) => [label, algorithm, colour]);
  const named = sources.map(({ sopInstanceUid, frame }) => [sopInstanceUid, frame]);
  const sopInstanceUid = uidFor("structure set", JSON.stringify([said, named, author]), JSON.stringify(drawn));
  const dataset = item(
    [0x00080016, "UI", RT_STRUCTURE_SET],
    [0x00080018, "UI", sopInstanceUid],
    [0x00080060, "CS", "RTSTRUCT"],
    [0x00080070, "LO", "Graderspace"],
    [0x0008103e, "LO", "Contours of samples and graders"],
    [0x00081070, "PN", ""],
    [0x00081090, "LO", "Graderspace"],
    [0x00181000, "LO", "0"],
    [0x00181020, "LO", author.version],
    [0x0020000e, "UI", uidFor("series", sopInstanceUid)],
    [0x00200011, "IS", "302"],
    [0x00200013, "IS", "1"],
    [0x00200052, "UI", frameOfReference],
    [0x00201040, "LO", ""],
    [0x30060002, "SH", "SAMPLES"],
    [0x30060008, "DA", date],
    [0x30060009, "TM", time],
    [0x30060010, "SQ", [referenced(sources, frameOfReference)]],
    [0x30060020, "SQ", segments.map((segment, k) => regionItem(segment, k + 1, frameOfReference, author))],
    [0x30060039, "SQ", segments.map((segment, k) => contoursItem(segment, k + 1, drawn[k] ?? [], place))],
    [0x30060080, "SQ", segments.map((_, k) => observationItem(k + 1))],
    [0x300e0002, "CS", "UNAPPROVED"],
    ...studyRows(source),
  );
  return writeDicomFile(dataset, IMPLEMENTATION, SYNTAX.implicitLittle);
}

/** A closed line on one slice, from 0. */
interface DrawnContour {
  readonly slice: number;
  /** x1, y1, z1, x2, … in LPS millimetres. */
  readonly points: readonly number[];
}

function contoursOf(masks: readonly Mask[], place: SegPlace): DrawnContour[] {
  return masks.flatMap((mask, slice) =>
    withKeyholes(outlineOf(mask)).map((line) => ({ slice, points: inPatient(line, slice, place) })),
  );
}

function inPatient(line: readonly number[], slice: number, { slices, spacingMm, origin }: SegPlace): number[] {
  const { position, rowDirection, columnDirection } = (slices[slice] as SegSlice).geometry;
  const points: number[] = [];
  for (let i = 0; i < line.length; i += 2) {
    const right = ((line[i] as number) + origin[0]) * spacingMm[1];
    const down = ((line[i + 1] as number) + origin[1]) * spacingMm[0];
    for (const axis of [0, 1, 2] as const) {
      const at = position[axis] + right * rowDirection[axis] + down * columnDirection[axis];
      points.push(Math.round(at * STEPS_PER_MM) / STEPS_PER_MM);
    }
  }
  return points;
}

/** Frame of reference → study → series → pictures (PS3.3 table C.8-41). */
function referenced(sources: readonly DicomSource[], frameOfReference: string): DicomItem {
  const [first] = sources as [DicomSource];
  const series = new Map<string, Map<string, DicomItem>>();
  for (const source of sources) {
    const pictures = series.get(source.seriesInstanceUid) ?? new Map<string, DicomItem>();
    pictures.set(`${source.sopInstanceUid} ${source.frame}`, pictureItem(source));
    series.set(source.seriesInstanceUid, pictures);
  }
  const seriesItems = [...series].map(([uid, pictures]) =>
    item([0x0020000e, "UI", uid], [0x30060016, "SQ", [...pictures.values()]]),
  );
  const study = item(...referenceRows({ sopClassUid: STUDY_CLASS, sopInstanceUid: first.studyInstanceUid }), [
    0x30060014,
    "SQ",
    seriesItems,
  ]);
  return item([0x00200052, "UI", frameOfReference], [0x30060012, "SQ", [study]]);
}

function pictureItem(source: DicomSource): DicomItem {
  const frame = source.frame === null ? null : String(source.frame + 1);
  return item(...referenceRows(source), [0x00081160, "IS", frame]);
}

function regionItem(
  { label, algorithm }: MaskedSegment,
  number: number,
  frameOfReference: string,
  { version, model }: SegAuthor,
): DicomItem {
  const automatic = algorithm === "AUTOMATIC";
  return item(
    [0x30060022, "IS", String(number)],
    [0x30060024, "UI", frameOfReference],
    [0x30060026, "LO", label.slice(0, 64)],
    [0x30060036, "CS", algorithm],
    [0x30060038, "LO", automatic ? `Graderspace ${version} ${model}`.slice(0, 64) : null],
  );
}

function contoursItem(
  { colour }: MaskedSegment,
  number: number,
  drawn: readonly DrawnContour[],
  { slices }: SegPlace,
): DicomItem {
  const contours = drawn.map(({ slice, points }) =>
    item(
      [0x30060016, "SQ", [pictureItem((slices[slice] as SegSlice).source)]],
      [0x30060042, "CS", "CLOSED_PLANAR"],
      [0x30060046, "IS", String(points.length / 3)],
      [0x30060050, "DS", points.join("\\")],
    ),
  );
  return item(
    [0x3006002a, "IS", colour.map((part) => Math.round(part)).join("\\")],
    [0x30060040, "SQ", contours.length > 0 ? contours : null],
    [0x30060084, "IS", String(number)],
  );
}

/** No organ and no target: of what a region is, its name says all. */
function observationItem(number: number): DicomItem {
  return item(
    [0x30060082, "IS", String(number)],
    [0x30060084, "IS", String(number)],
    [0x300600a4, "CS", ""],
    [0x300600a6, "PN", ""],
  );
}
