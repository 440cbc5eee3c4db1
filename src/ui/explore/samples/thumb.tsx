import { memo, useLayoutEffect, useRef } from "react";
import type { Samples } from "../../../core/network/encoding.ts";
import type { Box } from "../../../core/values/viewport.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { lesionFrame } from "../../../state/explore/lesion-frame.ts";
import { drawnOnScreen } from "../../../state/explore/masks.ts";
import { regionGrey } from "../../../state/explore/region.ts";
import { takePaintedEarly } from "../../canvas/painted-early.ts";
import { paintThumb, SMALL_COLOUR } from "./paint-thumb.ts";

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
  colour = SMALL_COLOUR,
  samples,
  frame,
}: Look & { readonly samples: Samples | null; readonly frame: Box | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const grey = useSelect(regionGrey);
  const threshold = useSelect((state) => state.intent.threshold);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !samples || !grey || !frame || index >= samples.count) return;
    if (takePaintedEarly(context.canvas)) return;
    paintThumb(context, { samples, index, grey, frame, threshold, large, colour });
  }, [samples, grey, frame, threshold, index, large, colour]);
  const pixels = large ? 192 : 112;
  return <canvas ref={canvas} width={pixels} height={pixels} />;
});
