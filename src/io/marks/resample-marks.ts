import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Grader, Mask, Slice } from "../../core/values/slice.ts";
import { cross, dot, minus, times, type Vector } from "../geometry/vector.ts";
import type { Belonging, MarkPlane, MarkTarget, MarkTargets, PixelMarks } from "./mark-plane.ts";

/** Marks lie within this share of a pixel of the slice's own grid: taken as they are, without interpolation. */
const SAME_GRID = 1e-3;

/**
 * Every grader's mask of a slice. Planes that name the picture they mark are taken as they are; else they are laid over
 * the slice by geometry: bilinear in the plane nearest to each pixel, lesion from one half on. Empty where none reaches.
 */
export function planeGradersOn(marks: PixelMarks, target: MarkTarget): Grader[] {
  return marks.graders.map(({ name }, index) => ({ name, mask: halves(sharesOf(marks, index, target), target.slice) }));
}

/** Share of lesion, 0…255, of grader `index` on a slice, [H, W] row-major, laid as `planeGradersOn` says; null where none reaches. */
export function sharesOf(marks: PixelMarks, index: number, target: MarkTarget): Shares | null {
  const { planes } = marks.graders[index] as PixelMarks["graders"][number];
  const all = marks.graders.flatMap((grader) => grader.planes);
  if (all.some((plane) => isOf(plane, target))) {
    return unionOf(
      planes.filter((plane) => isOf(plane, target)),
      target,
    );
  }
  // The pictures that were marked are named, and this one of their series is not among them: nobody marked it.
  if (sameSeries(marks, target.seriesInstanceUid) && all.every((plane) => plane.sopInstanceUid !== null)) return null;
  if (target.slice.geometry && target.slice.spacingMm && all.some(isPlaced)) {
    return laidOver(planes.filter(isPlaced), target.slice);
  }
  return unplaced(planes, target);
}

type Shares = Uint8Array | Float32Array;

function isPlaced({ geometry, spacingMm }: MarkPlane): boolean {
  return geometry !== null && spacingMm !== null;
}

/** Whether the marks name one of these pictures, reach one in space, or are one picture of the size of the one shown. */
export function planesBelong(marks: PixelMarks, { slice, places, shown }: MarkTargets): Belonging {
  const all = marks.graders.flatMap(({ planes }) => planes);
  const targets = places.map((place): MarkTarget => ({ slice: { ...slice, geometry: place.geometry }, ...place }));
  if (targets.some((target) => all.some((plane) => isOf(plane, target)))) return {};
  if (targets.some(({ seriesInstanceUid }) => sameSeries(marks, seriesInstanceUid))) return {};
  const reachable = targets.filter((target) => target.slice.geometry !== null && slice.spacingMm !== null);
  if (reachable.length > 0 && all.some(isPlaced)) {
    const overAll = (target: MarkTarget) => all.flatMap((plane) => overlay(plane, target.slice) ?? []);
    const met = reachable.some((target) => {
      const overlays = overAll(target);
      return nearOnes(overlays, target.slice, reachOf(overlays, target.slice)).length > 0;
    });
    return met ? {} : leftOut(marks, say`it lies in another place, by the positions both name`);
  }
  if (all.some(({ width, height }) => width !== slice.width || height !== slice.height)) {
    const [plane] = all as [MarkPlane];
    return leftOut(
      marks,
      `it is ${plane.width} × ${plane.height} pixels, the slice ${slice.width} × ${slice.height}, and without the ` +
        "geometry of both it cannot be laid over",
    );
  }
  const most = Math.max(0, ...marks.graders.map(({ planes }) => planes.length));
  if (most <= 1) return { alone: true };
  // Pictures in the same order as those of the file that holds the slice.
  if (most === places.length && places[shown]?.frame !== null) return {};
  return leftOut(marks, say`it holds ${most} pictures, and nothing says which belongs to which slice`);
}

function leftOut({ file }: PixelMarks, problem: Text): Belonging {
  const remedy = say`open the marks together with the slice they were drawn on`;
  return { refusal: new GraderspaceError("GeometryMismatch", { file, problem, remedy }) };
}

function isOf(plane: MarkPlane, { sopInstanceUid, frame }: MarkTarget): boolean {
  if (plane.sopInstanceUid === null || plane.sopInstanceUid !== sopInstanceUid) return false;
  return plane.frame === null || frame === null || plane.frame === frame;
}

/** Several planes of one grader on the same picture: marked where any of them marks. */
function unionOf(planes: readonly MarkPlane[], { slice }: MarkTarget): Shares | null {
  const shares = planes.flatMap((plane) => {
    if (plane.values === null) return [];
    const sameSize = plane.width === slice.width && plane.height === slice.height;
    return (sameSize && onSameGrid(plane, slice) ? plane.values : laidOver([plane], slice)) ?? [];
  });
  const [first, ...rest] = shares;
  if (!first || rest.length === 0) return first ?? null;
  const most = Float32Array.from(first);
  for (const other of rest)
    for (let i = 0; i < most.length; i++) most[i] = Math.max(most[i] as number, other[i] as number);
  return most;
}

/** Without geometry on one side: the only picture of the marks, or the one at the slice's place in its own file. */
function unplaced(planes: readonly MarkPlane[], { slice, frame }: MarkTarget): Shares | null {
  const plane = planes.length === 1 ? planes[0] : planes[frame ?? -1];
  if (!plane || plane.width !== slice.width || plane.height !== slice.height) return null;
  return plane.values;
}

/** Lesion from one half on; null where nothing is. */
function halves(
  shares: Shares | null,
  { width, height }: { readonly width: number; readonly height: number },
): Mask | null {
  if (shares === null) return null;
  const bits = new Uint8Array(shares.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (shares[i] as number) >= 127.5 ? 1 : 0;
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

function laidOver(planes: readonly MarkPlane[], slice: Slice): Float32Array | null {
  const overlays = planes.flatMap((plane) => overlay(plane, slice) ?? []);
  if (overlays.length === 0) return null;
  const reach = reachOf(overlays, slice);
  const near = nearOnes(overlays, slice, reach);
  if (near.length === 0) return null;
  const shares = new Float32Array(slice.width * slice.height);
  for (let y = 0; y < slice.height; y++) {
    for (let x = 0; x < slice.width; x++) shares[y * slice.width + x] = shareAt(near, x, y, reach);
  }
  return shares;
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
