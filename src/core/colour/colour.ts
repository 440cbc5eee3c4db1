import { type Message, say } from "../language/say.ts";
import { CIVIDIS_HEX, VIRIDIS_HEX } from "./colour-tables.ts";

/** Red, green, blue in 0…255. */
export type Rgb = readonly [number, number, number];

/** 256 colours, [256, 3] bytes. Perceptually even: equal steps of the value are equal steps to the eye. */
export type ColourTable = Uint8Array;

function tableOf(hex: string): ColourTable {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export const VIRIDIS: ColourTable = tableOf(VIRIDIS_HEX);
/** Made to look the same with and without colour blindness. */
export const CIVIDIS: ColourTable = tableOf(CIVIDIS_HEX);

/** Grader slots 1–4, then "You": from Okabe and Ito's set, apart for colour-blind eyes and bright on a dark page. */
export const GRADER_COLOURS: readonly [Rgb, Rgb, Rgb, Rgb, Rgb] = [
  [230, 159, 0], // orange
  [86, 180, 233], // sky blue
  [0, 158, 115], // bluish green
  [204, 121, 167], // reddish purple
  [240, 228, 66], // yellow
];

/** What readers who draw in the page may be shown in, "You" first: apart from the graders' colours and from each other. */
export const READER_COLOURS: readonly { readonly name: Message; readonly colour: Rgb }[] = [
  { name: say`yellow`, colour: GRADER_COLOURS[4] },
  { name: say`vermilion`, colour: [255, 106, 61] },
  { name: say`lavender`, colour: [170, 153, 255] },
  { name: say`lime`, colour: [160, 224, 66] },
  { name: say`pink`, colour: [255, 160, 190] },
  { name: say`cyan`, colour: [80, 230, 230] },
  { name: say`sand`, colour: [221, 204, 160] },
  { name: say`red`, colour: [235, 70, 90] },
];

/** A colour slot: 0…3 of a case's graders, from 4 on of the readers in the page; past the last the first again. */
export function slotRgb(slot: number): Rgb {
  const ofPage = slot >= 4 ? READER_COLOURS[(slot - 4) % READER_COLOURS.length]?.colour : undefined;
  return ofPage ?? GRADER_COLOURS[slot] ?? GRADER_COLOURS[0];
}

/** The colour of `fraction` in [0, 1] of the table's way; beyond the ends, and for NaN, the nearest end (the first). */
export function colourAt(table: ColourTable, fraction: number): Rgb {
  const at = 3 * tableIndex(fraction);
  return [table[at] as number, table[at + 1] as number, table[at + 2] as number];
}

/** Row of a table for `fraction`: 256 equal parts of [0, 1]. */
export function tableIndex(fraction: number): number {
  if (!(fraction > 0)) return 0;
  return Math.min(255, Math.floor(fraction * 256));
}

/** "#e69f00" */
export function hexOf(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
