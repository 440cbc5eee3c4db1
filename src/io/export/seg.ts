import { GraderspaceError } from "../../core/errors.ts";
import { placeMap } from "../../core/values/mask-placement.ts";
import type { Slice } from "../../core/values/slice.ts";
import { type SegAuthor, type SegPlace, writeBinarySeg, writeFractionalSeg } from "../dicom/seg/seg-write.ts";
import { dicomSourceOf } from "../dicom/source.ts";
import type { Origin } from "../stack/stack.ts";
import type { SampleExport } from "./input.ts";
import { segmentsOf } from "./segments.ts";

/** `samples.seg.dcm`: a segment per sample and grader. `mean.seg.dcm`: the mean probability. @throws CannotExport */
export function segFiles(input: SampleExport): Record<string, Uint8Array> {
  const place = segPlace(input.slice, input.source, input.simulated ?? false);
  const { app, model, created } = input.session;
  const author: SegAuthor = { version: app.version, model: model.name, created: created ?? null };
  const { width, height } = input.slice;
  const mean = placeMap(input.statistics.mean, input.samples, input.origin, width, height);
  const segment = { label: "Mean probability", algorithm: "AUTOMATIC", colour: [253, 231, 37] } as const;
  return {
    "samples.seg.dcm": writeBinarySeg(segmentsOf(input), place, author),
    "mean.seg.dcm": writeFractionalSeg(segment, { width, height, values: mean }, place, author),
  };
}

function segPlace(slice: Slice, source: Origin | undefined, simulated: boolean): SegPlace {
  if (simulated) throw cannot("this nodule is simulated, and a DICOM segmentation of it could be taken for a finding");
  if (source?.kind !== "dicom") {
    throw cannot(
      "this slice is no DICOM file, and a DICOM segmentation must name the picture and patient it belongs to",
    );
  }
  const { geometry, spacingMm } = slice;
  if (!geometry || !spacingMm) {
    throw cannot("the slice's DICOM file does not say where it lies or how large its pixels are");
  }
  return { source: dicomSourceOf(source.dataset, source.frame, source.frames, "The slice"), geometry, spacingMm };
}

function cannot(problem: string): GraderspaceError {
  return new GraderspaceError("CannotExport", { problem, remedy: "export NIfTI, NRRD or PNG instead" });
}
