import type { Rgb } from "../../core/colour/colour.ts";
import type { Draw, Gaussian, Samples, Statistics } from "../../core/network/encoding.ts";
import { placeMask } from "../../core/values/mask-placement.ts";
import { emptyMask, type Grader, type Mask, type Slice } from "../../core/values/slice.ts";
import { maskOf, masksOf } from "../../core/values/threshold.ts";
import type { TableStyle } from "../bytes/csv.ts";
import type { Session } from "../session/session.ts";
import type { Origin } from "../stack/stack.ts";

/** A grader of the file, or a reader who drew in the page. */
export interface ExportedGrader extends Grader {
  /** Of a reader in the page: then the name is one that a person typed for this, and leaves with the marks. */
  readonly colour?: Rgb;
  /** How surprising the mask is to the prior; missing: the system has no posterior, or it was not found. */
  readonly surprise?: Surprise;
}

/** KL(Q‖P) of a grader's posterior and the prior, in nats. */
interface Surprise {
  readonly z: number;
  /** Of the local fields given z, on top of it; null where they are not told from a mask. */
  readonly fields: number | null;
}

/** Everything that leaves in one export: the samples of one region of one slice, and what they were made from. */
export interface SampleExport {
  /** Its size, spacing and geometry are used; its name never is. */
  readonly slice: Slice;
  /** Column and row of the region's first pixel in the slice. */
  readonly origin: readonly [number, number];
  readonly samples: Samples;
  readonly statistics: Statistics;
  /** What each sample was drawn from, in their order; empty z where the system has none. */
  readonly draws: readonly Draw[];
  /** Null where the system has no latent space. */
  readonly prior: Gaussian | null;
  /** As the model's head: one field per draw and spacing. */
  readonly fieldSpacings: readonly number[];
  /** P(lesion) at the prior mean, [H, W] of the region: asks for `mean.png`. */
  readonly priorMean?: Float32Array;
  /** P(lesion) for the z that was set by hand (the session's `choice.z`), [H, W]: asks for `by-hand.png`. */
  readonly byHand?: Float32Array;
  /** Which of the seed's draws the samples are, from 1; the first ones in order where this is missing. */
  readonly numbers?: readonly number[];
  /** In the slice's size. */
  readonly graders: readonly ExportedGrader[];
  readonly session: Session;
  /** The file the slice came from: NIfTI copies its forms, DICOM SEG its patient and references. Missing: none. */
  readonly source?: Origin;
  /** A simulated nodule in a real slice: no DICOM SEG of it leaves. */
  readonly simulated?: boolean;
  /** The samples' colours on the screen, in their order; viridis where this is missing. */
  readonly sampleColours?: readonly Rgb[];
  /** How tables are written; missing: "comma". */
  readonly tables?: TableStyle;
}

/** Number of the sample at `index`, from 1. */
export function sampleNumber(input: SampleExport, index: number): number {
  return input.numbers?.[index] ?? index + 1;
}

/** The samples' masks on the source's grid. */
export function masksInSlice(input: SampleExport): Mask[] {
  const { slice, samples, session, origin } = input;
  return masksOf(samples, session.threshold).map((mask) => placeMask(mask, origin, slice.width, slice.height));
}

/** One map of the region [H, W], thresholded and put back into the slice. */
export function sliceMask(input: SampleExport, map: Float32Array): Mask {
  const { slice, samples, session, origin } = input;
  const mask = maskOf(map, samples.width, samples.height, session.threshold);
  return placeMask(mask, origin, slice.width, slice.height);
}

/** What of a grader's mask lies in the region: the model answers for no more. A grader who drew nothing: empty. */
export function graderInRegion({ samples, origin: [x0, y0] }: SampleExport, { mask }: Grader): Mask {
  const { width, height } = samples;
  return mask ? placeMask(mask, [-x0, -y0], width, height) : emptyMask(width, height);
}
