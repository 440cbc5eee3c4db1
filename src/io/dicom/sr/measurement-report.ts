import type { LesionSize } from "../../../core/lesion/reader-sizes.ts";
import { rounded } from "../../../core/measures/rounded.ts";
import {
  type SegAuthor,
  type Segment,
  type SegPlace,
  type SegSlice,
  TRACKING_ID,
  trackingUid,
  type WrittenSeg,
} from "../seg/seg-write.ts";
import { contentDate, referencedSeries, studyRows } from "../source.ts";
import { IMPLEMENTATION, uidFor } from "../uid.ts";
import { type DicomItem, item, writeDicomFile } from "../write.ts";
import {
  codeItem,
  containerItem,
  containerRows,
  numberItem,
  segmentReference,
  textItem,
  uidItem,
} from "./content-item.ts";

/** What one reader measured: the segment of the segmentation with the same place in its list. */
export interface MeasuredSegment extends Pick<Segment, "label" | "algorithm"> {
  readonly size: LesionSize;
}

const COMPREHENSIVE_SR = "1.2.840.10008.5.1.4.1.1.88.33";

/**
 * Sizes of a lesion as a Comprehensive SR after TID 1500 "Measurement Report" (PS3.16), a group per reader (TID 1411):
 * volume in mm³, long and short axis in mm, and the segment that they were measured on. The groups share the tracking UID
 * of the segments, for they are about one lesion; the activity session of each is its reader. A reader who drew nothing
 * has no group: there is no finding of theirs. Patient and study are the source's, as in the segmentation.
 * @param readers one per segment of `seg`, in its order; sizes in mm
 * @param place where `seg` lies
 */
export function writeMeasurementReport(
  readers: readonly MeasuredSegment[],
  seg: WrittenSeg,
  place: SegPlace,
  author: SegAuthor,
): Uint8Array {
  const sources = place.slices.map(({ source }) => source);
  const [source] = sources;
  if (!source) throw new RangeError("a report needs a slice");
  const [date, time] = contentDate(source, author.created);
  const instance = uidFor("report", seg.sopInstanceUid, JSON.stringify([readers, author]));
  const groups = readers.flatMap((reader, k) => {
    return reader.size.slices > 0 ? [measurementGroup(reader, k + 1, seg, place, author)] : [];
  });
  const evidence = item(
    [0x00081115, "SQ", referencedSeries([seg, ...sources], 0x00081199)],
    [0x0020000d, "UI", source.studyInstanceUid],
  );
  const dataset = item(
    [0x00080016, "UI", COMPREHENSIVE_SR],
    [0x00080018, "UI", instance],
    [0x00080023, "DA", date],
    [0x00080033, "TM", time],
    [0x00080060, "CS", "SR"],
    [0x00080070, "LO", "Graderspace"],
    [0x0008103e, "LO", "Sizes of a lesion by reader"],
    [0x00081090, "LO", "Graderspace"],
    [0x00081111, "SQ", []],
    [0x00181000, "LO", "0"],
    [0x00181020, "LO", author.version],
    [0x0020000e, "UI", uidFor("series", instance)],
    [0x00200011, "IS", "301"],
    [0x00200013, "IS", "1"],
    [0x0040a372, "SQ", []],
    [0x0040a375, "SQ", [evidence]],
    [0x0040a491, "CS", "COMPLETE"],
    [0x0040a493, "CS", "UNVERIFIED"],
    ...containerRows(["126000", "DCM", "Imaging Measurement Report"], [...contextOf(author), measured(groups)], "1500"),
    ...studyRows(source),
  );
  return writeDicomFile(dataset, IMPLEMENTATION);
}

/** Language, who observed (TID 1204, 1004), and which procedure: none narrower is known of any source. */
function contextOf({ version }: SegAuthor): DicomItem[] {
  return [
    codeItem(
      "HAS CONCEPT MOD",
      ["121049", "DCM", "Language of Content Item and Descendants"],
      ["en", "RFC5646", "English"],
    ),
    codeItem("HAS OBS CONTEXT", ["121005", "DCM", "Observer Type"], ["121007", "DCM", "Device"]),
    uidItem("HAS OBS CONTEXT", ["121012", "DCM", "Device Observer UID"], uidFor("Graderspace", version)),
    textItem("HAS OBS CONTEXT", ["121013", "DCM", "Device Observer Name"], `Graderspace ${version}`),
    codeItem("HAS CONCEPT MOD", ["121058", "DCM", "Procedure reported"], ["363679005", "SCT", "Imaging procedure"]),
  ];
}

function measured(groups: readonly DicomItem[]): DicomItem {
  return containerItem(["126010", "DCM", "Imaging Measurements"], groups);
}

function measurementGroup(
  { label, algorithm, size }: MeasuredSegment,
  segment: number,
  seg: WrittenSeg,
  place: SegPlace,
  { model, version }: SegAuthor,
): DicomItem {
  const made =
    algorithm === "AUTOMATIC"
      ? [
          textItem("HAS CONCEPT MOD", ["111001", "DCM", "Algorithm Name"], `Graderspace ${model}`),
          textItem("HAS CONCEPT MOD", ["111003", "DCM", "Algorithm Version"], version),
        ]
      : [];
  return containerItem(
    ["125007", "DCM", "Measurement Group"],
    [
      textItem("HAS OBS CONTEXT", ["C67447", "NCIt", "Activity Session"], label),
      textItem("HAS OBS CONTEXT", ["112039", "DCM", "Tracking Identifier"], TRACKING_ID),
      uidItem("HAS OBS CONTEXT", ["112040", "DCM", "Tracking Unique Identifier"], trackingUid(place)),
      codeItem("CONTAINS", ["121071", "DCM", "Finding"], ["27925004", "SCT", "Nodule"]),
      ...made,
      codeItem("HAS CONCEPT MOD", ["363698007", "SCT", "Finding Site"], ["39607008", "SCT", "Lung"]),
      segmentReference(["121191", "DCM", "Referenced Segment"], seg, segment),
      uidItem(
        "CONTAINS",
        ["121232", "DCM", "Source series for segmentation"],
        (place.slices[0] as SegSlice).source.seriesInstanceUid,
      ),
      numberItem(["118565006", "SCT", "Volume"], rounded(size.volumeMm3), ["mm3", "UCUM", "cubic millimeter"]),
      numberItem(["103339001", "SCT", "Long Axis"], rounded(size.longMm), ["mm", "UCUM", "millimeter"]),
      numberItem(["103340004", "SCT", "Short Axis"], rounded(size.shortMm), ["mm", "UCUM", "millimeter"]),
    ],
    "1411",
  );
}
