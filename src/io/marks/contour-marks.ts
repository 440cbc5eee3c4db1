import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { emptyMask, type Geometry, type Grader, type Mask, type Slice } from "../../core/values/slice.ts";
import { cross, dot, minus, type Vector } from "../geometry/vector.ts";
import type { PicturePlace } from "../stack/stack.ts";
import type { Belonging, MarkTarget, MarkTargets } from "./mark-plane.ts";

/** A closed line in one plane. */
export interface PlanarContour {
  /** x1, y1, z1, x2, … in LPS millimetres; the last point joins the first. */
  readonly points: Float64Array;
  /** The picture that it was drawn on, where the file names it. */
  readonly sopInstanceUid: string | null;
  /** Frame of that picture, from 0. */
  readonly frame: number | null;
  /** Its inside is turned round where another one's of the same plane lies, not added to it (CLOSEDPLANAR_XOR). */
  readonly xor: boolean;
}

/** Marks as lines in the patient: one entry per region of interest. */
export interface ContourMarks {
  readonly format: "rtstruct";
  readonly file: string;
  /** The series that was marked, where the file names it. */
  readonly seriesInstanceUid: string | null;
  readonly rois: readonly { readonly name: string; readonly contours: readonly PlanarContour[] }[];
}

/** A contour lies in a slice's plane where all of its points do, within this many mm: files round to .01 or .1. */
const SAME_PLANE_MM = 0.1;

/**
 * Every grader's mask of a slice: the pixels whose centres lie inside a contour (even–odd, so that a keyhole cuts its
 * hole), of several contours all of them together. Matched by SOP Instance UID, else by the plane. Empty where nothing matches.
 */
export function contourGradersOn(marks: ContourMarks, { slice, ...target }: MarkTarget): Grader[] {
  const here = matcher(marks, { ...target, geometry: slice.geometry });
  return marks.rois.map(({ name, contours }) => ({ name, mask: maskOf(contours.filter(here), slice) }));
}

/** By series or SOP Instance UID, then by the plane, which is said: another scan may have slices there too. */
export function contoursBelong(marks: ContourMarks, { places, slice }: MarkTargets): Belonging {
  const { file, seriesInstanceUid } = marks;
  const all = marks.rois.flatMap(({ contours }) => contours);
  if (slice.spacingMm === null || places.every(({ geometry }) => geometry === null)) {
    return refused(
      file,
      say`its contours are in millimetres, and the slice does not say where it lies and how large its pixels are`,
    );
  }
  const named = places.some((place) => all.some((contour) => isOf(contour, place)));
  if (named || places.some((place) => seriesInstanceUid !== null && seriesInstanceUid === place.seriesInstanceUid))
    return {};
  const met = places.some(({ geometry }) => geometry !== null && all.some((contour) => liesIn(contour, geometry)));
  if (!met) return refused(file, say`none of its contours lies in the plane of a slice here`);
  if (seriesInstanceUid === null) return {};
  const note = say`it names another series; its contours are laid on the slices of their planes, which another scan may have too`;
  return { note: say`${file}: ${note}` };
}

function refused(file: string, problem: Text): Belonging {
  const remedy = say`open it with the DICOM slices that were marked`;
  return { refusal: new GraderspaceError("GeometryMismatch", { file, problem, remedy }) };
}

function isOf({ sopInstanceUid, frame }: PlanarContour, place: PicturePlace): boolean {
  if (sopInstanceUid === null || sopInstanceUid !== place.sopInstanceUid) return false;
  return frame === null || place.frame === null || frame === place.frame;
}

/** Which contours are on a picture. In the series that was marked a contour that names its picture is on that one alone. */
function matcher(marks: ContourMarks, place: PicturePlace): (contour: PlanarContour) => boolean {
  const { geometry, seriesInstanceUid } = place;
  const sameSeries = marks.seriesInstanceUid !== null && marks.seriesInstanceUid === seriesInstanceUid;
  const named = marks.rois.some(({ contours }) => contours.some((contour) => isOf(contour, place)));
  return (contour) => {
    if ((sameSeries || named) && contour.sopInstanceUid !== null) return isOf(contour, place);
    return geometry !== null && liesIn(contour, geometry);
  };
}

function liesIn({ points }: PlanarContour, { position, rowDirection, columnDirection }: Geometry): boolean {
  const normal = cross(rowDirection, columnDirection);
  for (let i = 0; i + 2 < points.length; i += 3) {
    const point: Vector = [points[i] as number, points[i + 1] as number, points[i + 2] as number];
    if (Math.abs(dot(minus(point, position), normal)) > SAME_PLANE_MM) return false;
  }
  return points.length > 0;
}

/** Plain contours together, and then what is turned round. */
function maskOf(contours: readonly PlanarContour[], slice: Slice): Mask | null {
  if (contours.length === 0 || !slice.geometry || !slice.spacingMm) return null;
  const { width, height, bits } = emptyMask(slice.width, slice.height);
  for (const contour of [...contours].sort((a, b) => Number(a.xor) - Number(b.xor))) {
    const inside = insideOf(contour, slice.geometry, slice.spacingMm, width, height);
    for (let i = 0; i < bits.length; i++) {
      if (inside[i] === 1) bits[i] = contour.xor ? 1 - (bits[i] as number) : 1;
    }
  }
  return bits.includes(1) ? { width, height, bits } : null;
}

/** 1 for each pixel whose centre lies inside (even–odd); a line's lower end counts, its upper one does not. */
function insideOf(
  { points }: PlanarContour,
  geometry: Geometry,
  [betweenRows, betweenColumns]: readonly [number, number],
  width: number,
  height: number,
): Uint8Array {
  const count = points.length / 3;
  const place = (i: number): readonly [number, number] => {
    const at = 3 * (i % count);
    const point: Vector = [points[at] as number, points[at + 1] as number, points[at + 2] as number];
    const from = minus(point, geometry.position);
    return [dot(from, geometry.rowDirection) / betweenColumns, dot(from, geometry.columnDirection) / betweenRows];
  };
  // Where a line passes a row, everything from there on is turned round.
  const inside = new Uint8Array(width * height);
  for (let i = 0; i < count; i++) {
    const [[x0, y0], [x1, y1]] = [place(i), place(i + 1)];
    const end = Math.min(height, Math.ceil(Math.max(y0, y1)));
    for (let y = Math.max(0, Math.ceil(Math.min(y0, y1))); y < end; y++) {
      const x = Math.max(0, Math.ceil(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)));
      if (x < width) inside[y * width + x] = (inside[y * width + x] as number) ^ 1;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let i = y * width + 1; i < (y + 1) * width; i++) inside[i] = (inside[i] as number) ^ (inside[i - 1] as number);
  }
  return inside;
}
