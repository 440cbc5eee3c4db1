import { REGION } from "../../../core/values/region.ts";
import { pixelAspect, type Slice } from "../../../core/values/slice.ts";
import { type Look, placed } from "../../../core/values/viewport.ts";
import { tracePath } from "../../canvas/bitmap.ts";
import { paintEdgeLetters } from "../slice/edge-letters.ts";
import { barBottom, paintScaleBar, scaleBar } from "../slice/scale-bar.ts";
import { type Stroke, strokeAll } from "./region-layers.ts";

/** From this size of a pixel on its square is shown: outlines can then be followed pixel by pixel. */
const SQUARES = 16;

export interface RegionPainting {
  readonly bitmap: HTMLCanvasElement;
  readonly strokes: readonly Stroke[];
  readonly spacingMm: Slice["spacingMm"];
  readonly geometry: Slice["geometry"];
  readonly look: Look;
}

/** The region's picture, its outlines and a scale bar, in a frame of this size in CSS pixels. */
export function paintRegion(
  context: CanvasRenderingContext2D,
  { bitmap, strokes, spacingMm, geometry, look }: RegionPainting,
  frameWidth: number,
  frameHeight: number,
): void {
  const aspect = pixelAspect({ spacingMm });
  const at = placed(look, { width: REGION, height: REGION, frameWidth, frameHeight, aspect });
  context.imageSmoothingEnabled = at.scale < SQUARES;
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, at.left, at.top, REGION * at.scale, REGION * at.scaleY);
  // Pixel 0's centre is half a pixel inside.
  const centred = { ...at, left: at.left + at.scale / 2, top: at.top + at.scaleY / 2 };
  strokeAll(context, strokes, (loops) => tracePath(context, loops, centred));
  const bar = scaleBar(spacingMm?.[1] ?? null, at.scale, frameWidth / 4);
  paintScaleBar(context, bar, 12, barBottom(bar, frameWidth, frameHeight));
  paintEdgeLetters(context, geometry, frameWidth, frameHeight);
}
