import type { State } from "../../state/app/shape.ts";
import { frameOnScreen, regionCentre, regionOrigin } from "../../state/cases/on-screen.ts";
import { planeMarks } from "../../state/explore/latent/plane-marks.ts";
import { lesionFrame } from "../../state/explore/lesion-frame.ts";
import { drawnOnScreen, sampleOrder } from "../../state/explore/masks.ts";
import { regionGrey, windowOf } from "../../state/explore/region.ts";
import { type Paint, paintIn, roomOf } from "../canvas/paint-in.ts";
import { markPaintedEarly } from "../canvas/painted-early.ts";
import { endOf, paintLittleMask } from "./latent/paint-little-mask.ts";
import { paintPlane, planeBitmap, planeOnScreen } from "./latent/paint-plane.ts";
import { paintRegion } from "./region/paint-region.ts";
import { regionBitmap, regionStrokes } from "./region/region-picture.ts";
import { paintThumb, SMALL_COLOUR } from "./samples/paint-thumb.ts";
import { paintSlice } from "./slice/paint-slice.ts";
import { sliceBitmap } from "./slice/slice-picture.ts";

/**
 * All pictures of the explorer of this state, on the canvases of a page that was drawn before the visit (src/prerender.tsx)
 * and whose code is still on its way. It paints what the panels paint, with their own functions.
 */
export function paintExplorer(page: ParentNode, state: State): void {
  const inRoom = (place: string, paint: Paint) => {
    const canvas = page.querySelector<HTMLCanvasElement>(`${place} .painting > canvas`);
    if (!canvas?.parentElement) return;
    paintIn(canvas, roomOf(canvas.parentElement), paint);
    markPaintedEarly(canvas);
  };
  const frame = frameOnScreen(state);
  const [whole, region] = [sliceBitmap(state), regionBitmap(state)];
  const [origin, centre, window] = [regionOrigin(state), regionCentre(state), windowOf(state)];
  const { spacingMm = null, geometry = null } = frame?.slice ?? {};
  const { look, zoom } = state.intent.view;
  inRoom(".region-view", (context, width, height) => {
    if (region)
      paintRegion(context, { bitmap: region, strokes: regionStrokes(state), spacingMm, geometry, look }, width, height);
  });
  inRoom(".slice-view", (context, width, height) => {
    if (!whole || !frame || !origin || !centre) return;
    const { slice } = frame;
    const at = { zoom, x: centre[0], y: centre[1] };
    paintSlice(context, { bitmap: whole, slice, origin, look: at, window }, width, height);
  });
  const [plane, marks, { threshold }] = [planeOnScreen(state), planeMarks(state), state.intent];
  const bitmap = plane && planeBitmap(plane, threshold);
  inRoom(".plane-row", (context, width, height) => paintPlane(context, { bitmap, marks }, width, height));
  paintThumbs(page, state);
  paintEnds(page, state);
}

function paintThumbs(page: ParentNode, state: State): void {
  const [drawn, grey, frame] = [drawnOnScreen(state), regionGrey(state), lesionFrame(state)];
  if (!drawn || !grey || !frame) return;
  const { samples } = drawn;
  const { threshold } = state.intent;
  const order = sampleOrder(state);
  for (const [i, canvas] of page.querySelectorAll<HTMLCanvasElement>(".thumbs canvas").entries()) {
    const context = canvas.getContext("2d");
    const index = order[i];
    if (!context || index === undefined) continue;
    paintThumb(context, { samples, index, grey, frame, threshold, large: false, colour: SMALL_COLOUR });
    markPaintedEarly(canvas);
  }
}

function paintEnds(page: ParentNode, state: State): void {
  for (const axis of page.querySelectorAll<HTMLElement>("[data-axis]")) {
    const ends = endOf(state, { name: axis.dataset["axis"] ?? "" });
    for (const [i, canvas] of axis.querySelectorAll<HTMLCanvasElement>("canvas").entries()) {
      const context = canvas.getContext("2d");
      if (!context || !ends) continue;
      paintLittleMask(context, i === 0 ? ends.minus : ends.plus, state.intent.threshold);
      markPaintedEarly(canvas);
    }
  }
}
