import { hexOf, type Rgb, slotRgb } from "../../core/colour/colour.ts";
import { type SystemMark, systemMark } from "../evaluate/system-marks.ts";

/** The chosen sample: white, which no grader has. */
export const SAMPLE_COLOUR: Rgb = [255, 255, 255];

/** The reader at the z on the sliders, through the slices: no grader's, and apart from the white of a sample. */
export const READER_COLOUR = "#ff6f91";

/** From Tol's light set, apart for colour-blind eyes and from the graders' colours. */
const COLUMN_COLOURS = [
  "#77aadd",
  "#ee8866",
  "#eedd88",
  "#ffaabb",
  "#99ddff",
  "#44bb99",
  "#bbcc33",
  "#aaaa00",
] as const;

/** The columns of the comparison, in their order: dashes and shapes say the same without colour. */
export function columnLook(index: number): SystemMark {
  return { ...systemMark(index), colour: COLUMN_COLOURS[index % COLUMN_COLOURS.length] ?? COLUMN_COLOURS[0] };
}

/** A colour slot as the style sheet writes it. */
export function slotColour(slot: number): string {
  return hexOf(slotRgb(slot));
}
