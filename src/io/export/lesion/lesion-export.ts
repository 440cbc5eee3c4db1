import { GraderspaceError } from "../../../core/errors.ts";
import { say, type Text } from "../../../core/language/say.ts";
import { neighbourDistance } from "../../../core/lesion/measure-lesion.ts";
import type { MaskedSegment } from "../../dicom/seg/seg-write.ts";
import { writeSegNrrd } from "../../nrrd/nrrd-write.ts";
import { writeSession } from "../../session/session.ts";
import { lesionCsv } from "./lesion-csv.ts";
import { lesionDicom } from "./lesion-dicom.ts";
import type { LesionExport } from "./lesion-input.ts";
import { lesionNifti } from "./lesion-nifti.ts";
import { lesionSegments } from "./lesion-segments.ts";
import { lesionVolume } from "./lesion-volume.ts";

/** Files by their names, and what a person must know of them, as sentences. */
interface LesionFiles {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly notes: readonly Text[];
}

/**
 * The files of a lesion, for the command line and the page alike: `lesion.csv` and `session.json` always;
 * `samples.nii.gz`, `graders.nii.gz` and `lesion.seg.nrrd` of the region where its slices are one grid; `lesion.seg.dcm`,
 * `lesion.rtstruct.dcm` and `measurements.dcm` where they are DICOM. What is left out has a note that says why. Same input, same bytes.
 * @throws what `Stack.origin` throws
 */
export async function exportLesion(input: LesionExport): Promise<LesionFiles> {
  const segments = lesionSegments(input);
  const [grid, dicom] = [gridFiles(input, segments), await dicomFiles(input, segments)];
  const files = {
    "lesion.csv": new TextEncoder().encode(lesionCsv(input)),
    ...grid.files,
    ...dicom.files,
    "session.json": writeSession(input.session),
  };
  return { files, notes: [...grid.notes, ...dicom.notes] };
}

function gridFiles(input: LesionExport, segments: readonly MaskedSegment[]): LesionFiles {
  const { grown, origin } = input.followed;
  const { geometry } = input.stack.place(grown.first);
  const region = grown.samples[0]?.[0];
  if (!input.spacingMm || !geometry || !region) {
    return {
      files: {},
      notes: [say`The place of the slices is not known: there is no NIfTI and no NRRD of the lesion.`],
    };
  }
  const places = input.places.slice(grown.first, grown.last + 1);
  const aloneMm = neighbourDistance(input.places, grown.first);
  const volume = lesionVolume({ geometry, spacingMm: input.spacingMm, origin, places, aloneMm }, region);
  if (!volume) {
    return { files: {}, notes: [say`The slices are not evenly spaced: there is no NIfTI and no NRRD of the lesion.`] };
  }
  const layers = segments.map((segment) => ({ ...segment, masks: volume.ordered(segment.masks) }));
  return { files: { ...lesionNifti(grown, volume), "lesion.seg.nrrd": writeSegNrrd(layers, volume.first) }, notes: [] };
}

async function dicomFiles(input: LesionExport, segments: readonly MaskedSegment[]): Promise<LesionFiles> {
  try {
    const files = await lesionDicom(input, segments);
    const carried =
      "lesion.seg.dcm, lesion.rtstruct.dcm and measurements.dcm carry the patient's tags from the source, as they must.";
    return { files, notes: [carried] };
  } catch (error) {
    if (!(error instanceof GraderspaceError) || error.tag !== "CannotExport") throw error;
    return {
      files: {},
      notes: [say`There is no DICOM segmentation, no RTSTRUCT and no report of sizes: ${error.facts.problem}.`],
    };
  }
}
