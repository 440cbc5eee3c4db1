import { type KeyboardEvent, type PointerEvent, useMemo } from "react";
import { composeRegion } from "../../core/colour/compose.ts";
import { say, type Text } from "../../core/language/say.ts";
import { outlineOf } from "../../core/values/contour.ts";
import { planeThrough } from "../../core/values/orientation.ts";
import { placed, wholeLook } from "../../core/values/viewport.ts";
import { applyWindow } from "../../core/values/window.ts";
import { useActions, useSelect } from "../../state/app/react.tsx";
import { said, t } from "../../state/app/speech.ts";
import { frameOnScreen } from "../../state/cases/on-screen.ts";
import { LAYER_STYLES } from "../../state/explore/layers.ts";
import { windowOf } from "../../state/explore/region.ts";
import { type Cut, type CutName, cutThrough, maskThrough } from "../../state/lesion/cuts.ts";
import type { CutPlace, Followed, ReaderAtZ } from "../../state/lesion/followed.ts";
import { lesionOnScreen } from "../../state/lesion/keys.ts";
import { readerOnScreen } from "../../state/lesion/reader-keys.ts";
import { cutPlace, graderSlots, slicesFromTop, varianceRange } from "../../state/lesion/select.ts";
import { READER_COLOUR, slotColour, slotDash } from "../app/colours.ts";
import { ARROWS } from "../canvas/arrow-keys.ts";
import { bitmapOf, tracePath } from "../canvas/bitmap.ts";
import { Painting } from "../canvas/painting.tsx";
import { type Stroke, strokeAll } from "../explore/region/region-layers.ts";
import { edgesSaid, paintEdgeLetters } from "../explore/slice/edge-letters.ts";
import { paintScaleBar, scaleBar } from "../explore/slice/scale-bar.ts";

const CUT_NAMES: Readonly<Record<CutName, Text>> = {
  Axial: say`Axial`,
  Coronal: say`Coronal`,
  Sagittal: say`Sagittal`,
};

/** One of the three planes through the lesion, with variance, graders, the chosen sample, the reader at z, and where the others cross it. */
export function CutPicture({ name }: { readonly name: CutName }) {
  const followed = useSelect(lesionOnScreen);
  const place = useSelect(cutPlace);
  const sample = useSelect((state) => state.lesionLook.sample);
  const shown = useSelect((state) => state.lesionLook.shown);
  const cut = useMemo(
    () => (followed && place ? cutThrough(followed, name, place, sample) : null),
    [followed, name, place, sample],
  );
  const bitmap = useBitmap(cut, shown.variance);
  const slots = useSelect(graderSlots);
  const drawn = useMemo(
    () => (cut ? [...(shown.graders ? graderStrokes(cut, slots) : []), ...sampleStroke(cut)] : []),
    [cut, slots, shown.graders],
  );
  const reader = useSelect(readerOnScreen);
  const atZ = useMemo(
    () => (followed && place && reader && shown.reader ? readerStroke(followed, name, place, reader) : []),
    [followed, name, place, reader, shown.reader],
  );
  const mm = followed?.spacingMm?.[name === "Sagittal" ? 0 : 1] ?? null;
  const geometry = useSelect((state) => frameOnScreen(state)?.slice.geometry ?? null);
  const hasPlace = followed?.spacingMm != null || name === "Axial"; // else the stack's order is no direction
  const axes = useMemo(() => (geometry && hasPlace ? planeThrough(name, geometry) : null), [geometry, hasPlace, name]);
  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, frameWidth: number, frameHeight: number) => {
      if (!cut || !bitmap) return;
      const at = placed(wholeLook(cut), { ...cut, frameWidth, frameHeight });
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, at.left, at.top, cut.width * at.scale, cut.height * at.scaleY);
      const centred = { ...at, left: at.left + at.scale / 2, top: at.top + at.scaleY / 2 };
      paintCross(context, cut, centred, frameWidth, frameHeight);
      strokeAll(context, [...drawn, ...atZ], (loops) => tracePath(context, loops, centred));
      paintScaleBar(context, scaleBar(mm, at.scale, frameWidth / 4), 10, frameHeight - 10);
      paintEdgeLetters(context, axes, frameWidth, frameHeight);
    },
    [cut, bitmap, drawn, atZ, mm, axes],
  );
  const { width = 0, height = 0 } = cut ?? {};
  const shownKey = useSelect((state) => state.lesionReader?.key);
  return (
    <Painting
      name={said(CUT_NAMES[name])}
      summary={
        cut
          ? t`${CUT_NAMES[name]} cut of the lesion's region, ${width} by ${height} pixels.` + edgesSaid(axes)
          : t`Not there yet.`
      }
      paint={paint}
      className={`cut ${name.toLowerCase()}`}
      shown={reader && shownKey ? shownKey : `${followed?.slices.length ?? 0}`}
    >
      <span className="cut-name" aria-hidden="true">
        {said(CUT_NAMES[name])}
      </span>
      {cut && <CutHand name={name} cut={cut} />}
    </Painting>
  );
}

function useBitmap(cut: Cut | null, variance: boolean): HTMLCanvasElement | null {
  const [centre, width] = useSelect(windowOf);
  const opacity = useSelect((state) => state.intent.view.layerOpacity);
  const range = useSelect(varianceRange);
  return useMemo(() => {
    if (!cut) return null;
    const grey = applyWindow(cut.values, centre, width);
    const { table } = LAYER_STYLES.variance;
    const map = variance ? { values: cut.variance, range, table, opacity, fade: true } : null;
    return bitmapOf(composeRegion({ width: cut.width, height: cut.height, grey, map }), cut.width, cut.height);
  }, [cut, centre, width, variance, opacity, range]);
}

function graderStrokes({ graders }: Cut, slots: readonly number[]): Stroke[] {
  return graders.map((mask, g) => ({
    loops: outlineOf(mask),
    colour: slotColour(slots[g] ?? g),
    dash: slotDash(slots[g] ?? g),
    width: 1.25,
    halo: true,
  }));
}

function sampleStroke({ sample }: Cut): Stroke[] {
  return sample ? [{ loops: outlineOf(sample), colour: "#ffffff", width: 1.75, halo: true }] : [];
}

function readerStroke(followed: Followed, name: CutName, place: CutPlace, { masks }: ReaderAtZ): Stroke[] {
  const mask = maskThrough(followed, name, place, masks);
  return mask ? [{ loops: outlineOf(mask), colour: READER_COLOUR, width: 1.75, halo: true }] : [];
}

/** Thin lines where the other two planes cross, open in the middle: they hide nothing of the lesion. */
function paintCross(
  context: CanvasRenderingContext2D,
  { cross: [x, y] }: Cut,
  { left, top, scale, scaleY }: { left: number; top: number; scale: number; scaleY: number },
  width: number,
  height: number,
): void {
  const [across, down] = [left + x * scale, top + y * scaleY];
  context.save();
  context.strokeStyle = "rgb(138 184 255 / 45%)";
  context.setLineDash([4, 4]);
  context.beginPath();
  context.moveTo(across, 0);
  context.lineTo(across, height);
  context.moveTo(0, down);
  context.lineTo(width, down);
  context.stroke();
  context.restore();
}

/** A click, a drag or the arrow keys put the other two planes where they point; the wheel turns the slices. */
function CutHand({ name, cut }: { readonly name: CutName; readonly cut: Cut }) {
  const place = useSelect(cutPlace);
  const rows = useSelect(slicesFromTop);
  const { cutAt } = useActions();
  if (!place) return null;
  const [column, row, slice] = place;
  const put = (x: number, y: number) => {
    const [across, down] = [within(x, cut.width), within(y, cut.height)];
    if (name === "Axial") return cutAt([across, down, slice]);
    const shown = rows[down] ?? slice;
    cutAt(name === "Coronal" ? [across, row, shown] : [column, across, shown]);
  };
  const turn = (by: number) => {
    const next = rows[nextKnown(rows, rows.indexOf(slice), by)];
    if (next !== undefined && next !== null) cutAt([column, row, next]);
  };
  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const at = placed(wholeLook(cut), { ...cut, frameWidth: box.width, frameHeight: box.height });
    put((event.clientX - box.left - at.left) / at.scale, (event.clientY - box.top - at.top) / at.scaleY);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element of its own points into a picture
    <div
      className="hand cross"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move the planes from here
      tabIndex={0}
      aria-label={t`${CUT_NAMES[name]} cut: arrow keys move the other two planes, page up and page down turn the slices`}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        point(event);
      }}
      onPointerMove={(event) => {
        if (event.buttons !== 0) point(event);
      }}
      onWheel={(event) => turn(Math.sign(event.deltaY))}
      onKeyDown={(event: KeyboardEvent) => {
        const way = ARROWS[event.key];
        if (way) put(cut.cross[0] + way[0] + 0.5, cut.cross[1] + way[1] + 0.5);
        else if (event.key === "PageUp" || event.key === "PageDown") turn(event.key === "PageUp" ? -1 : 1);
        else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}

function within(at: number, length: number): number {
  return Math.max(0, Math.min(length - 1, Math.floor(at)));
}

/** The next row from `from` on that has a slice; `from` itself where there is none. */
function nextKnown(rows: readonly (number | null)[], from: number, by: number): number {
  for (let at = from + by; at >= 0 && at < rows.length; at += by) if (rows[at] !== null) return at;
  return from;
}
