import { hexOf, type Rgb, slotRgb } from "../../core/colour/colour.ts";

/** The chosen sample: white, which no grader has. */
export const SAMPLE_COLOUR: Rgb = [255, 255, 255];

/** The reader at the z on the sliders, through the slices: no grader's, and apart from the white of a sample. */
export const READER_COLOUR = "#ff6f91";

/** A colour slot as the style sheet writes it. */
export function slotColour(slot: number): string {
  return hexOf(slotRgb(slot));
}
