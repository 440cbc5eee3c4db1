import { GraderspaceError } from "../../core/errors.ts";
import { say, type Text } from "../../core/language/say.ts";
import type { PixelSpacing } from "../../core/lesion/volume.ts";
import { placeMap } from "../../core/values/mask-placement.ts";
import type { Slice } from "../../core/values/slice.ts";
import { writeRtStruct } from "../dicom/rtstruct/rtstruct-write.ts";
import {
  type SegAuthor,
  type SegPlace,
  type SegSlice,
  writeBinarySeg,
  writeFractionalSeg,
} from "../dicom/seg/seg-write.ts";
import { dicomSourceOf } from "../dicom/source.ts";
import type { Session } from "../session/session.ts";
import type { Origin } from "../stack/stack.ts";
import type { SampleExport } from "./input.ts";
import { segmentsOf } from "./segments.ts";

/** `samples.seg.dcm`: a segment per sample and grader. `mean.seg.dcm`: the mean probability. @throws CannotExport */
export function segFiles(input: SampleExport): Record<string, Uint8Array> {
  const { width, height } = input.slice;
  const place = placeOf(input);
  const author = authorOf(input.session);
  const mean = placeMap(input.statistics.mean, input.samples, input.origin, width, height);
  const segment = { label: "Mean probability", algorithm: "AUTOMATIC", colour: [253, 231, 37] } as const;
  return {
    "samples.seg.dcm": writeBinarySeg(segmentsOf(input), place, author).bytes,
    "mean.seg.dcm": writeFractionalSeg(segment, mean, place, author).bytes,
  };
}

/** `samples.rtstruct.dcm`: a region of interest per sample and grader. @throws CannotExport */
export function rtStructFiles(input: SampleExport): Record<string, Uint8Array> {
  const bytes = writeRtStruct(segmentsOf(input), placeOf(input), authorOf(input.session));
  return { "samples.rtstruct.dcm": bytes };
}

function placeOf({ slice: picture, source = { kind: "none" }, simulated = false }: SampleExport): SegPlace {
  const { width, height, spacingMm } = picture;
  const slice = segSlice(picture, source, simulated);
  // `segSlice` refuses a slice without spacing.
  return { slices: [slice], spacingMm: spacingMm as PixelSpacing, width, height, origin: [0, 0] };
}

/** Who writes a DICOM object: this program and the model of its session. */
export function authorOf({ app, model, created }: Session): SegAuthor {
  return { version: app.version, model: model.name, created: created ?? null };
}

/** A slice as a DICOM object refers to it. @throws CannotExport where that cannot be */
export function segSlice(
  { geometry, spacingMm }: Pick<Slice, "geometry" | "spacingMm">,
  source: Origin,
  simulated: boolean,
): SegSlice {
  if (simulated)
    throw cannot(say`this nodule is simulated, and a DICOM segmentation of it could be taken for a finding`);
  if (source.kind !== "dicom") {
    throw cannot(
      say`this slice is no DICOM file, and a DICOM segmentation must name the picture and patient it belongs to`,
    );
  }
  if (!geometry || !spacingMm) {
    throw cannot(say`the slice's DICOM file does not say where it lies or how large its pixels are`);
  }
  return { source: dicomSourceOf(source.dataset, source.frame, source.frames, "The slice"), geometry };
}

function cannot(problem: Text): GraderspaceError {
  return new GraderspaceError("CannotExport", { problem, remedy: say`export NIfTI, NRRD or PNG instead` });
}
