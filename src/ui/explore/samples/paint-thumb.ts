import type { Samples } from "../../../core/network/encoding.ts";
import { REGION } from "../../../core/values/region.ts";
import type { Box } from "../../../core/values/viewport.ts";
import { bitmapOf, greyRgba, tracePath } from "../../canvas/bitmap.ts";
import { strokeAll } from "../region/region-layers.ts";
import { sampleLines } from "./sample-lines.ts";

/** Of the line round a sample that is not pinned. */
export const SMALL_COLOUR = "#a9d5ff";

export interface ThumbPainting {
  readonly samples: Samples;
  readonly index: number;
  readonly grey: Uint8Array | Uint8ClampedArray;
  /** What is shown of the region. */
  readonly frame: Box;
  readonly threshold: number;
  readonly large: boolean;
  readonly colour: string;
}

/** One sample's outline on the CT, over all of the canvas. */
export function paintThumb(
  context: CanvasRenderingContext2D,
  { samples, index, grey, frame, threshold, large, colour }: ThumbPainting,
): void {
  const size = context.canvas.width;
  const [scale, scaleY] = [size / frame.width, size / frame.height];
  const [left, top] = [-frame.x * scale, -frame.y * scaleY];
  context.clearRect(0, 0, size, size);
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = "high";
  context.drawImage(greyBitmap(grey), left, top, REGION * scale, REGION * scaleY);
  const at = { left: left + scale / 2, top: top + scaleY / 2, scale, scaleY };
  const loops = sampleLines(samples, index, threshold);
  const trace = (some: readonly Float32Array[]) => tracePath(context, some, at);
  trace(loops);
  context.fillStyle = "rgb(60 130 255 / 38%)";
  context.fill();
  strokeAll(
    context,
    [
      { loops, colour: "rgb(0 0 0 / 55%)", width: large ? 5 : 4 },
      { loops, colour, width: 2 },
    ],
    trace,
  );
}

let last: { grey: object; bitmap: HTMLCanvasElement } | null = null;

/** The region's greys are the same for every thumb: one bitmap for all of them. */
function greyBitmap(grey: Uint8Array | Uint8ClampedArray): HTMLCanvasElement {
  if (last?.grey !== grey) last = { grey, bitmap: bitmapOf(greyRgba(grey), REGION, REGION) };
  return last.bitmap;
}
