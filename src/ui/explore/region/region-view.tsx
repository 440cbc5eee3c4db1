import { useMemo } from "react";
import { useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { frameOnScreen, isBlinded } from "../../../state/cases/on-screen.ts";
import { currentMask } from "../../../state/explore/shown.ts";
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
  const geometry = useSelect((state) => frameOnScreen(state)?.slice.geometry ?? null);
  const look = useSelect((state) => state.intent.view.look);
  const summary = useSelect(regionSummary);
  const shown = useSelect((state) => state.current?.key);

  const empty = useSelect((state) => !isBlinded(state) && currentMask(state)?.bits.includes(1) === false);
  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, frameWidth: number, frameHeight: number) => {
      if (bitmap) paintRegion(context, { bitmap, strokes, spacingMm, geometry, look }, frameWidth, frameHeight);
    },
    [bitmap, strokes, spacingMm, geometry, look],
  );
  return (
    <div className="region-view">
      <RegionHand look={look}>
        <Painting name={t`Region`} summary={summary} paint={paint} shown={shown} className="square" />
      </RegionHand>
      {empty && <p className="empty-here">{t`Nothing is marked here: this sample is empty.`}</p>}
    </div>
  );
}
