import { item, writeDicomFile } from "../../src/io/dicom/write.ts";

/** A square outline as LIDC's readers draw: the first pixels outside; inside are (side − 2)² pixels. */
export interface Square {
  readonly x: number;
  readonly y: number;
  readonly side: number;
}

/** The marks of each session on each slice; null = this session marked nothing there. */
export type Marks = readonly (readonly (Square | null)[])[];

const WRITER = { uid: "2.25.1", version: "TEST" };

/** A CT slice of 160×160 pixels at 0.7 mm, HU = stored − 1000, made of the series' and slice's numbers. */
export function ctSlice(patient: string, series: number, slice: number): Uint8Array {
  const side = 160;
  const stored = Uint16Array.from({ length: side * side }, (_, i) => 100 + ((i * 7 + slice * 13) % 50));
  return writeDicomFile(
    item(
      [0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2"],
      [0x00080018, "UI", sopUid(series, slice)],
      [0x00080060, "CS", "CT"],
      [0x00100010, "PN", "DOE^JANE"],
      [0x00100020, "LO", patient],
      [0x0020000e, "UI", seriesUid(series)],
      [0x00200032, "DS", `-50\\-60\\${-10 * slice}`],
      [0x00200037, "DS", "1\\0\\0\\0\\1\\0"],
      [0x00280002, "US", [1]],
      [0x00280004, "CS", "MONOCHROME2"],
      [0x00280010, "US", [side]],
      [0x00280011, "US", [side]],
      [0x00280030, "DS", "0.7\\0.7"],
      [0x00280100, "US", [16]],
      [0x00280101, "US", [16]],
      [0x00280102, "US", [15]],
      [0x00280103, "US", [0]],
      [0x00281052, "DS", "-1000"],
      [0x00281053, "DS", "1"],
      [0x7fe00010, "OW", new Uint8Array(stored.buffer)],
    ),
    WRITER,
  );
}

const seriesUid = (series: number) => `1.2.3.${series}`;
const sopUid = (series: number, slice: number) => `1.2.3.${series}.${slice}`;

/** The read of a series: `marks[session][slice]`. */
export function lidcXml(series: number, marks: Marks): string {
  const sessions = marks.map((slices, session) => {
    const rois = slices.map((square, slice) => (square ? roi(series, slice, square) : "")).join("");
    const nodule = `<unblindedReadNodule><noduleID>${session}</noduleID>
      <characteristics><subtlety>4</subtlety><malignancy>${session + 1}</malignancy></characteristics>${rois}</unblindedReadNodule>`;
    return `<readingSession>${rois ? nodule : ""}</readingSession>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><LidcReadMessage xmlns="http://www.nih.gov"><ResponseHeader>
    <SeriesInstanceUid>${seriesUid(series)}</SeriesInstanceUid></ResponseHeader>${sessions.join("")}</LidcReadMessage>`;
}

function roi(series: number, slice: number, { x, y, side }: Square): string {
  const last = side - 1;
  const points: [number, number][] = [];
  for (let k = 0; k < last; k++) points.push([x + k, y]);
  for (let k = 0; k < last; k++) points.push([x + last, y + k]);
  for (let k = 0; k < last; k++) points.push([x + last - k, y + last]);
  for (let k = 0; k <= last; k++) points.push([x, y + last - k]);
  const edges = points.map(([px, py]) => `<edgeMap><xCoord>${px}</xCoord><yCoord>${py}</yCoord></edgeMap>`).join("");
  return `<roi><imageZposition>${-10 * slice}</imageZposition><imageSOP_UID>${sopUid(series, slice)}</imageSOP_UID>
    <inclusion>TRUE</inclusion>${edges}</roi>`;
}
