import { REACH } from "../../../state/app/intent.ts";
import type { State } from "../../../state/app/shape.ts";
import { encodeKey } from "../../../state/explore/keys.ts";
import type { Plane } from "../../../state/explore/latent/masks-over-z.ts";
import type { planeMarks } from "../../../state/explore/latent/plane-marks.ts";
import { slotColour } from "../../app/colours.ts";
import { bitmapOf } from "../../canvas/bitmap.ts";
import { littleMaskRgba } from "./little-mask-rgba.ts";
import { paintDot, paintGrader } from "./point-marks.ts";

/** The plane of the region on the screen, as far as it is filled. */
export function planeOnScreen(state: State): Plane | null {
  const key = encodeKey(state);
  return key !== null && state.plane?.key.startsWith(`${key}|`) ? state.plane.value : null;
}

export interface PlanePainting {
  /** All cells; null where there are none yet. */
  readonly bitmap: HTMLCanvasElement | null;
  readonly marks: ReturnType<typeof planeMarks>;
}

/** Cells, circles, samples, graders and the handle, in a frame of this size in CSS pixels. */
export function paintPlane(
  context: CanvasRenderingContext2D,
  { bitmap, marks }: PlanePainting,
  width: number,
  height: number,
): void {
  const side = Math.min(width, height);
  const [left, top] = [(width - side) / 2, (height - side) / 2];
  // The outer masks are whole: the plane reaches half a cell past ±4σ.
  const unit = side / (2 * REACH + CELL_SIGMA);
  const at = (right: number, up: number): [number, number] => [
    left + side / 2 + right * unit,
    top + side / 2 - up * unit,
  ];
  if (bitmap) {
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(bitmap, left, top, side, side);
  }
  paintCircles(context, at, unit);
  for (const dot of marks.samples) paintDot(context, at(...dot.at), dot.chosen);
  for (const grader of marks.graders)
    paintGrader(context, at(...clamped(grader.at)), grader.text, slotColour(grader.slot));
  if (marks.z) paintHandle(context, at(...clamped(marks.z)));
}

/** Width of one little mask in σ. */
export const CELL_SIGMA = (2 * REACH) / 18;

/** All cells side by side: lesion light on dark, its boundary at the threshold. */
export function planeBitmap({ side, cells, cellSize }: Plane, threshold: number): HTMLCanvasElement {
  const width = side * cellSize;
  const rgba = new Uint8ClampedArray(4 * width * width);
  for (const [cell, bytes] of cells.entries()) {
    if (!bytes) continue;
    const first = 4 * (Math.floor(cell / side) * cellSize * width + (cell % side) * cellSize);
    littleMaskRgba(bytes, threshold, rgba, first, 4 * width, cellSize);
  }
  return bitmapOf(rgba, width, width);
}

type At = (right: number, up: number) => [number, number];

function paintCircles(context: CanvasRenderingContext2D, at: At, unit: number): void {
  const [x, y] = at(0, 0);
  context.save();
  for (let sigma = 1; sigma <= REACH; sigma++) {
    context.beginPath();
    context.arc(x, y, sigma * unit, 0, 2 * Math.PI);
    context.strokeStyle = "rgb(0 0 0 / 45%)";
    context.lineWidth = 2.5;
    context.stroke();
    context.strokeStyle = "rgb(255 214 140 / 70%)";
    context.lineWidth = 1;
    context.stroke();
  }
  context.restore();
}

function paintHandle(context: CanvasRenderingContext2D, [x, y]: [number, number]): void {
  context.save();
  for (const [colour, width] of [
    ["rgb(0 0 0 / 75%)", 5],
    ["#ffffff", 2],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, 10, 0, 2 * Math.PI);
    context.moveTo(x - 15, y);
    context.lineTo(x - 6, y);
    context.moveTo(x + 6, y);
    context.lineTo(x + 15, y);
    context.moveTo(x, y - 15);
    context.lineTo(x, y - 6);
    context.moveTo(x, y + 6);
    context.lineTo(x, y + 15);
    context.stroke();
  }
  context.restore();
}

/** A place within reach. */
export function clamped([right, up]: readonly [number, number]): [number, number] {
  const clamp = (value: number) => Math.max(-REACH, Math.min(REACH, value));
  return [clamp(right), clamp(up)];
}
