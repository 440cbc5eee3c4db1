import { GraderspaceError } from "../../core/errors.ts";
import type { Grader, Mask, Slice } from "../../core/values/slice.ts";
import { cross, dot, minus, times, type Vector } from "../geometry/vector.ts";
import type { MarkPlane, MarkTarget, PixelMarks } from "./mark-plane.ts";

/** Marks lie within this share of a pixel of the slice's own grid: taken as they are, without interpolation. */
const SAME_GRID = 1e-3;

/**
 * Every grader's mask of a slice. Planes that name the picture they mark are taken as they are; else they are laid over
 * the slice by geometry: bilinear in the plane nearest to each pixel, lesion from one half on.
 * @throws GeometryMismatch where sizes differ and either side has no geometry, or the slice lies outside the marks
 */
export function planeGradersOn(marks: PixelMarks, target: MarkTarget): Grader[] {
  const named = marks.graders.map(({ planes }) => planes.filter((plane) => isOf(plane, target)));
  if (named.some((planes) => planes.length > 0)) {
    return marks.graders.map(({ name }, index) => ({
      name,
      mask: unionOf(named[index] as MarkPlane[], marks, target),
    }));
  }
  const all = marks.graders.flatMap(({ planes }) => planes);
  // The pictures that were marked are named, and this one of their series is not among them: nobody marked it.
  if (sameSeries(marks, target.seriesInstanceUid) && all.every((plane) => plane.sopInstanceUid !== null)) {
    return marks.graders.map(({ name }) => ({ name, mask: null }));
  }
  if (target.slice.geometry && target.slice.spacingMm && all.some((plane) => plane.geometry && plane.spacingMm)) {
    return marks.graders.map(({ name, planes }) => ({ name, mask: laidOver(planes, marks, target) }));
  }
  return marks.graders.map(({ name, planes }) => ({ name, mask: unplaced(planes, marks, target) }));
}

function isOf(plane: MarkPlane, { sopInstanceUid, frame }: MarkTarget): boolean {
  if (plane.sopInstanceUid === null || plane.sopInstanceUid !== sopInstanceUid) return false;
  return plane.frame === null || frame === null || plane.frame === frame;
}

/** Several planes of one grader on the same picture: marked where any of them marks. */
function unionOf(planes: readonly MarkPlane[], marks: PixelMarks, target: MarkTarget): Mask | null {
  const masks = planes.flatMap((plane) => {
    if (plane.values === null) return [];
    const sameSize = plane.width === target.slice.width && plane.height === target.slice.height;
    return (sameSize && onSameGrid(plane, target.slice) ? halves(plane) : laidOver([plane], marks, target)) ?? [];
  });
  const [first, ...rest] = masks;
  if (!first) return null;
  for (const mask of rest) for (const [i, bit] of mask.bits.entries()) first.bits[i] = (first.bits[i] as number) | bit;
  return first;
}

/** Without geometry on one side the sizes must agree, and the file must hold one picture. */
function unplaced(planes: readonly MarkPlane[], marks: PixelMarks, { slice, frame }: MarkTarget): Mask | null {
  if (planes.length === 0) return null;
  const plane = planes.length === 1 ? planes[0] : planes[frame ?? -1];
  if (!plane) {
    throw mismatch(marks, `it holds ${planes.length} pictures, and nothing says which belongs to this slice`);
  }
  if (plane.width !== slice.width || plane.height !== slice.height) {
    throw mismatch(
      marks,
      `it is ${plane.width} × ${plane.height} pixels, the slice ${slice.width} × ${slice.height}, and without the ` +
        "geometry of both it cannot be laid over",
    );
  }
  return halves(plane);
}

function halves({ width, height, values }: MarkPlane): Mask | null {
  if (values === null) return null;
  const bits = Uint8Array.from(values, (value) => (value >= 128 ? 1 : 0));
  return bits.includes(1) ? { width, height, bits } : null;
}

/** Where slice pixel (x, y) lies in the plane: start + x·right + y·down = [column, row, mm off the plane]. */
interface Overlay {
  readonly plane: MarkPlane;
  readonly start: Vector;
  readonly right: Vector;
  readonly down: Vector;
}

function along({ start, right, down }: Overlay, axis: 0 | 1 | 2, x: number, y: number): number {
  return start[axis] + x * right[axis] + y * down[axis];
}

function overlay(plane: MarkPlane, slice: Slice): Overlay | null {
  const [from, to] = [slice.geometry, plane.geometry];
  const [step, size] = [slice.spacingMm, plane.spacingMm];
  if (!from || !to || !step || !size) return null;
  const normal = cross(to.rowDirection, to.columnDirection);
  const inPlane = (v: Vector): Vector => [
    dot(v, to.rowDirection) / size[1],
    dot(v, to.columnDirection) / size[0],
    dot(v, normal),
  ];
  return {
    plane,
    start: inPlane(minus(from.position, to.position)),
    right: inPlane(times(step[1], from.rowDirection)),
    down: inPlane(times(step[0], from.columnDirection)),
  };
}

function cornersOf({ width, height }: Slice): [number, number][] {
  return [
    [0, 0],
    [width - 1, 0],
    [0, height - 1],
    [width - 1, height - 1],
  ];
}

function onSameGrid(plane: MarkPlane, slice: Slice): boolean {
  const over = overlay(plane, slice);
  if (!over) return true;
  return cornersOf(slice).every(
    ([x, y]) => Math.abs(along(over, 0, x, y) - x) < SAME_GRID && Math.abs(along(over, 1, x, y) - y) < SAME_GRID,
  );
}

function laidOver(planes: readonly MarkPlane[], marks: PixelMarks, target: MarkTarget): Mask | null {
  const { slice, seriesInstanceUid } = target;
  const overlays = planes.flatMap((plane) => overlay(plane, target.slice) ?? []);
  if (overlays.length === 0) return unplaced(planes, marks, target);
  const reach = reachOf(overlays, slice);
  const bits = new Uint8Array(slice.width * slice.height);
  const near = nearOnes(overlays, slice, reach);
  if (near.length === 0 && !sameSeries(marks, seriesInstanceUid)) {
    throw mismatch(marks, "it lies in another place than this slice, by the positions both name");
  }
  for (let y = 0; y < slice.height; y++) {
    for (let x = 0; x < slice.width; x++) bits[y * slice.width + x] = shareAt(near, x, y, reach) >= 127.5 ? 1 : 0;
  }
  return bits.includes(1) ? { width: slice.width, height: slice.height, bits } : null;
}

function sameSeries(marks: PixelMarks, seriesInstanceUid: string | null): boolean {
  return marks.seriesInstanceUid !== null && marks.seriesInstanceUid === seriesInstanceUid;
}

/** How far from a plane, in mm, its marks still count: half the gap to the next one, or half a thickness. */
function reachOf(overlays: readonly Overlay[], { geometry, spacingMm }: Slice): number {
  const offs = overlays.map((over) => over.start[2]).sort((a, b) => a - b);
  const gaps = offs.slice(1).flatMap((off, i) => (off - (offs[i] as number) > 1e-3 ? [off - (offs[i] as number)] : []));
  const gap = gaps.length > 0 ? Math.min(...gaps) : 0;
  const thick = Math.max(0, ...overlays.map((over) => over.plane.geometry?.thicknessMm ?? 0));
  return Math.max(gap || thick || geometry?.thicknessMm || spacingMm?.[0] || 0, 0.02) / 2 + 1e-3;
}

function nearOnes(overlays: readonly Overlay[], slice: Slice, reach: number): Overlay[] {
  const corners = cornersOf(slice);
  return overlays.filter((over) => {
    const meets = (axis: 0 | 1 | 2, low: number, high: number) => {
      const places = corners.map(([x, y]) => along(over, axis, x, y));
      return Math.min(...places) <= high && Math.max(...places) >= low;
    };
    return meets(2, -reach, reach) && meets(0, -0.5, over.plane.width - 0.5) && meets(1, -0.5, over.plane.height - 0.5);
  });
}

/** Bilinear share 0…255 in the nearest plane within reach; outside every plane nothing is marked. */
function shareAt(overlays: readonly Overlay[], x: number, y: number, reach: number): number {
  let best = 0;
  let nearest = reach;
  for (const over of overlays) {
    const off = Math.abs(along(over, 2, x, y));
    if (off > nearest) continue;
    nearest = off;
    best = bilinear(over.plane, along(over, 0, x, y), along(over, 1, x, y));
  }
  return best;
}

function bilinear({ values, width, height }: MarkPlane, column: number, row: number): number {
  if (values === null) return 0;
  const [x, y] = [snapped(column), snapped(row)];
  if (x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5) return 0;
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const value = (cx: number, cy: number) =>
    values[Math.min(height - 1, Math.max(0, cy)) * width + Math.min(width - 1, Math.max(0, cx))] as number;
  const [fx, fy] = [x - x0, y - y0];
  const top = value(x0, y0) * (1 - fx) + value(x0 + 1, y0) * fx;
  const bottom = value(x0, y0 + 1) * (1 - fx) + value(x0 + 1, y0 + 1) * fx;
  return top * (1 - fy) + bottom * fy;
}

function snapped(place: number): number {
  const whole = Math.round(place);
  return Math.abs(place - whole) < SAME_GRID ? whole : place;
}

function mismatch(marks: PixelMarks, problem: string): GraderspaceError {
  return new GraderspaceError("GeometryMismatch", {
    file: marks.file,
    problem,
    remedy: "open the marks together with the slice they were drawn on",
  });
}
