import { diceThrough } from "../../../core/lesion/overlaps.ts";
import type { LesionSize } from "../../../core/lesion/reader-sizes.ts";
import { rounded } from "../../../core/measures/rounded.ts";
import { type Cell, writeCsv } from "../../bytes/csv.ts";
import { graderSegment } from "../segments.ts";
import type { LesionExport } from "./lesion-input.ts";
import { SIZE_COLUMNS, sizeCells } from "./size-columns.ts";

/**
 * `lesion.csv`: a row per grader and sample with its size, and Dice through the slices with each grader (`dice_Grader 1`,
 * …). In mm and mm³, in voxels where the place of the slices is not known. Names leave as in DICOM SEG.
 */
export function lesionCsv({
  followed,
  measured,
  readerColours,
}: Pick<LesionExport, "followed" | "measured" | "readerColours">): string {
  const { grown } = followed;
  const graders = followed.graderNames.map((name, g) => graderSegment(name, g, readerColours?.get(name)).label);
  const row = (name: string, size: LesionSize, masks: (typeof grown.samples)[number]): Cell[] => [
    name,
    ...sizeCells(size),
    ...grown.graders.map((grader) => rounded(diceThrough(masks, grader))),
  ];
  const rows = (sizes: readonly LesionSize[], readers: typeof grown.samples, nameOf: (k: number) => string) => {
    return sizes.map((size, k) => row(nameOf(k), size, readers[k] ?? []));
  };
  return writeCsv(
    ["reader", ...SIZE_COLUMNS, ...graders.map((name) => `dice_${name}`)],
    [
      ...rows(measured.graders, grown.graders, (g) => graders[g] ?? ""),
      ...rows(measured.samples, grown.samples, (n) => `sample-${n + 1}`),
    ],
  );
}
