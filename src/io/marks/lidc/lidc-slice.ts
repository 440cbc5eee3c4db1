import { GraderspaceError } from "../../../core/errors.ts";
import type { Grader, Mask } from "../../../core/values/slice.ts";
import type { MarkTarget } from "../mark-plane.ts";
import { contourInterior } from "./lidc-contour.ts";
import type { LidcContour, LidcRead } from "./lidc-xml.ts";

/** Part of a slice, in pixels: of several nodules, the one with most pixels in it lends its ratings. */
interface Within {
  readonly x0: number;
  readonly y0: number;
  readonly size: number;
}

interface LidcOnSlice {
  readonly graders: Grader[];
  /** Nodules under 3 mm: one point each, no outline. */
  readonly points: { readonly grader: number; readonly x: number; readonly y: number }[];
  /** "none": nobody marked anything on this slice. */
  readonly matchedBy: "uid" | "z" | "none";
}

/**
 * Every grader's mask of a slice: the union of the nodules, each the interior of its contours less the interior of its
 * exclusions. Matched by SOP Instance UID, else by z within 0.01 mm (new UIDs after another anonymisation).
 * @throws GeometryMismatch where the read is of another series and matches nothing here
 */
export function lidcGradersOn(read: LidcRead, target: MarkTarget, within?: Within): LidcOnSlice {
  const { slice } = target;
  const contours = read.sessions.flatMap(({ nodules }) => nodules.flatMap((nodule) => nodule.contours));
  const z = slice.geometry?.position[2] ?? null;
  const byUid = (c: LidcContour) => c.sopInstanceUid !== null && c.sopInstanceUid === target.sopInstanceUid;
  const byZ = (c: LidcContour) => z !== null && c.z !== null && Math.abs(c.z - z) < 0.01;
  const sameSeries = read.seriesInstanceUid !== null && read.seriesInstanceUid === target.seriesInstanceUid;
  const matchedBy = contours.some(byUid) ? "uid" : contours.some(byZ) && !sameSeries ? "z" : "none";
  if (matchedBy === "none" && !sameSeries) throw otherSeries(read, target);
  const here = matchedBy === "uid" ? byUid : matchedBy === "z" ? byZ : () => false;

  const points: LidcOnSlice["points"] = [];
  const graders = read.sessions.map(({ name, nodules }, grader): Grader => {
    const union = new Uint8Array(slice.width * slice.height);
    let ratings: Readonly<Record<string, number>> = {};
    let most = -1;
    for (const { contours: all, ratings: own } of nodules) {
      const onSlice = all.filter(here);
      if (onSlice.length === 0) continue;
      for (const { points: p } of onSlice) {
        if (p.length === 2) points.push({ grader, x: p[0] as number, y: p[1] as number });
      }
      const mask = noduleMask(onSlice, slice.width, slice.height);
      for (let i = 0; i < union.length; i++) union[i] = (union[i] as number) | (mask.bits[i] as number);
      const pixels = countWithin(mask, within);
      if (pixels > most && Object.keys(own).length > 0) [most, ratings] = [pixels, own];
    }
    const mask = union.includes(1) ? { width: slice.width, height: slice.height, bits: union } : null;
    return Object.keys(ratings).length > 0 ? { name, mask, ratings } : { name, mask };
  });
  return { graders, points, matchedBy };
}

function otherSeries(read: LidcRead, target: MarkTarget): GraderspaceError {
  const unknown = target.sopInstanceUid === null && target.slice.geometry === null;
  return new GraderspaceError("GeometryMismatch", {
    file: read.file,
    problem: unknown
      ? "its marks cannot be matched to a slice without SOP Instance UID and position"
      : "none of its marks lies on this slice, and it is not a read of this series",
    remedy: "open it with the DICOM slice that was read",
  });
}

function noduleMask(contours: readonly LidcContour[], width: number, height: number): Mask {
  const bits = new Uint8Array(width * height);
  for (const { points, inclusion } of contours) {
    if (inclusion) contourInterior(points, width, height, (at) => void (bits[at] = 1));
  }
  for (const { points, inclusion } of contours) {
    if (!inclusion) contourInterior(points, width, height, (at) => void (bits[at] = 0));
  }
  return { width, height, bits };
}

function countWithin(mask: Mask, within: Within = { x0: 0, y0: 0, size: Math.max(mask.width, mask.height) }): number {
  let count = 0;
  for (let y = within.y0; y < Math.min(mask.height, within.y0 + within.size); y++) {
    for (let x = within.x0; x < Math.min(mask.width, within.x0 + within.size); x++) {
      count += mask.bits[y * mask.width + x] as number;
    }
  }
  return count;
}
