import type { Grader } from "../../core/values/slice.ts";
import { type ContourMarks, contourGradersOn, contoursBelong } from "./contour-marks.ts";
import { lidcBelongs, lidcGradersOn } from "./lidc/lidc-slice.ts";
import type { LidcRead } from "./lidc/lidc-xml.ts";
import type { Belonging, MarkPlane, MarkTarget, MarkTargets, PixelMarks } from "./mark-plane.ts";
import { planeGradersOn, planesBelong } from "./resample-marks.ts";

/** A file of graders' marks, as read. */
export type Marks = LidcRead | PixelMarks | ContourMarks;

/** Every grader's marks on one slice, in its size; a grader who marked nothing there has a null mask. */
export function gradersOn(marks: Marks, target: MarkTarget): Grader[] {
  if ("rois" in marks) return contourGradersOn(marks, target);
  return "sessions" in marks ? lidcGradersOn(marks, target).graders : planeGradersOn(marks, target);
}

/** Names of the graders of a file, in the order of `gradersOn`. */
export function graderNames(marks: Marks): string[] {
  if ("rois" in marks) return marks.rois.map(({ name }) => name);
  return ("sessions" in marks ? marks.sessions : marks.graders).map(({ name }) => name);
}

/** Whether marks belong to any of these pictures. */
export function belongsTo(marks: Marks, targets: MarkTargets): Belonging {
  if ("rois" in marks) return contoursBelong(marks, targets);
  return "sessions" in marks ? lidcBelongs(marks, targets) : planesBelong(marks, targets);
}

/** What `inspect` prints of a file of marks. */
interface MarksSummary {
  readonly kind: "marks";
  readonly format: Marks["format"];
  readonly graders: readonly { readonly name: string; readonly marks: number; readonly contours: number }[];
  /** Pictures on which anyone marked anything. */
  readonly slices: number;
}

/**
 * Marks: LIDC's nodules, else pictures with a mark. Contours: outlines where a file has them, else again the pictures with a mark. Of
 * several files the graders of all, and the slices of the one that reaches furthest.
 */
export function summaryOf(files: readonly Marks[]): MarksSummary {
  const all = files.map(summaryOfOne);
  const format = all[0]?.format ?? "png";
  const slices = Math.max(0, ...all.map((each) => each.slices));
  return { kind: "marks", format, graders: all.flatMap(({ graders }) => graders), slices };
}

function summaryOfOne(marks: Marks): MarksSummary {
  if ("rois" in marks) return contourSummary(marks);
  if ("sessions" in marks) {
    const graders = marks.sessions.map(({ name, nodules }) => ({
      name,
      marks: nodules.length,
      contours: nodules.reduce((sum, nodule) => sum + nodule.contours.length, 0),
    }));
    const contours = marks.sessions.flatMap(({ nodules }) => nodules.flatMap((nodule) => nodule.contours));
    const slices = new Set(contours.map((contour) => contour.sopInstanceUid ?? contour.z)).size;
    return { kind: "marks", format: marks.format, graders, slices };
  }
  const marked = marks.graders.map(({ planes }) => planes.map((plane, at) => (plane.values ? at : -1)));
  const graders = marks.graders.map(({ name }, index) => {
    const count = (marked[index] ?? []).filter((at) => at >= 0).length;
    return { name, marks: count, contours: count };
  });
  const slices = new Set(marks.graders.flatMap(({ planes }) => planes.filter((plane) => plane.values).map(placeOf)));
  return { kind: "marks", format: marks.format, graders, slices: slices.size };
}

/** Marks: pictures, or planes where none is named, with a contour; contours: all of them. */
function contourSummary({ format, rois }: ContourMarks): MarksSummary {
  const planes = rois.map(({ contours }) =>
    contours.map((one) => one.sopInstanceUid ?? `z ${one.points[2]?.toFixed(1)}`),
  );
  const graders = rois.map(({ name, contours }, i) => ({
    name,
    marks: new Set(planes[i]).size,
    contours: contours.length,
  }));
  return { kind: "marks", format, graders, slices: new Set(planes.flat()).size };
}

function placeOf({ sopInstanceUid, frame, geometry }: MarkPlane): string {
  return JSON.stringify([sopInstanceUid, frame, sopInstanceUid === null ? geometry?.position : null]);
}
