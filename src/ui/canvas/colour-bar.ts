import { type ColourTable, colourAt, hexOf } from "../../core/colour/colour.ts";

/** Stops of a colour table as [share, colour]. */
export function gradient(table: ColourTable): readonly (readonly [number, string])[] {
  return Array.from({ length: 17 }, (_, i) => [i / 16, hexOf(colourAt(table, i / 16))] as const);
}

export function gradientCss(table: ColourTable): string {
  return `linear-gradient(to right, ${gradient(table)
    .map(([, colour]) => colour)
    .join(", ")})`;
}
