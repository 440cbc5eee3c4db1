import type { Geometry } from "../../core/values/slice.ts";
import { isLength } from "./length.ts";
import { dot, type Vector } from "./vector.ts";

/** True where the axes of a picture are no right angle: no slice can stand for it. */
export function isSheared(x: Vector, y: Vector): boolean {
  return Math.abs(dot(x, y) / (Math.hypot(...x) * Math.hypot(...y))) > 1e-3;
}

/**
 * Place of slice k of a volume whose voxels step by `x`, `y` and `normal` from `origin`, in LPS millimetres. Null where
 * a step is no length, and for sheared axes, which no slice with right angles can stand for.
 */
export function sliceGeometry(origin: Vector, x: Vector, y: Vector, normal: Vector, k: number): Geometry | null {
  const [lx, ly, ln] = [Math.hypot(...x), Math.hypot(...y), Math.hypot(...normal)];
  if (!isLength(lx) || !isLength(ly) || isSheared(x, y)) return null;
  // Adding 0 turns −0 into 0.
  const position = [0, 1, 2].map((i) => (origin[i] as number) + k * (normal[i] as number) + 0);
  if (!position.every(Number.isFinite)) return null;
  const unit = (v: Vector, length: number) => v.map((c) => c / length + 0) as [number, number, number];
  return {
    position: position as [number, number, number],
    rowDirection: unit(x, lx),
    columnDirection: unit(y, ly),
    thicknessMm: isLength(ln) ? ln : null,
  };
}
