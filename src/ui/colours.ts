import { GRADER_COLOURS, hexOf, type Rgb } from "../core/colour.ts";

/** The chosen sample: white, which no grader has. */
export const SAMPLE_COLOUR: Rgb = [255, 255, 255];

/** Colour of a grader's slot (4 = you) as the style sheet writes it. */
export function slotColour(slot: number): string {
  return hexOf(slotRgb(slot));
}

export function slotRgb(slot: number): Rgb {
  return GRADER_COLOURS[slot % GRADER_COLOURS.length] ?? GRADER_COLOURS[0];
}
