import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { Geometry, Grader, Slice } from "../../core/values/slice.ts";
import type { NiftiForms } from "../geometry/affine.ts";

/** Elements of a DICOM data set by their tags 0xGGGGEEEE: null where one is missing or empty. */
export interface DicomTags {
  text(tag: number): string | null;
  raw(tag: number): Uint8Array | null;
}

/** What a writer may copy from the file that a slice came from; `frame` is the slice's place in that file, from 0. */
export type Origin =
  | { readonly kind: "dicom"; readonly dataset: DicomTags; readonly frame: number; readonly frames: number }
  | { readonly kind: "nifti"; readonly forms: NiftiForms }
  | { readonly kind: "none" };

/** What marks are matched by, known without reading a picture's numbers. */
export interface PicturePlace {
  readonly geometry: Geometry | null;
  readonly sopInstanceUid: string | null;
  readonly seriesInstanceUid: string | null;
  /** From 0, in a file of several. */
  readonly frame: number | null;
}

/** One or many pictures of numbers in order, each read when asked for. */
export interface Stack {
  /** Shown to the person, never exported. */
  readonly name: string;
  /** The `kind` of its format in the registry; "npz" for an array of a zip. */
  readonly format: string;
  readonly frames: number;
  /** The picture shown first, from 0. */
  readonly start: number;
  /** Sentences that the person must see: what was odd, and what was done about it. */
  readonly notes: readonly Text[];
  /** What the frame picker says of picture `frame`: "12 of 96 · z −75.7 mm". */
  label(frame: number): string;
  /** @throws NoSuchFrame, TruncatedFile, DamagedFile, UnsupportedPixels */
  slice(frame: number): Promise<Slice>;
  origin(frame: number): Promise<Origin>;
  /** Of picture `frame`, which is sure to be one. */
  place(frame: number): PicturePlace;
  /** How many volumes follow each other in `frames`, each of as many pictures: time, or a label each. 1 where not given. */
  readonly channels?: number;
  /** What graders drew on picture `frame`, where the file itself holds it (a pack of cases as npz). */
  graders?(frame: number): Promise<readonly Grader[]>;
  /** Sentences about one picture alone, known once it was read. */
  notesOf?(frame: number): readonly Text[];
}

/** A stack of pictures that no file format knows more about. */
export function plainStack(parts: Pick<Stack, "name" | "format" | "frames" | "slice"> & Partial<Stack>): Stack {
  return {
    start: Math.floor((parts.frames - 1) / 2),
    notes: [],
    label: (frame) => (parts.frames === 1 ? parts.name : `${frame + 1} of ${parts.frames}`),
    origin: async () => ({ kind: "none" }),
    place: (frame) => placeWithout(parts.frames > 1 ? frame : null),
    ...parts,
  };
}

/** The place of a picture whose file names neither itself nor its series. */
export function placeWithout(frame: number | null, geometry: Geometry | null = null): PicturePlace {
  return { geometry, sopInstanceUid: null, seriesInstanceUid: null, frame };
}

/** Numbers of no known unit, [height, width] row-major; `place` where the file says more. */
export function storedSlice(
  { width, height }: { readonly width: number; readonly height: number },
  values: Float32Array,
  name: string,
  place: Partial<Pick<Slice, "spacingMm" | "geometry">> = {},
): Slice {
  const unknown = { spacingMm: null, geometry: null, padding: null, modality: null };
  return { width, height, values, unit: "stored", ...unknown, ...place, name };
}

/** "12 of 96 · z −75.7 mm". */
export function placeLabel(frame: number, frames: number, geometry: Geometry | null | undefined): string {
  const z = geometry ? ` · z ${geometry.position[2].toFixed(1).replace("-", "−")} mm` : "";
  return `${frame + 1} of ${frames}${z}`;
}

/** @throws NoSuchFrame unless `frame` is a whole number from 0 to frames − 1 */
export function checkFrame(frame: number, frames: number, file: string): void {
  if (Number.isInteger(frame) && frame >= 0 && frame < frames) return;
  throw new GraderspaceError("NoSuchFrame", {
    file,
    problem: say`it has no frame ${frame}`,
    remedy: frames === 1 ? say`ask for frame 0` : say`ask for a frame from 0 to ${frames - 1}`,
  });
}
