import { say, type Text } from "../../core/language/say.ts";
import type { ContourMarks } from "./contour-marks.ts";
import type { Marks } from "./marks.ts";

/** What several regions of interest of one RTSTRUCT are: a grader each, or together what the file's one author drew. */
export type RegionsMeaning = "graders" | "file";

/** A file of which both may be meant. */
export interface SeveralRegions {
  readonly file: string;
  readonly names: readonly string[];
}

/** The first file with several regions; null where there is none. */
export function severalRegions(marks: readonly Marks[]): SeveralRegions | null {
  const found = marks.find((each): each is ContourMarks => "rois" in each && each.rois.length > 1);
  return found ? { file: found.file, names: found.rois.map(({ name }) => name) } : null;
}

/** The marks as they are meant, and the sentences that say so: of files with several regions alone. */
export function regionsAs(
  marks: readonly Marks[],
  meaning: RegionsMeaning,
): { readonly marks: readonly Marks[]; readonly notes: readonly Text[] } {
  const notes: Text[] = [];
  const meant = marks.map((each): Marks => {
    if (!("rois" in each) || each.rois.length < 2) return each;
    const { file, rois } = each;
    const all = `${rois.length} regions of interest`;
    if (meaning === "graders") {
      notes.push(say`${file}: each of its ${all} is taken for a grader: ${listed(rois)}`);
      return each;
    }
    notes.push(say`${file}: its ${all} are taken together for one grader: ${listed(rois)}`);
    const name = file.split("/").at(-1) ?? file;
    return { ...each, rois: [{ name, contours: rois.flatMap(({ contours }) => contours) }] };
  });
  return { marks: meant, notes };
}

function listed(rois: readonly { readonly name: string }[]): string {
  const names = rois.slice(0, 4).map(({ name }) => name.slice(0, 24));
  return names.join(", ") + (rois.length > 4 ? ` and ${rois.length - 4} more` : "");
}
