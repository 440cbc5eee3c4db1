import { meanDiameterMm } from "../../../core/lesion/decisions.ts";
import type { LesionSize } from "../../../core/lesion/reader-sizes.ts";
import { rounded } from "../../../core/measures/rounded.ts";
import type { Cell } from "../../bytes/csv.ts";

/** What a table says of a reader's size, after the reader's name; mm and mm³ where the place of the slices is known. */
export const SIZE_COLUMNS = ["volume_mm3", "long_mm", "short_mm", "mean_diameter_mm", "slices"];

/** The cells of `SIZE_COLUMNS`. */
export function sizeCells(size: LesionSize): Cell[] {
  const { volumeMm3, longMm, shortMm, slices } = size;
  return [...[volumeMm3, longMm, shortMm, meanDiameterMm(size)].map(rounded), slices];
}
