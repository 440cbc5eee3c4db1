import { GraderspaceError } from "../../core/errors.ts";
import type { Grader, Slice } from "../../core/values/slice.ts";
import type { DicomDataset } from "../dicom/dataset.ts";
import type { NiftiHeader } from "../nifti/nifti.ts";

export type ImageFormat = "dicom" | "nifti" | "nrrd" | "png" | "jpeg" | "npy" | "npz" | "pack";

/** What a writer may copy from the file that a slice came from. */
export type Origin =
  | { readonly kind: "dicom"; readonly dataset: DicomDataset; readonly frame: number; readonly frames: number }
  | { readonly kind: "nifti"; readonly header: NiftiHeader; readonly frame: number }
  | { readonly kind: "none" };

/** One or many pictures of numbers in order, each read when asked for. */
export interface Stack {
  /** Shown to the person, never exported. */
  readonly name: string;
  readonly format: ImageFormat;
  readonly frames: number;
  /** The picture shown first, from 0. */
  readonly start: number;
  /** Sentences that the person must see: what was odd, and what was done about it. */
  readonly notes: readonly string[];
  /** What the frame picker says of picture `frame`: "12 of 96 · z −75.7 mm". */
  label(frame: number): string;
  /** @throws NoSuchFrame, TruncatedFile, DamagedFile, UnsupportedPixels */
  slice(frame: number): Promise<Slice>;
  origin(frame: number): Promise<Origin>;
  /** What graders drew on picture `frame`, where the file itself holds it (a pack of cases as npz). */
  graders?(frame: number): Promise<readonly Grader[]>;
  /** Sentences about one picture alone, known once it was read. */
  notesOf?(frame: number): readonly string[];
}

/** A stack of pictures that no file format knows more about. */
export function plainStack(parts: Pick<Stack, "name" | "format" | "frames" | "slice"> & Partial<Stack>): Stack {
  return {
    start: Math.floor((parts.frames - 1) / 2),
    notes: [],
    label: (frame) => (parts.frames === 1 ? parts.name : `${frame + 1} of ${parts.frames}`),
    origin: async () => ({ kind: "none" }),
    ...parts,
  };
}

/** @throws NoSuchFrame unless `frame` is a whole number from 0 to frames − 1 */
export function checkFrame(frame: number, frames: number, file: string): void {
  if (Number.isInteger(frame) && frame >= 0 && frame < frames) return;
  throw new GraderspaceError("NoSuchFrame", {
    file,
    problem: `it has no frame ${frame}`,
    remedy: frames === 1 ? "ask for frame 0" : `ask for a frame from 0 to ${frames - 1}`,
  });
}
