import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { baseName } from "../bytes/source-file.ts";
import { labelMarks, looksLikeLabels, pictureMarks } from "../marks/label-marks.ts";
import type { Marks } from "../marks/marks.ts";
import { pictureStack, type RasterFile } from "../raster/raster.ts";
import type { Stack } from "../stack/stack.ts";
import { byName, type Sorted } from "./sort-files.ts";

/** Which of several files is the slice, and what is left beside it: what graders drew. */
interface Chosen {
  readonly stack: Stack | null;
  readonly marks: readonly Marks[];
  /** The slice is one of several label maps, and nothing beside them looks like a scan: it may be a grader's too. */
  readonly asLabels: boolean;
  /** What was made of which file, as sentences. */
  readonly notes: readonly Text[];
}

/**
 * A series is the slice before volumes, and volumes before pictures; what is left beside it is what graders drew.
 * @throws BadArgument where several files could be the slice; what the readers throw
 */
export async function chooseSlice(sorted: Sorted, name: string): Promise<Chosen> {
  const { series, volumes, pictures } = sorted;
  if (series.length > 0) {
    const { openSeries } = await import("../dicom/series.ts");
    return beside(await openSeries(series, name), sorted, volumes, pictures);
  }
  const scans: Sorted["volumes"] = [];
  for (const each of volumes) if (each.neverLabels || !(await looksLikeLabels(each.stack))) scans.push(each);
  const volume = scans[0] ?? (pictures.every(({ maskLike }) => maskLike) ? volumes[0] : undefined);
  if (volume) {
    if (scans.length > 1)
      throw several(
        name,
        scans.map(({ stack }) => stack),
      );
    const others = volumes.filter((each) => each !== volume);
    return { ...(await beside(volume.stack, sorted, others, pictures)), asLabels: scans.length === 0 };
  }
  const slices = pictures.filter(({ maskLike }) => !maskLike);
  const chosen = slices[0] ?? (sorted.marks.length > 0 ? pictures[0] : undefined);
  if (!chosen) return beside(null, sorted, volumes, pictures);
  if (slices.length > 1) {
    const { width, height } = chosen.raster;
    const another = slices.some(({ raster }) => raster.width !== width || raster.height !== height);
    if (pictures.length > slices.length || another) throw several(name, slices);
    return beside(pictureStack(slices, name), sorted, volumes, []);
  }
  const masks = pictures.filter((picture) => picture !== chosen);
  return beside(pictureStack([chosen], name), sorted, volumes, masks);
}

/** Everything that is not the slice, as marks, with the sentence that says so. */
async function beside(
  stack: Stack | null,
  sorted: Sorted,
  volumes: Sorted["volumes"],
  masks: readonly RasterFile[],
): Promise<Chosen> {
  const marks: Marks[] = [...sorted.marks];
  const leftOut: GraderspaceError[] = [...sorted.leftOut];
  const laid: Sorted["volumes"] = [];
  for (const volume of volumes) {
    try {
      marks.push(await labelMarks(volume.stack));
      laid.push(volume);
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      leftOut.push(error);
    }
  }
  const ordered = [...masks].sort(byName);
  if (ordered.length > 0) marks.push(pictureMarks(ordered));
  const names = [...laid.map((volume) => volume.stack.name), ...ordered.map((mask) => mask.name)].map(baseName);
  const listed =
    names.length > 6 ? say`${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
  const graders = names.length === 1 ? say`what a grader drew` : say`the graders' masks, in the order of their names`;
  const said = stack && names.length > 0 ? [say`${baseName(stack.name)} is the slice; ${listed}: ${graders}`] : [];
  const odd = [...laid.flatMap((volume) => volume.stack.notes), ...ordered.flatMap((mask) => mask.raster.notes ?? [])];
  return { stack, marks, asLabels: false, notes: [...said, ...odd, ...sorted.notes, ...leftOutNote(leftOut)] };
}

/** Each of the first few by its name. */
function leftOutNote(errors: readonly GraderspaceError[]): Text[] {
  const more = errors.length > 4 ? [say`${errors.length - 4} more files were left out`] : [];
  return [...errors.slice(0, 4).map(({ sentence }) => say`Left out: ${sentence}`), ...more];
}

function several(name: string, files: readonly { readonly name: string }[]): GraderspaceError {
  const names = files.slice(0, 3).map((file) => baseName(file.name));
  return new GraderspaceError("BadArgument", {
    file: name,
    problem: say`each of ${names.join(", ")} could be the slice`,
    remedy: say`drop one slice together with its masks`,
  });
}
