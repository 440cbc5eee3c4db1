import { memo, useLayoutEffect, useRef } from "react";
import type { Samples } from "../../../core/network/encoding.ts";
import { isoLines } from "../../../core/values/contour.ts";
import { REGION } from "../../../core/values/region.ts";
import { sampleAt } from "../../../core/values/threshold.ts";
import type { Box } from "../../../core/values/viewport.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { lesionFrame } from "../../../state/explore/lesion-frame.ts";
import { drawnOnScreen } from "../../../state/explore/masks.ts";
import { regionGrey } from "../../../state/explore/region.ts";
import { bitmapOf, greyRgba, tracePath } from "../../canvas/bitmap.ts";
import { strokeAll } from "../region/region-layers.ts";

interface Look {
  readonly index: number;
  readonly large?: boolean;
  readonly colour?: string;
}

/** One sample of the strip round the lesion. */
export const Thumb = memo(function Thumb(look: Look) {
  const drawn = useSelect(drawnOnScreen);
  const frame = useSelect(lesionFrame);
  return <SampleThumb {...look} samples={drawn?.samples ?? null} frame={frame} />;
});

/** One sample within a box of the region: its outline on the CT. */
export const SampleThumb = memo(function SampleThumb({
  index,
  large = false,
  colour = "#a9d5ff",
  samples,
  frame,
}: Look & { readonly samples: Samples | null; readonly frame: Box | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const grey = useSelect(regionGrey);
  const threshold = useSelect((state) => state.intent.threshold);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !samples || !grey || !frame || index >= samples.count) return;
    const size = context.canvas.width;
    const [scale, scaleY] = [size / frame.width, size / frame.height];
    const [left, top] = [-frame.x * scale, -frame.y * scaleY];
    context.clearRect(0, 0, size, size);
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(greyBitmap(grey), left, top, REGION * scale, REGION * scaleY);
    const at = { left: left + scale / 2, top: top + scaleY / 2, scale, scaleY };
    const loops = isoLines(sampleAt(samples, index), REGION, REGION, threshold);
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
  }, [samples, grey, frame, threshold, index, large, colour]);
  const pixels = large ? 192 : 112;
  return <canvas ref={canvas} width={pixels} height={pixels} />;
});

let last: { grey: object; bitmap: HTMLCanvasElement } | null = null;

/** The region's greys are the same for every thumb: one bitmap for all of them. */
function greyBitmap(grey: Uint8Array | Uint8ClampedArray): HTMLCanvasElement {
  if (last?.grey !== grey) last = { grey, bitmap: bitmapOf(greyRgba(grey), REGION, REGION) };
  return last.bitmap;
}
