import { useMemo, useRef } from "react";
import { REACH } from "../../../state/app/intent.ts";
import { useExplorer, useSelect } from "../../../state/app/react.tsx";
import { listed, t } from "../../../state/app/speech.ts";
import { type Direction, planeDirections } from "../../../state/explore/latent/directions.ts";
import { planeMarks } from "../../../state/explore/latent/plane-marks.ts";
import { planeSummary } from "../../app/summaries.ts";
import { Painting } from "../../canvas/painting.tsx";
import { Beyond } from "./beyond.tsx";
import { CELL_SIGMA, clamped, paintPlane, planeBitmap, planeOnScreen } from "./paint-plane.ts";

/** The plane of the two strongest directions: little masks over ±4σ, circles, graders, samples, and z as a handle. */
export function PlaneView() {
  const plane = useSelect(planeOnScreen);
  const marks = useSelect(planeMarks);
  const summary = useSelect(planeSummary);
  const threshold = useSelect((state) => state.intent.threshold);
  // elsewhere than at the prior mean it would lie over the very marks that z was moved to
  const asks = useSelect(({ pageOrder, intent }) => !pageOrder.dragged && intent.z.source.kind === "mean");
  const bitmap = useMemo(() => (plane ? planeBitmap(plane, threshold) : null), [plane, threshold]);
  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, width: number, height: number) =>
      paintPlane(context, { bitmap, marks }, width, height),
    [bitmap, marks],
  );
  return (
    <Painting name={t`Latent plane`} summary={summary} paint={paint} className="square">
      <PlaneHand />
      <Beyond reach={REACH + CELL_SIGMA / 2} />
      {asks && marks.z && <Ask at={clamped(marks.z)} />}
    </Painting>
  );
}

/** A ring round the handle, and a word, until it was dragged once. */
function Ask({ at: [right, up] }: { readonly at: readonly [number, number] }) {
  const percent = (value: number) => `${50 + (100 * value) / (2 * REACH + CELL_SIGMA)}%`;
  const place = { left: percent(right), top: percent(-up) };
  return (
    <>
      <span className="ask" style={place} aria-hidden="true" />
      <span className="ask-words" style={place} aria-hidden="true">{t`Drag me`}</span>
    </>
  );
}

/** Drags z over the plane; arrows move it by .1 σ, with shift by 1 σ. */
function PlaneHand() {
  const { store, actions } = useExplorer();
  const names = useSelect((state) => listed(planeDirections(state)?.map(({ label }) => label) ?? []));
  const layer = useRef<HTMLDivElement>(null);

  const moveTo = (event: { clientX: number; clientY: number }) => {
    const box = layer.current?.getBoundingClientRect();
    const directions = planeDirections(store.getState());
    if (!box || !directions) return;
    const side = Math.min(box.width, box.height);
    const unit = side / (2 * REACH + CELL_SIGMA);
    const right = (event.clientX - box.left - box.width / 2) / unit;
    const up = -(event.clientY - box.top - box.height / 2) / unit;
    place(directions, [right, up], "plane");
  };
  const place = (
    [first, second]: readonly [Direction, Direction],
    [right, up]: readonly [number, number],
    gesture: string,
  ) =>
    actions.moveTo(
      [
        { direction: first, at: right },
        { direction: second, at: up },
      ],
      gesture,
    );
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of its own moves a point in two directions
    <div
      ref={layer}
      className="hand crosshair"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move z from here
      tabIndex={0}
      aria-label={t`z in the plane of ${names}: arrow keys move it by .1 σ, with shift by 1 σ`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        moveTo(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons === 0) return;
        moveTo(event);
        actions.sawDrag();
      }}
      onKeyDown={(event) => {
        const way = ARROWS[event.key];
        const directions = planeDirections(store.getState());
        const z = planeMarks(store.getState()).z;
        if (!way || !directions || !z) return;
        const step = event.shiftKey ? 1 : 0.1;
        place(directions, [z[0] + way[0] * step, z[1] + way[1] * step], "plane keys");
        actions.sawDrag();
        event.preventDefault();
      }}
    />
  );
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
