import { GraderspaceError } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { decimalOf } from "../../bytes/decimal.ts";
import type { ContourMarks, PlanarContour } from "../../marks/contour-marks.ts";
import type { DicomDataset } from "../dataset/dataset.ts";
import type { DicomFile } from "../file.ts";

const RT_STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3";
const CLOSED = new Map([
  ["CLOSED_PLANAR", false],
  ["CLOSEDPLANAR_XOR", true],
]);
/** Points of all contours: a body's organs on every slice of a scan. */
const MOST_POINTS = 1 << 20;
/** Of one contour: ten times the edge of the largest mask that a person draws. */
const MOST_OF_ONE = 1 << 16;
const BACKSLASH = 0x5c;
/** Numbers have 16 letters at the most (PS3.5 §6.2, DS); what is longer is none, or has blanks around it. */
const LONGEST_NUMBER = 64;

export function isRtStruct({ sopClass }: DicomFile): boolean {
  return sopClass === RT_STRUCTURE_SET;
}

/**
 * RT Structure Set (PS3.3 C.8.8.5, C.8.8.6): closed contours of each region of interest, and what is to be said of it. A
 * region without contours is one of a grader who drew nothing. Points and open lines enclose nothing: left out and counted.
 * @throws DamagedFile, TooLarge
 */
export function readRtStruct({ dataset, name }: DicomFile): { marks: ContourMarks; notes: readonly Text[] } {
  const rois = new Map<number, { name: string; contours: PlanarContour[] }>();
  for (const roi of dataset.items(0x30060020)) {
    const number = roi.decimal(0x30060022);
    if (number === null) throw damaged(name, say`one of its regions has no number`);
    if (rois.has(number)) throw damaged(name, say`two of its regions have the number ${number}`);
    rois.set(number, { name: nameOf(roi, number), contours: [] });
  }
  if (rois.size === 0) throw damaged(name, say`it names no region of interest`);
  let [points, open, miscounted] = [0, 0, 0];
  for (const group of dataset.items(0x30060039)) {
    const number = group.decimal(0x30060084);
    const roi = number === null ? undefined : rois.get(number);
    if (!roi) throw damaged(name, say`some of its contours belong to no region that it names`);
    for (const contour of group.items(0x30060040)) {
      const xor = CLOSED.get(contour.text(0x30060042) ?? "");
      const numbers = pointsOf(contour, name);
      points += numbers.length / 3;
      if (points > MOST_POINTS) throw tooLarge(name, say`it holds more than ${MOST_POINTS} points`);
      if ((contour.decimal(0x30060046) ?? numbers.length / 3) !== numbers.length / 3) miscounted++;
      if (xor === undefined || numbers.length < 9) open++;
      else roi.contours.push({ points: numbers, xor, ...pictureOf(contour) });
    }
  }
  const notes: Text[] = [];
  if (open > 0)
    notes.push(
      say`${name}: some of its contours are points or open lines, which enclose nothing, and are left out (${open})`,
    );
  if (miscounted > 0)
    notes.push(say`${name}: some of its contours hold another number of points than they declare (${miscounted})`);
  const marks = {
    format: "rtstruct",
    file: name,
    seriesInstanceUid: seriesOf(dataset),
    rois: [...rois.values()],
  } as const;
  return { marks, notes };
}

/** x, y, z of each point, one number after the other: there may be millions. @throws DamagedFile, TooLarge */
function pointsOf(contour: DicomDataset, file: string): Float64Array {
  const raw = contour.raw(0x30060050) ?? new Uint8Array(0);
  const numbers: number[] = [];
  for (let at = 0; at < raw.length; ) {
    const found = raw.indexOf(BACKSLASH, at);
    const end = found < 0 ? raw.length : found;
    const text = end - at > LONGEST_NUMBER ? "" : String.fromCharCode(...raw.subarray(at, end));
    const value = decimalOf(text.replace(/[\0 ]+$/, "").trimStart());
    if (!Number.isFinite(value)) throw damaged(file, say`one of its contours holds text that is no number`);
    if (numbers.push(value) > 3 * MOST_OF_ONE)
      throw tooLarge(file, say`one of its contours has more than ${MOST_OF_ONE} points`);
    at = end + 1;
  }
  if (numbers.length % 3 !== 0) throw damaged(file, say`one of its contours ends within a point`);
  return Float64Array.from(numbers);
}

/** The one picture that a contour names; of several none is its own. */
function pictureOf(contour: DicomDataset): Pick<PlanarContour, "sopInstanceUid" | "frame"> {
  const [image, ...more] = contour.items(0x30060016);
  if (!image || more.length > 0) return { sopInstanceUid: null, frame: null };
  const frame = image.decimal(0x00081160);
  return { sopInstanceUid: image.text(0x00081155), frame: frame === null ? null : frame - 1 };
}

/** The series that the structure set refers to; null where there are several. */
function seriesOf(dataset: DicomDataset): string | null {
  const series = dataset
    .items(0x30060010)
    .flatMap((frame) => frame.items(0x30060012))
    .flatMap((study) => study.items(0x30060014))
    .map((one) => one.text(0x0020000e));
  return new Set(series).size === 1 ? (series[0] ?? null) : null;
}

function nameOf(roi: DicomDataset, number: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is dropped
  const name = (roi.text(0x30060026) ?? "").replace(/[\x00-\x1f\x7f]/g, " ").trim();
  return name.slice(0, 64) || `Region ${number}`;
}

function damaged(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("DamagedFile", { file, problem, remedy: say`export the structure set again` });
}

function tooLarge(file: string, problem: Text): GraderspaceError {
  return new GraderspaceError("TooLarge", { file, problem, remedy: say`export the regions around the lesion alone` });
}
