import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import { baseName, type SourceFile } from "../bytes/source-file.ts";
import type { Marks } from "../marks/marks.ts";
import { maskPicture, type RasterFile } from "../raster/raster.ts";
import { type MethodSamples, methodsIn } from "../samples/method-samples.ts";
import type { Stack } from "../stack/stack.ts";
import { openContent } from "./recognise.ts";

/** What several files are, by their contents, each kind in the order of their names. */
export interface Sorted {
  /** Files of a series, not held: a series is larger than the memory it should take. */
  readonly series: SourceFile[];
  readonly pictures: (RasterFile & { readonly maskLike: boolean })[];
  readonly volumes: { readonly stack: Stack; readonly neverLabels?: true }[];
  /** Samples that say by the names of their arrays whose they are. */
  readonly samples: MethodSamples[];
  /** Files that hold nothing but marks. */
  readonly marks: Marks[];
  readonly documents: SourceFile[];
  /** Lists of files, passed over where there is anything else. */
  readonly lists: { readonly file: string; readonly names: readonly string[]; readonly refusal: GraderspaceError }[];
  /** What is to be said of files of marks. */
  readonly notes: Text[];
  /** Files left out, with the reason. */
  readonly leftOut: readonly GraderspaceError[];
}

const NAMED_MASK = /mask|grader|label|seg|annot|contour|truth/i;

/** In the order in which a person counts: "mask2" before "mask10". */
export function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name.localeCompare(b.name, "en", { numeric: true }) || (a.name < b.name ? -1 : 1);
}

/** Reads what is needed to tell what each file is. Files that cannot be read are left out with their reason. */
export async function sortFiles(files: readonly SourceFile[]): Promise<Sorted> {
  const leftOut: GraderspaceError[] = [];
  const sorted: Sorted = {
    series: [],
    pictures: [],
    volumes: [],
    samples: [],
    marks: [],
    documents: [],
    lists: [],
    notes: [],
    leftOut,
  };
  for (const file of [...files].sort(byName)) {
    try {
      await sortOne(file, sorted);
    } catch (error) {
      if (!(error instanceof GraderspaceError)) throw error;
      leftOut.push(error);
    }
  }
  return sorted;
}

async function sortOne(file: SourceFile, sorted: Sorted, unpacked = false): Promise<void> {
  const content = await openContent(file);
  switch (content.holds) {
    case "series":
      sorted.series.push(file);
      return;
    case "picture": {
      const { picture } = content;
      const mask = maskPicture(picture);
      if (mask && picture.format === "jpeg") {
        const said = "it looks like a mask saved as JPEG; what is over half of white is taken as drawn";
        sorted.notes.push(say`${file.name}: ${said}; save masks as PNG`);
      }
      const maskLike = mask !== null || NAMED_MASK.test(baseName(file.name));
      sorted.pictures.push({ ...(mask ?? picture), maskLike });
      return;
    }
    case "volume":
      sorted.volumes.push(content);
      return;
    case "samples":
      sorted.samples.push(...methodsIn(content.samples));
      return;
    case "marks":
      sorted.marks.push(content.marks);
      sorted.notes.push(...content.notes);
      return;
    case "document":
      sorted.documents.push(file);
      return;
    case "list":
      sorted.lists.push({ file: file.name, names: content.names, refusal: content.refusal });
      return;
    case "packed":
      if (unpacked) throw packedTooOften(file.name);
      return sortOne(content.file, sorted, true);
    case "files":
      throw packedTooOften(file.name);
  }
}

/** Archives are unpacked as they are given, and those that lie in them: no further. */
export function packedTooOften(file: string): GraderspaceError {
  return new GraderspaceError("NotAnImage", {
    file,
    problem: say`it is an archive within an archive within an archive`,
    remedy: say`unpack it and open what is in it`,
  });
}
