import { GraderspaceError } from "../../../core/errors.ts";
import type { PixelSpacing } from "../../../core/lesion/volume.ts";
import { LIMITS, mebibytes } from "../../bytes/limits.ts";
import { binarySegBytes, type MaskedSegment, type SegSlice, writeBinarySeg } from "../../dicom/seg/seg-write.ts";
import { writeMeasurementReport } from "../../dicom/sr/measurement-report.ts";
import { authorOf, segSlice } from "../seg.ts";
import type { LesionExport } from "./lesion-input.ts";

/**
 * `lesion.seg.dcm`: a segment per sample and grader through all slices, in the slices' full size. `measurements.dcm`: the
 * sizes of all who drew something, each with its segment.
 * @throws CannotExport where the series is no DICOM, its place is not known, or the masks take more than a file may hold
 */
export async function lesionDicom(
  input: LesionExport,
  segments: readonly MaskedSegment[],
): Promise<Record<string, Uint8Array>> {
  const { width, height } = input.slice;
  const { origin } = input.followed;
  const bytes = binarySegBytes(segments, input.slice);
  if (bytes > LIMITS.markBytes) {
    const problem = `the masks of a DICOM segmentation of it take ${mebibytes(bytes)}, over ${mebibytes(LIMITS.markBytes)}`;
    throw new GraderspaceError("CannotExport", { problem, remedy: "draw fewer samples" });
  }
  const slices = await slicesOf(input);
  const spacingMm = input.spacingMm as PixelSpacing; // `slicesOf` refuses a series without it
  const author = authorOf(input.session);
  const seg = writeBinarySeg(segments, { slices, spacingMm, width, height, origin }, author);
  const sizes = [...input.measured.samples, ...input.measured.graders];
  const readers = sizes.flatMap((size, k) => {
    const segment = segments[k];
    return segment ? [{ label: segment.label, algorithm: segment.algorithm, size }] : [];
  });
  const sources = slices.map(({ source }) => source);
  return { "lesion.seg.dcm": seg.bytes, "measurements.dcm": writeMeasurementReport(readers, seg, sources, author) };
}

/** One slice at a time: of each, what is referred to it by stays in memory, and no file. */
async function slicesOf({ stack, spacingMm, followed, simulated = false }: LesionExport): Promise<SegSlice[]> {
  const slices: SegSlice[] = [];
  for (let k = followed.grown.first; k <= followed.grown.last; k++) {
    const { geometry } = stack.place(k);
    const source = await stack.origin(k);
    if (source.kind === "dicom" && !spacingMm) {
      const problem = "it is not known how its slices follow each other";
      throw new GraderspaceError("CannotExport", { problem, remedy: "give a series whose slices have a place" });
    }
    slices.push(segSlice({ geometry, spacingMm }, source, simulated));
  }
  return slices;
}
