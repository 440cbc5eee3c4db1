import { edgeLetters } from "../../../core/values/orientation.ts";
import type { Geometry } from "../../../core/values/slice.ts";
import { outlinedText } from "./scale-bar.ts";

type Axes = Pick<Geometry, "rowDirection" | "columnDirection">;

/** Paints what of the patient lies at each edge of a picture's frame; nothing where the file does not say. */
export function paintEdgeLetters(
  context: CanvasRenderingContext2D,
  geometry: Axes | null,
  width: number,
  height: number,
): void {
  if (!geometry) return;
  const { left, right, top, bottom } = edgeLetters(geometry);
  context.save();
  context.textAlign = "left";
  outlinedText(context, left, 6, height / 2 + 4);
  context.textAlign = "right";
  outlinedText(context, right, width - 6, height / 2 + 4);
  context.textAlign = "center";
  outlinedText(context, top, width / 2, 15);
  outlinedText(context, bottom, width / 2, height - 6);
  context.restore();
}

/** The same in words, for the picture's summary. */
export function edgesSaid(geometry: Axes | null): string {
  if (!geometry) return "";
  const { left, right, top, bottom } = edgeLetters(geometry);
  return ` ${left}–${right}, ${top}–${bottom}.`;
}
