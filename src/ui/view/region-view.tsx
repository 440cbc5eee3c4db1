import { useMemo } from "react";
import { REGION } from "../../core/region.ts";
import { frameOnScreen } from "../../state/keys.ts";
import { useSelect } from "../../state/react.tsx";
import { regionSummary } from "../summaries.ts";
import { fitted, tracePath } from "./bitmap.ts";
import { LassoLayer } from "./lasso-layer.tsx";
import { Painting } from "./painting.tsx";
import { strokeAll } from "./region-layers.ts";
import { regionBitmap, regionStrokes } from "./region-picture.ts";
import { paintScaleBar, scaleBar } from "./scale-bar.ts";

/** The region, large, with the chosen map and outlines over it. */
export function RegionView() {
  const bitmap = useSelect(regionBitmap);
  const strokes = useSelect(regionStrokes);
  const mmPerPixel = useSelect((state) => frameOnScreen(state)?.slice.spacingMm?.[1] ?? null);
  const summary = useSelect(regionSummary);
  const shown = useSelect((state) => state.current?.key);

  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, width: number, height: number) => {
      if (!bitmap) return;
      const at = fitted(REGION, REGION, width, height);
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, at.left, at.top, REGION * at.scale, REGION * at.scale);
      // Pixel 0's centre is half a pixel inside.
      const centred = { ...at, left: at.left + at.scale / 2, top: at.top + at.scale / 2 };
      strokeAll(context, strokes, (loops) => tracePath(context, loops, centred));
      paintScaleBar(context, scaleBar(mmPerPixel, at.scale, width / 4), at.left + 12, at.top + REGION * at.scale - 12);
    },
    [bitmap, strokes, mmPerPixel],
  );
  return (
    <Painting name="Region" summary={summary} paint={paint} shown={shown} className="square">
      <LassoLayer />
    </Painting>
  );
}
