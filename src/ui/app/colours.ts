import { hexOf, type Rgb, slotRgb } from "../../core/colour/colour.ts";

/** The chosen sample: white, which no grader has. */
export const SAMPLE_COLOUR: Rgb = [255, 255, 255];

/** The reader at the z on the sliders, through the slices: no grader's, and apart from the white of a sample. */
export const READER_COLOUR = "#ff6f91";

/** Lines of 0…3, a case's graders, and then of readers in the page, told apart where hues are not: on and off, in CSS pixels. */
const SLOT_DASHES: readonly (readonly number[])[] = [
  [],
  [8, 3],
  [2.5, 2.5],
  [8, 2.5, 2.5, 2.5],
  [14, 3],
  [5, 5],
  [2, 5],
];

/** The dash of a colour slot; none: a whole line. Past the last those of the readers again. */
export function slotDash(slot: number): readonly number[] {
  return SLOT_DASHES[slot < SLOT_DASHES.length ? slot : 4 + ((slot - 4) % 3)] ?? [];
}

/** A colour slot as the style sheet writes it. */
export function slotColour(slot: number): string {
  return hexOf(slotRgb(slot));
}
