import { useMemo, useRef } from "react";
import { REACH } from "../../../state/app/intent.ts";
import { useExplorer, useSelect } from "../../../state/app/react.tsx";
import { listed, t } from "../../../state/app/speech.ts";
import { encodeKey } from "../../../state/explore/keys.ts";
import { type Direction, planeDirections } from "../../../state/explore/latent/directions.ts";
import type { Plane } from "../../../state/explore/latent/masks-over-z.ts";
import { planeMarks } from "../../../state/explore/latent/plane-marks.ts";
import { slotColour } from "../../app/colours.ts";
import { planeSummary } from "../../app/summaries.ts";
import { bitmapOf } from "../../canvas/bitmap.ts";
import { Painting } from "../../canvas/painting.tsx";
import { Beyond } from "./beyond.tsx";
import { littleMaskRgba } from "./little-mask-rgba.ts";
import { paintDot, paintGrader } from "./point-marks.ts";

/** The plane of the two strongest directions: little masks over ±4σ, circles, graders, samples, and z as a handle. */
export function PlaneView() {
  const plane = useSelect((state) => {
    const key = encodeKey(state);
    return key !== null && state.plane?.key.startsWith(`${key}|`) ? state.plane.value : null;
  });
  const marks = useSelect(planeMarks);
  const summary = useSelect(planeSummary);
  const threshold = useSelect((state) => state.intent.threshold);
  // elsewhere than at the prior mean it would lie over the very marks that z was moved to
  const asks = useSelect(({ pageOrder, intent }) => !pageOrder.dragged && intent.z.source.kind === "mean");
  const bitmap = useMemo(() => (plane ? planeBitmap(plane, threshold) : null), [plane, threshold]);

  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, width: number, height: number) => {
      const side = Math.min(width, height);
      const [left, top] = [(width - side) / 2, (height - side) / 2];
      // The outer masks are whole: the plane reaches half a cell past ±4σ.
      const unit = side / (2 * REACH + CELL_SIGMA);
      const at = (right: number, up: number): [number, number] => [
        left + side / 2 + right * unit,
        top + side / 2 - up * unit,
      ];
      if (bitmap) {
        context.imageSmoothingEnabled = true;
        context.imageSmoothingQuality = "high";
        context.drawImage(bitmap, left, top, side, side);
      }
      paintCircles(context, at, unit);
      for (const dot of marks.samples) paintDot(context, at(...dot.at), dot.chosen);
      for (const grader of marks.graders)
        paintGrader(context, at(...clamped(grader.at)), grader.text, slotColour(grader.slot));
      if (marks.z) paintHandle(context, at(...clamped(marks.z)));
    },
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

/** Width of one little mask in σ. */
const CELL_SIGMA = (2 * REACH) / 18;

/** All cells side by side: lesion light on dark, its boundary at the threshold. */
function planeBitmap({ side, cells, cellSize }: Plane, threshold: number): HTMLCanvasElement {
  const width = side * cellSize;
  const rgba = new Uint8ClampedArray(4 * width * width);
  for (const [cell, bytes] of cells.entries()) {
    if (!bytes) continue;
    const first = 4 * (Math.floor(cell / side) * cellSize * width + (cell % side) * cellSize);
    littleMaskRgba(bytes, threshold, rgba, first, 4 * width, cellSize);
  }
  return bitmapOf(rgba, width, width);
}

type At = (right: number, up: number) => [number, number];

function paintCircles(context: CanvasRenderingContext2D, at: At, unit: number): void {
  const [x, y] = at(0, 0);
  context.save();
  for (let sigma = 1; sigma <= REACH; sigma++) {
    context.beginPath();
    context.arc(x, y, sigma * unit, 0, 2 * Math.PI);
    context.strokeStyle = "rgb(0 0 0 / 45%)";
    context.lineWidth = 2.5;
    context.stroke();
    context.strokeStyle = "rgb(255 214 140 / 70%)";
    context.lineWidth = 1;
    context.stroke();
  }
  context.restore();
}

function paintHandle(context: CanvasRenderingContext2D, [x, y]: [number, number]): void {
  context.save();
  for (const [colour, width] of [
    ["rgb(0 0 0 / 75%)", 5],
    ["#ffffff", 2],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, 10, 0, 2 * Math.PI);
    context.moveTo(x - 15, y);
    context.lineTo(x - 6, y);
    context.moveTo(x + 6, y);
    context.lineTo(x + 15, y);
    context.moveTo(x, y - 15);
    context.lineTo(x, y - 6);
    context.moveTo(x, y + 6);
    context.lineTo(x, y + 15);
    context.stroke();
  }
  context.restore();
}

function clamped([right, up]: readonly [number, number]): [number, number] {
  const clamp = (value: number) => Math.max(-REACH, Math.min(REACH, value));
  return [clamp(right), clamp(up)];
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
