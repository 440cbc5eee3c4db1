import { useMemo, useRef, useState } from "react";
import type { Slice } from "../../../core/values/slice.ts";
import { type Look, within } from "../../../core/values/viewport.ts";
import type { CaseId } from "../../../state/app/identity.ts";
import { useActions, useSelect } from "../../../state/app/react.tsx";
import { t } from "../../../state/app/speech.ts";
import { frameOnScreen, regionCentre, regionOrigin } from "../../../state/cases/on-screen.ts";
import { windowOf } from "../../../state/explore/region.ts";
import { decimals } from "../../app/format.ts";
import { sliceSummary } from "../../app/summaries.ts";
import { Painting } from "../../canvas/painting.tsx";
import { IconButton } from "../../controls/icon-button.tsx";
import { ZoomButtons } from "../../controls/zoom-buttons.tsx";
import { edgesSaid } from "./edge-letters.ts";
import { framedBy, paintSlice } from "./paint-slice.ts";
import { SliceHand } from "./slice-hand.tsx";
import { sliceBitmap } from "./slice-picture.ts";

/** The whole slice: window, pan, zoom, the probe, and the box of the region. */
export function SliceView() {
  const frame = useSelect(frameOnScreen);
  const bitmap = useSelect(sliceBitmap);
  const x0 = useSelect((state) => regionOrigin(state)?.[0]);
  const y0 = useSelect((state) => regionOrigin(state)?.[1]);
  const window = useSelect(windowOf);
  const summary = useSelect(sliceSummary);
  const [look, setLook] = useSliceLook();
  const [probe, setProbe] = useState<{ x: number; y: number } | null>(null);
  const [fingerSetsWindow, setFingerSetsWindow] = useState(false);
  const slice = frame?.slice;

  const [centre, width] = window;
  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, frameWidth: number, frameHeight: number) => {
      if (!bitmap || !slice || x0 === undefined || y0 === undefined) return;
      const painting = { bitmap, slice, origin: [x0, y0], look, window: [centre, width] } as const;
      paintSlice(context, painting, frameWidth, frameHeight);
    },
    [bitmap, slice, x0, y0, look, centre, width],
  );
  const zoomBy = (factor: number) => {
    // In a square frame: what is beyond an edge of the real one is put right where it is painted.
    if (slice)
      setLook(within({ ...look, zoom: look.zoom * factor }, { ...framedBy(slice), frameWidth: 1, frameHeight: 1 }));
  };
  return (
    <div className="slice-view">
      <Painting
        name={t`CT slice`}
        summary={`${summary}${edgesSaid(slice?.geometry ?? null)}`}
        paint={paint}
        className="square"
      >
        {slice && (
          <SliceHand
            slice={slice}
            look={look}
            fingerSetsWindow={fingerSetsWindow}
            onLook={setLook}
            onProbe={setProbe}
          />
        )}
        <ZoomButtons of={t`slice`} zoom={look.zoom} zoomBy={zoomBy} onWhole={() => setLook({ ...look, zoom: 1 })}>
          <IconButton
            icon="contrast"
            look="touch-only"
            label={t`Window by finger`}
            title={t`One finger sets window and level: right widens, down raises the centre`}
            pressed={fingerSetsWindow}
            onClick={() => setFingerSetsWindow(!fingerSetsWindow)}
          />
        </ZoomButtons>
      </Painting>
      <Probe at={probe} />
    </div>
  );
}

interface Place {
  readonly caseId: CaseId | null;
  readonly x: number;
  readonly y: number;
}

/** The zoom is part of the view that is shared; the place is the hand's alone, and at first where the region is. */
function useSliceLook(): [Look, (look: Look) => void] {
  const zoom = useSelect((state) => state.intent.view.zoom);
  const caseId = useSelect((state) => state.intent.caseId);
  const centre = useSelect(regionCentre);
  const [place, setPlace] = useState<Place | null>(null);
  const first = useRef<Place | null>(null);
  if (centre && (zoom === 1 || first.current?.caseId !== caseId)) {
    first.current = { caseId, x: centre[0], y: centre[1] };
  }
  const { x, y } = (place?.caseId === caseId ? place : first.current) ?? { x: 0, y: 0 };
  const { setZoom } = useActions();
  const look = useMemo(() => ({ zoom, x, y }), [zoom, x, y]);
  const setLook = (next: Look) => {
    setPlace(next.zoom === 1 ? null : { caseId, x: next.x, y: next.y });
    if (next.zoom !== zoom) setZoom(next.zoom);
  };
  return [look, setLook];
}

/** Between rows × between columns where the two differ. */
function spacingOf({ spacingMm }: Slice): string {
  if (!spacingMm) return t`spacing unknown: px`;
  const [rows, columns] = spacingMm.map((mm) => mm.toFixed(3)) as [string, string];
  return rows === columns ? `${columns} mm/px` : t`rows ${rows} mm, columns ${columns} mm apart`;
}

function Probe({ at }: { at: { x: number; y: number } | null }) {
  const slice = useSelect((state) => frameOnScreen(state)?.slice);
  if (!slice) return <p className="probe"> </p>;
  const inside = at && at.x >= 0 && at.y >= 0 && at.x < slice.width && at.y < slice.height;
  const value = inside ? slice.values[at.y * slice.width + at.x] : undefined;
  const unit = slice.unit === "HU" ? "HU" : t`stored units`;
  return (
    <p className="probe">
      {inside && value !== undefined ? (
        <>
          <span>
            x {at.x} y {at.y}
          </span>
          <strong>
            {decimals(value, 0)} {unit}
          </strong>
        </>
      ) : (
        <span className="dim">
          {slice.width} × {slice.height} · {spacingOf(slice)}
        </span>
      )}
    </p>
  );
}
