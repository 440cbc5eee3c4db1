import { useMemo } from "react";
import { placed } from "../../core/look.ts";
import { REGION } from "../../core/region.ts";
import { frameOnScreen } from "../../state/keys.ts";
import { useSelect } from "../../state/react.tsx";
import { regionSummary } from "../summaries.ts";
import { tracePath } from "./bitmap.ts";
import { Painting } from "./painting.tsx";
import { RegionHand } from "./region-hand.tsx";
import { strokeAll } from "./region-layers.ts";
import { regionBitmap, regionStrokes } from "./region-picture.ts";
import { paintScaleBar, scaleBar } from "./scale-bar.ts";

/** From this size of a pixel on its square is shown: outlines can then be followed pixel by pixel. */
const SQUARES = 16;

/** The region, large, with the chosen map and outlines over it. */
export function RegionView() {
  const bitmap = useSelect(regionBitmap);
  const strokes = useSelect(regionStrokes);
  const mmPerPixel = useSelect((state) => frameOnScreen(state)?.slice.spacingMm?.[1] ?? null);
  const look = useSelect((state) => state.intent.view.look);
  const summary = useSelect(regionSummary);
  const shown = useSelect((state) => state.current?.key);

  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, frameWidth: number, frameHeight: number) => {
      if (!bitmap) return;
      const at = placed(look, { width: REGION, height: REGION, frameWidth, frameHeight });
      context.imageSmoothingEnabled = at.scale < SQUARES;
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, at.left, at.top, REGION * at.scale, REGION * at.scale);
      // Pixel 0's centre is half a pixel inside.
      const centred = { ...at, left: at.left + at.scale / 2, top: at.top + at.scale / 2 };
      strokeAll(context, strokes, (loops) => tracePath(context, loops, centred));
      paintScaleBar(context, scaleBar(mmPerPixel, at.scale, frameWidth / 4), 12, frameHeight - 12);
    },
    [bitmap, strokes, mmPerPixel, look],
  );
  return (
    <div className="region-view">
      <RegionHand look={look}>
        <Painting name="Region" summary={summary} paint={paint} shown={shown} className="square" />
      </RegionHand>
    </div>
  );
}
