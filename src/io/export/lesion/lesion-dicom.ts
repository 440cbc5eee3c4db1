import { GraderspaceError } from "../../../core/errors.ts";
import { say } from "../../../core/language/say.ts";
import type { LesionSize } from "../../../core/lesion/reader-sizes.ts";
import type { PixelSpacing } from "../../../core/lesion/volume.ts";
import { LIMITS, mebibytes } from "../../bytes/limits.ts";
import { writeRtStruct } from "../../dicom/rtstruct/rtstruct-write.ts";
import {
  binarySegBytes,
  type MaskedSegment,
  type SegPlace,
  type SegSlice,
  writeBinarySeg,
} from "../../dicom/seg/seg-write.ts";
import { writeMeasurementReport } from "../../dicom/sr/measurement-report.ts";
import { authorOf, segSlice } from "../seg.ts";
import type { LesionExport } from "./lesion-input.ts";

/**
 * `lesion.seg.dcm`: a segment per sample and grader through all slices, in the slices' full size; `lesion.rtstruct.dcm`: the
 * same as contours. `measurements.dcm`: the sizes of all who drew something, each with its segment.
 * @throws CannotExport where the series is no DICOM, its place is not known, nobody drew, or the masks take too much
 */
export async function lesionDicom(
  input: LesionExport,
  segments: readonly MaskedSegment[],
): Promise<Record<string, Uint8Array>> {
  const slices = await slicesOf(input);
  const sizes = [...input.measured.samples, ...input.measured.graders];
  if (sizes.every((size) => size.slices === 0)) {
    throw new GraderspaceError("CannotExport", { problem: say`nobody drew anything`, remedy: say`point at a lesion` });
  }
  const bytes = binarySegBytes(segments, input.slice);
  if (bytes > LIMITS.markBytes) {
    const problem = say`its masks take ${mebibytes(bytes)} in DICOM, and up to ${mebibytes(LIMITS.markBytes)} are written`;
    throw new GraderspaceError("CannotExport", { problem, remedy: say`draw fewer samples` });
  }
  const { width, height } = input.slice;
  const spacingMm = input.spacingMm as PixelSpacing; // `slicesOf` refuses a series without it
  const place: SegPlace = { slices, spacingMm, width, height, origin: input.followed.origin };
  const author = authorOf(input.session);
  const seg = writeBinarySeg(segments, place, author);
  const readers = segments.map(({ label, algorithm }, k) => ({ label, algorithm, size: sizes[k] as LesionSize }));
  return {
    "lesion.seg.dcm": seg.bytes,
    "lesion.rtstruct.dcm": writeRtStruct(segments, place, author),
    "measurements.dcm": writeMeasurementReport(readers, seg, place, author),
  };
}

/** One slice at a time: of each, what is referred to it by stays in memory, and no file. */
async function slicesOf({ stack, spacingMm, followed, simulated = false }: LesionExport): Promise<SegSlice[]> {
  const slices: SegSlice[] = [];
  for (let k = followed.grown.first; k <= followed.grown.last; k++) {
    const { geometry } = stack.place(k);
    const source = await stack.origin(k);
    if (source.kind === "dicom" && !spacingMm) {
      const problem = say`it is not known how its slices follow each other`;
      throw new GraderspaceError("CannotExport", { problem, remedy: say`give a series whose slices have a place` });
    }
    slices.push(segSlice({ geometry, spacingMm }, source, simulated));
  }
  return slices;
}
