import { betweenSlices } from "../../core/drawing/between-slices.ts";
import { brushStroke } from "../../core/drawing/brush-stroke.ts";
import { fillHoles } from "../../core/drawing/fill-holes.ts";
import { say, sayCount, type Text } from "../../core/language/say.ts";
import { placeMask } from "../../core/values/mask-placement.ts";
import { fillPolygon } from "../../core/values/polygon.ts";
import type { Mask, Slice } from "../../core/values/slice.ts";
import { frameKeyOf } from "../app/identity.ts";
import { type Lasso, YOU } from "../app/intent.ts";
import { tell } from "../app/notices.ts";
import { takeBrush, takeLasso } from "../app/places.ts";
import type { Case, State } from "../app/shape.ts";
import type { ExplorerStore } from "../app/store.ts";
import { placesOf } from "../cases/case.ts";
import {
  aspectOnScreen,
  caseOnScreen,
  drawingReader,
  drawnBy,
  frameKey,
  frameOnScreen,
  isLocked,
  regionOrigin,
} from "../cases/on-screen.ts";
import { drawOutlines, outlinesOn } from "../cases/readers.ts";
import { currentMask } from "./shown.ts";

/** Everything that the reader in hand can do to the own outline. Each is one step in the undo history. */
export function drawingActions(store: ExplorerStore) {
  const state = () => store.getState();
  const yours = () => drawnBy(state(), drawingReader(state()).id);
  /** The outline on the slice on the screen from now on; null: none. */
  const set = (mask: Mask | null) => {
    const key = frameKey(state());
    if (key !== null && mayDraw()) drawOutlines(store, [[key, mask]]);
  };
  const mayDraw = () => {
    const locked = isLocked(state());
    if (locked) tell(store, "status", whyLocked(state()));
    return !locked;
  };
  return {
    setLasso(lasso: Lasso): void {
      if (lasso === "off" || mayDraw()) takeLasso(store, lasso);
    },
    setBrush: (diameter: number) => takeBrush(store, diameter),
    /** A tenth wider or narrower, by a pixel at least. */
    widenBrush(way: 1 | -1): void {
      const { brush } = state();
      takeBrush(store, brush + way * Math.max(1, Math.round(brush / 10)));
    },
    /** One stroke of the tool in hand, as slice coordinates x, y, x, y …; the lasso's closes by itself. */
    drawYou(line: readonly number[]): void {
      const slice = frameOnScreen(state())?.slice;
      const { lasso, brush } = state();
      if (!slice) return;
      const round = lasso === "brush" || lasso === "erase";
      if (line.length < (round ? 2 : 6)) return;
      const { width, height } = slice;
      const stroke = round
        ? brushStroke(line, brush, width, height, aspectOnScreen(state()))
        : fillPolygon(line, width, height);
      const old = yours();
      if (old || lasso !== "erase") set(combine(old, stroke, lasso));
      if (lasso === "redraw") takeLasso(store, "add");
    },
    /** Takes what the z on the sliders shows as the outline. */
    copySample(): void {
      const mask = currentMask(state());
      const origin = regionOrigin(state());
      const slice = frameOnScreen(state())?.slice;
      if (mask && origin && slice) set(placeMask(mask, origin, slice.width, slice.height));
    },
    clearYou: () => set(null),
    /** Marks everything that the outline encloses. */
    fillYourHoles(): void {
      const old = yours();
      const filled = old && fillHoles(old);
      if (!old || !filled) return;
      if (filled.bits.every((bit, at) => bit === old.bits[at]))
        tell(store, "status", say`The outline encloses no hole.`);
      else set(filled);
    },
    /** Draws on the slices in between, from the nearest drawn slice below to the nearest above. */
    interpolate(): void {
      const slice = frameOnScreen(state())?.slice;
      const found = caseOnScreen(state());
      const gaps = gapsAround(state());
      if (!slice || !found || gaps.length === 0 || !mayDraw()) return;
      const drawn = gaps.flatMap((gap) => filledIn(gap, found, slice));
      const some = drawn.filter(({ mask }) => mask.bits.includes(1));
      const outlines = some.map(({ frame, mask }) => [frameKeyOf(found.id, frame), mask] as const);
      if (outlines.length > 0) drawOutlines(store, outlines);
      tell(store, "status", interpolated(some.length, drawn.length - some.length));
    },
  };
}

/** Why the reader in hand cannot draw, where that is so. */
export function whyLocked(state: State): Text {
  const { id, name } = drawingReader(state);
  return id === YOU.id
    ? say`You are done with this case: the outline stays as it was made, before the others were seen.`
    : say`${name} is done with this case: the outline stays as it was made, before the others were seen.`;
}

/** Undrawn slices between two that the reader in hand drew on. */
interface Gap {
  readonly from: { readonly frame: number; readonly mask: Mask };
  readonly to: { readonly frame: number; readonly mask: Mask };
}

/** The gaps next to the slice on the screen: between the nearest drawn slices below and above it, and itself. */
export function gapsAround(state: State): readonly Gap[] {
  const { caseId, frame } = state.intent;
  if (caseId === null) return [];
  const drawn = outlinesOn(state, drawingReader(state).id, caseId)
    .filter(({ mask }) => mask.bits.includes(1))
    .sort((a, b) => a.frame - b.frame);
  const below = drawn.filter((one) => one.frame < frame).slice(-1);
  const here = drawn.filter((one) => one.frame === frame);
  const above = drawn.filter((one) => one.frame > frame).slice(0, 1);
  const ends = [...below, ...here, ...above];
  return ends.slice(1).flatMap((to, i): Gap[] => {
    const from = ends[i] as Gap["from"];
    return to.frame - from.frame > 1 && to.mask.bits.length === from.mask.bits.length ? [{ from, to }] : [];
  });
}

function filledIn({ from, to }: Gap, found: Case, slice: Slice): readonly { frame: number; mask: Mask }[] {
  const { places } = placesOf(found);
  const at = (frame: number) => places[frame] as number;
  const frames = Array.from({ length: to.frame - from.frame - 1 }, (_, i) => from.frame + 1 + i);
  const shares = frames.map((frame) => (at(frame) - at(from.frame)) / (at(to.frame) - at(from.frame)));
  const masks = betweenSlices(from.mask, to.mask, shares, slice.spacingMm ?? [1, 1]);
  return frames.map((frame, i) => ({ frame, mask: masks[i] as Mask }));
}

function interpolated(drawn: number, empty: number): Text {
  const slices = (count: number) => sayCount(count, { one: "# slice", other: "# slices" });
  if (drawn === 0) return say`The two outlines do not overlap, so nothing lies between them: draw one more in between.`;
  const rest = empty === 0 ? "" : say`; on ${slices(empty)} nothing lies between, for the two outlines hardly overlap`;
  return say`Interpolated on ${slices(drawn)}${rest}.`;
}

function combine(old: Mask | null, drawn: Mask, how: Lasso): Mask {
  if (!old || how === "redraw") return drawn;
  const add = how !== "subtract" && how !== "erase";
  const bits = old.bits.map((bit, i) => (drawn.bits[i] === 1 ? (add ? 1 : 0) : bit));
  return { ...old, bits };
}
