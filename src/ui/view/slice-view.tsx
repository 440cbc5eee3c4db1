import { useMemo, useRef, useState } from "react";
import { REGION } from "../../core/region.ts";
import { frameOnScreen, regionOrigin } from "../../state/keys.ts";
import { useActions, useSelect } from "../../state/react.tsx";
import { windowOf } from "../../state/select-region.ts";
import { decimals } from "../format.ts";
import { sliceSummary } from "../summaries.ts";
import { fitted, type Placement } from "./bitmap.ts";
import { Painting } from "./painting.tsx";
import { outlinedText, paintScaleBar, scaleBar } from "./scale-bar.ts";
import { type Look, type SliceFrame, SliceHand } from "./slice-hand.tsx";
import { sliceBitmap } from "./slice-picture.ts";

/** The whole slice: window, pan, zoom, the probe, and the box of the region. */
export function SliceView() {
  const frame = useSelect(frameOnScreen);
  const bitmap = useSelect(sliceBitmap);
  const x0 = useSelect((state) => regionOrigin(state)?.[0]);
  const y0 = useSelect((state) => regionOrigin(state)?.[1]);
  const window = useSelect(windowOf);
  const summary = useSelect(sliceSummary);
  const zoom = useSelect((state) => state.intent.view.zoom);
  const [pan, setPan] = useState({ panX: 0, panY: 0 });
  const { setZoom } = useActions();
  const look = useMemo(() => ({ ...pan, zoom }), [pan, zoom]);
  const setLook = ({ zoom: next, ...moved }: Look) => {
    setPan(moved);
    if (next !== zoom) setZoom(next);
  };
  const [probe, setProbe] = useState<{ x: number; y: number } | null>(null);
  const placed = useRef<SliceFrame | null>(null);
  const slice = frame?.slice;

  const mmPerPixel = slice?.spacingMm?.[1] ?? null;
  const [centre, width] = window;
  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, frameWidth: number, frameHeight: number) => {
      if (!bitmap || !slice || x0 === undefined || y0 === undefined) return;
      const at = looking(fitted(slice.width, slice.height, frameWidth, frameHeight), look, frameWidth, frameHeight);
      placed.current = { ...at, width: frameWidth, height: frameHeight };
      context.imageSmoothingEnabled = at.scale < 4;
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, at.left, at.top, slice.width * at.scale, slice.height * at.scale);
      paintBox(context, at.left + x0 * at.scale, at.top + y0 * at.scale, REGION * at.scale);
      paintScaleBar(context, scaleBar(mmPerPixel, at.scale, frameWidth / 4), 12, frameHeight - 12);
      const unit = slice.unit === "HU" ? " HU" : "";
      outlinedText(context, `C ${decimals(centre, 0)}  W ${Math.round(width)}${unit}`, 10, 18);
    },
    [bitmap, slice, x0, y0, look, mmPerPixel, centre, width],
  );
  return (
    <div className="slice-view">
      <Painting name="CT slice" summary={summary} paint={paint} className="square">
        <SliceHand placed={placed} look={look} onLook={setLook} onProbe={setProbe} />
      </Painting>
      <Probe at={probe} />
    </div>
  );
}

/** Zoom about the middle of the frame, then pan. */
function looking(
  { left, top, scale }: Placement,
  { zoom, panX, panY }: { zoom: number; panX: number; panY: number },
  width: number,
  height: number,
): Placement {
  return {
    left: width / 2 + (left - width / 2) * zoom + panX,
    top: height / 2 + (top - height / 2) * zoom + panY,
    scale: scale * zoom,
  };
}

function paintBox(context: CanvasRenderingContext2D, left: number, top: number, side: number): void {
  context.save();
  context.strokeStyle = "rgb(0 0 0 / 60%)";
  context.lineWidth = 3.5;
  context.strokeRect(left, top, side, side);
  context.strokeStyle = "#8ab8ff";
  context.lineWidth = 1.5;
  context.strokeRect(left, top, side, side);
  context.restore();
}

function Probe({ at }: { at: { x: number; y: number } | null }) {
  const slice = useSelect((state) => frameOnScreen(state)?.slice);
  if (!slice) return <p className="probe"> </p>;
  const inside = at && at.x >= 0 && at.y >= 0 && at.x < slice.width && at.y < slice.height;
  const value = inside ? slice.values[at.y * slice.width + at.x] : undefined;
  const unit = slice.unit === "HU" ? "HU" : "stored units";
  return (
    <p className="probe">
      {inside && value !== undefined ? (
        <>
          <span>
            x {at.x} y {at.y}
          </span>
          <strong>
            {Math.round(value)} {unit}
          </strong>
        </>
      ) : (
        <span className="dim">
          {slice.width} × {slice.height} ·{" "}
          {slice.spacingMm ? `${slice.spacingMm[1].toFixed(3)} mm/px` : "spacing unknown: px"}
        </span>
      )}
    </p>
  );
}
