import { useMemo } from "react";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { frameOnScreen } from "../../../state/cases/on-screen.ts";
import { regionSummary } from "../../app/summaries.ts";
import { Painting } from "../../canvas/painting.tsx";
import { paintRegion } from "./paint-region.ts";
import { RegionHand } from "./region-hand.tsx";
import { regionBitmap, regionStrokes } from "./region-picture.ts";

/** The region, large, with the chosen map and outlines over it. */
export function RegionView() {
  const bitmap = useSelect(regionBitmap);
  const strokes = useSelect(regionStrokes);
  const spacingMm = useSelect((state) => frameOnScreen(state)?.slice.spacingMm ?? null);
  const look = useSelect((state) => state.intent.view.look);
  const summary = useSelect(regionSummary);
  const shown = useSelect((state) => state.current?.key);

  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, frameWidth: number, frameHeight: number) => {
      if (bitmap) paintRegion(context, { bitmap, strokes, spacingMm, look }, frameWidth, frameHeight);
    },
    [bitmap, strokes, spacingMm, look],
  );
  return (
    <div className="region-view">
      <RegionHand look={look}>
        <Painting name={t`Region`} summary={summary} paint={paint} shown={shown} className="square" />
      </RegionHand>
    </div>
  );
}
