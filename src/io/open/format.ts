import type { GraderspaceError } from "../../core/errors.ts";
import type { Text } from "../../core/language/say.ts";
import type { SourceFile } from "../bytes/source-file.ts";
import type { Marks } from "../marks/marks.ts";
import type { RasterFile } from "../raster/raster.ts";
import type { SampleFile } from "../samples/sample-file.ts";
import type { Stack } from "../stack/stack.ts";

/** How many of a file's first bytes a format is told by. */
export const HEAD_BYTES = 4096;

/** What a file holds. Whether its numbers are the slice or a grader's marks is told later, from what lies beside it. */
export type Content =
  /** Numbers that may be a scan or, unless `neverLabels`, labels: each whole number above 0 a grader. */
  | {
      readonly holds: "volume";
      readonly stack: Stack;
      readonly neverLabels?: true;
      /** Samples that methods made of its pictures, each a row. */
      readonly samples?: SampleFile;
    }
  /** Samples that methods made of other pictures. */
  | { readonly holds: "samples"; readonly samples: SampleFile }
  /** A picture without a place: a slice, or a mask of 0 and something else. */
  | { readonly holds: "picture"; readonly picture: RasterFile }
  /** One file of what may be a series: read again when it is shown. */
  | { readonly holds: "series"; stack(): Stack }
  /** What graders drew, and nothing else. */
  | { readonly holds: "marks"; readonly marks: Marks; readonly notes: readonly Text[] }
  /** Files in a file. */
  | { readonly holds: "files"; readonly files: readonly SourceFile[] }
  /** One file, packed. */
  | { readonly holds: "packed"; readonly file: SourceFile }
  /** A list of files that lie beside it (DICOMDIR): passed over where they do, refused alone. */
  | { readonly holds: "list"; readonly names: readonly string[]; readonly refusal: GraderspaceError }
  /** JSON: a session, the config of a model, the index of a pack, or none of ours. */
  | { readonly holds: "document" };

/** A header whose numbers lie in other files. */
export interface Detached {
  /** Those files in the order of their numbers, as the header names them. */
  readonly names: readonly string[];
  /** The header as it would stand before the numbers in one file. */
  readonly header: string;
  /** Where the numbers of each file begin, in bytes; below 0: so many bytes from its end. */
  readonly skip: number;
}

/** A format of files. A new one is a folder with its reader and one of these, and a line in the registry. */
export interface Format {
  /** Its name, as `inspect` prints it. */
  readonly kind: string;
  /** As people call it, in the sentence that says what is read; null: not said there. */
  readonly title: string | null;
  /** Tells it from the first `HEAD_BYTES` bytes alone: names lie, and scanners give none. */
  recognise(head: Uint8Array): boolean;
  /**
   * Of a format whose header may be a file of its own: where the numbers are; null where they are in the file itself.
   * @throws GraderspaceError where they cannot be put together
   */
  detached?(head: Uint8Array, file: string): Promise<Detached | null>;
  /**
   * Reads what it takes to say what the file holds. Its reader is imported here, on demand.
   * @throws UnknownFormat, NotAnImage, UnsupportedPixels, TruncatedFile, DamagedFile, TooLarge, …
   */
  open(file: SourceFile): Promise<Content>;
}
