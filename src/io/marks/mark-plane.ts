import type { GraderspaceError } from "../../core/errors.ts";
import type { Text } from "../../core/language/say.ts";
import type { Geometry, Slice } from "../../core/values/slice.ts";
import type { PicturePlace } from "../stack/stack.ts";

/** One picture of one grader's marks. */
export interface MarkPlane {
  readonly width: number;
  readonly height: number;
  readonly geometry: Geometry | null;
  readonly spacingMm: readonly [number, number] | null;
  /** The picture that was marked, where the file names it. */
  readonly sopInstanceUid: string | null;
  /** Frame of that picture, from 0; null where it has one only or none is named. */
  readonly frame: number | null;
  /** Share of lesion, 0…255, row-major; null where nothing is marked. Of probabilities: 255·P, not rounded. */
  readonly values: Uint8Array | Float32Array | null;
}

/** Marks as pixels: one entry per segment or label. */
export interface PixelMarks {
  /** "dicom-seg", or the `kind` of its format in the registry. */
  readonly format: string;
  readonly file: string;
  /** The series that was marked, where the file names it. */
  readonly seriesInstanceUid: string | null;
  readonly graders: readonly { readonly name: string; readonly planes: readonly MarkPlane[] }[];
  /** What was odd about the file, as sentences. */
  readonly notes?: readonly Text[];
}

/** The slice that marks are asked for, and what identifies it in its file. */
export interface MarkTarget extends Omit<PicturePlace, "geometry"> {
  readonly slice: Slice;
}

/** All pictures that marks may belong to: what is known of each, and the one on the screen. */
export interface MarkTargets {
  /** One of them, for what all have in common: size and spacing. */
  readonly slice: Slice;
  readonly places: readonly PicturePlace[];
  readonly shown: number;
}

/** Whether marks belong to a stack. */
export interface Belonging {
  /** To the picture on the screen only. */
  readonly alone?: true;
  /** By what they were matched, where that may be wrong, as a sentence. */
  readonly note?: Text;
  /** Why they belong to none of its pictures; missing where they do belong. */
  readonly refusal?: GraderspaceError;
}
