import { REGION } from "../../../core/values/region.ts";
import { pixelAspect, type Slice } from "../../../core/values/slice.ts";
import { type Look, type Placement, placed } from "../../../core/values/viewport.ts";
import { decimals } from "../../app/format.ts";
import { paintEdgeLetters } from "./edge-letters.ts";
import { barBottom, outlinedText, paintScaleBar, scaleBar } from "./scale-bar.ts";

export interface SlicePainting {
  readonly bitmap: HTMLCanvasElement;
  readonly slice: Slice;
  /** Corner of the region's box. */
  readonly origin: readonly [number, number];
  readonly look: Look;
  /** Centre and width. */
  readonly window: readonly [number, number];
}

/** The whole slice with the region's box, its window in words and a scale bar, in a frame of this size in CSS pixels. */
export function paintSlice(
  context: CanvasRenderingContext2D,
  { bitmap, slice, origin, look, window: [centre, width] }: SlicePainting,
  frameWidth: number,
  frameHeight: number,
): void {
  const at = placed(look, { ...framedBy(slice), frameWidth, frameHeight });
  context.imageSmoothingEnabled = at.scale < 4;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, at.left, at.top, slice.width * at.scale, slice.height * at.scaleY);
  paintBox(context, at, origin);
  const bar = scaleBar(slice.spacingMm?.[1] ?? null, at.scale, frameWidth / 4);
  paintScaleBar(context, bar, 12, barBottom(bar, frameWidth, frameHeight));
  paintEdgeLetters(context, slice.geometry, frameWidth, frameHeight);
  const unit = slice.unit === "HU" ? " HU" : "";
  outlinedText(context, `C ${decimals(centre, 0)}  W ${Math.round(width)}${unit}`, 10, 18);
}

export function framedBy(slice: Slice) {
  return { width: slice.width, height: slice.height, aspect: pixelAspect(slice) };
}

function paintBox(context: CanvasRenderingContext2D, at: Placement, [x0, y0]: SlicePainting["origin"]): void {
  const [left, top] = [at.left + x0 * at.scale, at.top + y0 * at.scaleY];
  const [width, height] = [REGION * at.scale, REGION * at.scaleY];
  context.save();
  context.strokeStyle = "rgb(0 0 0 / 60%)";
  context.lineWidth = 3.5;
  context.strokeRect(left, top, width, height);
  context.strokeStyle = "#8ab8ff";
  context.lineWidth = 1.5;
  context.strokeRect(left, top, width, height);
  context.restore();
}
