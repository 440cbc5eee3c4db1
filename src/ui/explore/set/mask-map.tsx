import { type PointerEvent, useMemo, useRef, useState } from "react";
import { useExplorer, useSelect } from "../../../state/app/react.tsx";
import { counted, listed, t } from "../../../state/app/speech.ts";
import { shownDraw } from "../../../state/explore/samples.ts";
import { type MapMark, type MapOfMasks, mapOfMasks } from "../../../state/explore/set/map-of-masks.ts";
import { hasZ } from "../../../state/models/model.ts";
import { slotColour } from "../../app/colours.ts";
import { decimals } from "../../app/format.ts";
import { ARROWS } from "../../canvas/arrow-keys.ts";
import { Painting } from "../../canvas/painting.tsx";
import { InfoButton } from "../../concepts/info-button.tsx";
import { rich } from "../../language/rich.tsx";
import { paintDot, paintGrader } from "../latent/point-marks.ts";
import { MaskDifference } from "./mask-difference.tsx";
import "../../style/mask-map.css";

/** Samples and graders by how far they are apart, 1 − IoU, whatever the system draws by. */
export default function MapOfMasksPicture() {
  const map = useSelect(mapOfMasks);
  const chosen = useSelect(shownDraw);
  const [pointed, setPointed] = useState<MapMark | null>(null);
  const summary = map ? summaryOf(map) : t`No samples yet.`;
  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, width: number, height: number) => {
      if (map) paintMap(context, map, fitOf(map, width, height), chosen);
    },
    [map, chosen],
  );
  const under = map?.marks.find((mark) => pointed !== null && sameMark(mark, pointed)) ?? null;
  return (
    <div className="plane-row mask-map">
      <Painting name={t`Map of masks`} summary={summary} paint={paint} className="square">
        {map && <MapHand map={map} onPoint={setPointed} />}
      </Painting>
      <div className="mask-map-words">
        <p className="sentence">
          {rich`Near: alike. Distances are 1 − IoU, as far as a plane can show them: stress ${<strong>{decimals(map?.stress)}</strong>}.`}{" "}
          <InfoButton about="mask-map" value={t`stress ${decimals(map?.stress)}, both axes ${percent(map?.share)}`} />
        </p>
        <MaskDifference mark={under} name={under && nameOf(under)} />
      </div>
    </div>
  );
}

function percent(share: number | undefined): string {
  return share === undefined ? "–" : `${Math.round(100 * share)} %`;
}

function sameMark(a: MapMark, b: MapMark): boolean {
  return a.samples[0] === b.samples[0] && a.graders[0]?.key === b.graders[0]?.key && a.empty === b.empty;
}

/** "Sample 3", "Grader 2", "5 empty samples and Grader 4". */
function nameOf({ samples, graders, empty }: MapMark): string {
  const many = counted(samples.length, { one: "# empty sample", other: "# empty samples" });
  const drawn = samples.length === 0 ? [] : [empty ? many : t`Sample ${(samples[0] as number) + 1}`];
  return listed([...drawn, ...graders.map(({ label }) => label)]);
}

function summaryOf({ marks, stress }: MapOfMasks): string {
  const empty = marks.find((mark) => mark.empty);
  const samples = marks.reduce((sum, mark) => sum + mark.samples.length, 0);
  const graders = marks.reduce((sum, mark) => sum + mark.graders.length, 0);
  const all = t`${samples} samples and ${graders} graders by 1 − IoU; stress ${decimals(stress)}.`;
  return empty ? `${all} ${t`${nameOf(empty)} are one point.`}` : all;
}

interface Fit {
  /** CSS pixels of a point. */
  at(point: readonly [number, number]): [number, number];
  readonly unit: number;
  readonly left: number;
  readonly bottom: number;
}

const BORDER = 18;

/** As large as the points allow. */
function fitOf({ marks }: MapOfMasks, width: number, height: number): Fit {
  const side = Math.min(width, height);
  const xs = marks.map(({ at }) => at[0]);
  const ys = marks.map(({ at }) => at[1]);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const reach = Math.max(right - left, high - low, 0.05);
  const unit = (side - 2 * BORDER) / reach;
  const [x, y] = [(left + right) / 2, (low + high) / 2];
  return {
    unit,
    left: (width - side) / 2,
    bottom: (height + side) / 2,
    at: ([px, py]) => [width / 2 + (px - x) * unit, height / 2 - (py - y) * unit],
  };
}

function paintMap(context: CanvasRenderingContext2D, { marks }: MapOfMasks, fit: Fit, chosen: number | null): void {
  paintScale(context, fit);
  for (const mark of marks) if (mark.samples.length > 0 && !mark.empty) paintDot(context, fit.at(mark.at), false);
  for (const mark of marks) if (mark.empty) paintEmpty(context, fit.at(mark.at), mark.samples.length);
  for (const { at, graders } of marks) {
    const [x, y] = fit.at(at);
    for (const [i, { mark, slot }] of graders.entries()) paintGrader(context, [x + 18 * i, y], mark, slotColour(slot));
  }
  const shown = marks.find(({ samples }) => chosen !== null && samples.includes(chosen));
  if (shown) paintShown(context, fit.at(shown.at));
}

/** A length that the distances can be read by. */
function paintScale(context: CanvasRenderingContext2D, { unit, left, bottom }: Fit): void {
  const length = [0.5, 0.2, 0.1, 0.05, 0.02].find((one) => one * unit < 110) ?? 0.01;
  const [x, y] = [left + 8, bottom - 8];
  context.save();
  context.strokeStyle = "rgb(255 255 255 / 60%)";
  context.fillStyle = "rgb(255 255 255 / 70%)";
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, y - 4);
  context.lineTo(x, y);
  context.lineTo(x + length * unit, y);
  context.lineTo(x + length * unit, y - 4);
  context.stroke();
  context.font = "11px system-ui, sans-serif";
  context.fillText(`1 − IoU = ${length}`, x, y - 8);
  context.restore();
}

function paintEmpty(context: CanvasRenderingContext2D, [x, y]: [number, number], count: number): void {
  context.save();
  context.font = "12px system-ui, sans-serif";
  context.fillStyle = "#9fd4ff";
  context.textAlign = "center";
  context.textBaseline = "middle";
  if (count > 0) context.fillText(`∅ ${count}`, x, y - 16);
  context.strokeStyle = "#9fd4ff";
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(x, y, 5, 0, 2 * Math.PI);
  context.stroke();
  context.restore();
}

function paintShown(context: CanvasRenderingContext2D, [x, y]: [number, number]): void {
  paintDot(context, [x, y], true);
  context.strokeStyle = "#ffffff";
  context.lineWidth = 2;
  context.beginPath();
  context.arc(x, y, 10, 0, 2 * Math.PI);
  context.stroke();
}

/** So many CSS pixels from a point still mean it. */
const NEAR = 16;

/** Points with the pointer, shows by a click; arrow keys go to the next sample in their direction. */
function MapHand({ map, onPoint }: { readonly map: MapOfMasks; onPoint(mark: MapMark | null): void }) {
  const { store, actions } = useExplorer();
  const layer = useRef<HTMLDivElement>(null);
  const under = (event: PointerEvent): MapMark | null => {
    const box = layer.current?.getBoundingClientRect();
    if (!box) return null;
    const fit = fitOf(map, box.width, box.height);
    let [best, nearest]: [MapMark | null, number] = [null, NEAR];
    for (const mark of map.marks) {
      const [x, y] = fit.at(mark.at);
      const off = Math.hypot(event.clientX - box.left - x, event.clientY - box.top - y);
      // A grader's mark lies over the dots.
      if (off < nearest - (mark.graders.length > 0 ? 0 : 0.01)) [best, nearest] = [mark, off];
    }
    return best;
  };
  const show = (mark: MapMark | null) => {
    if (!mark) return;
    const [sample] = mark.samples;
    const [grader] = mark.graders;
    actions.leaveShape();
    if (sample !== undefined) actions.chooseSample(sample);
    else if (grader && hasZ(store.getState())) actions.asGrader(grader.key);
  };
  const step = (way: readonly [number, number]) => {
    const chosen = shownDraw(store.getState());
    const from = map.marks.find(({ samples }) => chosen !== null && samples.includes(chosen));
    // Nothing of the map is shown yet: the first arrow shows its first sample.
    if (!from) return show(map.marks.find(({ samples }) => samples.length > 0) ?? null);
    let [best, least]: [MapMark | null, number] = [null, Number.POSITIVE_INFINITY];
    for (const mark of map.marks) {
      if (mark === from || mark.samples.length === 0) continue;
      const [dx, dy] = [mark.at[0] - from.at[0], mark.at[1] - from.at[1]];
      const along = dx * way[0] - dy * way[1];
      const across = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
      if (along > 1e-9 && along + 2 * across < least) [best, least] = [mark, along + 2 * across];
    }
    onPoint(null);
    show(best);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of its own chooses a point in two directions
    <div
      ref={layer}
      className="hand pointing"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows go from sample to sample here
      tabIndex={0}
      aria-label={t`Masks on the map: arrow keys show the next sample in their direction`}
      onPointerMove={(event) => onPoint(under(event))}
      onPointerLeave={(event) => event.pointerType === "mouse" && onPoint(null)}
      onPointerUp={(event) => {
        const mark = under(event);
        onPoint(mark);
        show(mark);
      }}
      onKeyDown={(event) => {
        const way = ARROWS[event.key];
        if (!way) return;
        event.preventDefault();
        step(way);
      }}
    />
  );
}
