import { GraderspaceError } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import type { Grader, Mask } from "../../../core/values/slice.ts";
import type { PicturePlace } from "../../stack/stack.ts";
import type { Belonging, MarkTarget, MarkTargets } from "../mark-plane.ts";
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
 * exclusions. Matched by SOP Instance UID, else by z within 0.01 mm (new UIDs after another anonymisation). Empty where
 * nothing matches.
 */
export function lidcGradersOn(read: LidcRead, target: MarkTarget, within?: Within): LidcOnSlice {
  const { slice } = target;
  const contours = contoursOf(read);
  const place: PicturePlace = { ...target, geometry: slice.geometry };
  const matchedBy = contours.some(byUid(place)) ? "uid" : matchesZ(read, contours, place) ? "z" : "none";
  const here = matchedBy === "uid" ? byUid(place) : matchedBy === "z" ? byZ(place) : () => false;

  const points: LidcOnSlice["points"] = [];
  const graders = read.sessions.map(({ name, nodules }, grader): Grader => {
    const small: [number, number][] = [];
    const union = new Uint8Array(slice.width * slice.height);
    let ratings: Readonly<Record<string, number>> = {};
    let most = -1;
    for (const { contours: all, ratings: own } of nodules) {
      const onSlice = all.filter(here);
      if (onSlice.length === 0) continue;
      for (const { points: p } of onSlice) {
        if (p.length !== 2) continue;
        points.push({ grader, x: p[0] as number, y: p[1] as number });
        small.push([p[0] as number, p[1] as number]);
      }
      const mask = noduleMask(onSlice, slice.width, slice.height);
      for (let i = 0; i < union.length; i++) union[i] = (union[i] as number) | (mask.bits[i] as number);
      const pixels = countWithin(mask, within);
      if (pixels > most && Object.keys(own).length > 0) [most, ratings] = [pixels, own];
    }
    const mask = union.includes(1) ? { width: slice.width, height: slice.height, bits: union } : null;
    return {
      name,
      mask,
      ...(Object.keys(ratings).length > 0 ? { ratings } : {}),
      ...(small.length > 0 ? { points: small } : {}),
    };
  });
  return { graders, points, matchedBy };
}

function contoursOf(read: LidcRead): LidcContour[] {
  return read.sessions.flatMap(({ nodules }) => nodules.flatMap((nodule) => nodule.contours));
}

function byUid({ sopInstanceUid }: PicturePlace): (contour: LidcContour) => boolean {
  return (contour) => contour.sopInstanceUid !== null && contour.sopInstanceUid === sopInstanceUid;
}

function byZ({ geometry }: PicturePlace): (contour: LidcContour) => boolean {
  const z = geometry?.position[2] ?? null;
  return (contour) => z !== null && contour.z !== null && Math.abs(contour.z - z) < 0.01;
}

function isOfSeries({ seriesInstanceUid }: LidcRead, place: PicturePlace): boolean {
  return seriesInstanceUid !== null && seriesInstanceUid === place.seriesInstanceUid;
}

/** In its own series a slice is named by its UID; z tells slices apart where all UIDs are other ones. */
function matchesZ(read: LidcRead, contours: readonly LidcContour[], place: PicturePlace): boolean {
  return !isOfSeries(read, place) && contours.some(byZ(place));
}

/** By series, then by SOP Instance UID, then by z, which is said: another scan may have slices there too. */
export function lidcBelongs(read: LidcRead, { places }: MarkTargets): Belonging {
  const contours = contoursOf(read);
  if (places.some((place) => isOfSeries(read, place) || contours.some(byUid(place)))) return {};
  if (places.some((place) => matchesZ(read, contours, place))) {
    const note = say`it names another series; its marks are laid on the slices at their z, which another scan may have too`;
    return { note: say`${read.file}: ${note}` };
  }
  const unknown = places.every((place) => place.sopInstanceUid === null && place.geometry === null);
  const problem = unknown
    ? say`its marks cannot be matched to a slice without SOP Instance UID and position`
    : say`it is a read of another series, and none of its marks lies here`;
  const remedy = say`open it with the DICOM slices that were read`;
  return { refusal: new GraderspaceError("GeometryMismatch", { file: read.file, problem, remedy }) };
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
