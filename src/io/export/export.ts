import { say, type Text } from "../../core/language/say.ts";
import { cutGrader, placeMap } from "../../core/values/mask-placement.ts";
import { writeSegNrrd } from "../nrrd/nrrd-write.ts";
import { pngOfMap, pngOfMask } from "../raster/png-write.ts";
import { writeSession } from "../session/session.ts";
import { samplesCsv } from "./csv.ts";
import { figuresFiles } from "./figures.ts";
import { masksInSlice, type SampleExport, sampleNumber, sliceMask } from "./input.ts";
import { mapsNpz } from "./maps.ts";
import { niftiFiles } from "./nifti.ts";
import { rtStructFiles, segFiles } from "./seg.ts";
import { readersInPage, segmentsOf } from "./segments.ts";

/** `png-maps`: the four maps as 16-bit grey pictures, which the others hold as floats. */
export const EXPORT_FORMATS = ["png", "png-maps", "nifti", "nrrd", "seg", "rtstruct"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * Masks in the formats asked for, and always `maps.npz`, `samples.csv`, the figures with their legend, and `session.json`:
 * the files of `sample`, by path, for the command line and the page alike. Same input, same bytes.
 * @throws CannotExport where DICOM SEG or RTSTRUCT is asked for and cannot be written: the sentence says why
 */
export function exportFiles(all: SampleExport, formats: readonly ExportFormat[]): Record<string, Uint8Array> {
  const { origin, samples } = all;
  // A point under 3 mm is no outline, and its grader in no figure and no segment.
  const input = { ...all, graders: all.graders.filter((grader) => !cutGrader(grader, origin, samples.width).small) };
  return {
    ...(formats.includes("png") ? pngFiles(input) : {}),
    ...(formats.includes("png-maps") ? pngMapFiles(input) : {}),
    ...(formats.includes("nifti") ? niftiFiles(input) : {}),
    ...(formats.includes("nrrd") ? { "samples.seg.nrrd": writeSegNrrd(segmentsOf(input), input.slice) } : {}),
    ...(formats.includes("seg") ? segFiles(input) : {}),
    ...(formats.includes("rtstruct") ? rtStructFiles(input) : {}),
    "maps.npz": mapsNpz(input),
    "samples.csv": new TextEncoder().encode(samplesCsv(input)),
    ...figuresFiles(input),
    "session.json": writeSession(input.session),
  };
}

/**
 * `sample-001.png` …, `mean.png` for the prior mean, `by-hand.png` and `reader-1-You.png` … where they are there: 0/255 in
 * the slice's size.
 */
function pngFiles(input: SampleExport): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const [index, mask] of masksInSlice(input).entries()) {
    files[`sample-${String(sampleNumber(input, index)).padStart(3, "0")}.png`] = pngOfMask(mask);
  }
  if (input.priorMean) files["mean.png"] = pngOfMask(sliceMask(input, input.priorMean));
  if (input.byHand) files["by-hand.png"] = pngOfMask(sliceMask(input, input.byHand));
  for (const { file, mask } of readersInPage(input)) files[`${file}.png`] = pngOfMask(mask);
  return files;
}

/** `map-mean.png` …: 16-bit grey in the slice's size, over the map's whole possible range, which its text names. */
function pngMapFiles({ slice, samples, statistics, origin, session }: SampleExport): Record<string, Uint8Array> {
  const { width, height } = slice;
  const provenance = {
    Software: `Graderspace ${session.app.version}`,
    Model: session.model.name,
    Seed: String(session.choice.seed),
    ...(session.choice.order && { Order: session.choice.order }),
    Samples: String(session.choice.representative?.of ?? session.choice.count),
  };
  const maps = [
    ["mean", statistics.mean, 1],
    ["variance", statistics.variance, 0.25],
    ["entropy", statistics.entropy, Math.LN2],
    ["mutual-information", statistics.mutualInformation, Math.LN2],
  ] as const;
  return Object.fromEntries(
    maps.map(([name, map, most]) => {
      const whole = placeMap(map, samples, origin, width, height);
      return [`map-${name}.png`, pngOfMap(whole, slice, [0, most], { Title: name, ...provenance })];
    }),
  );
}

/** What a person must know of these files, as sentences. */
export function exportNotes(input: SampleExport, formats: readonly ExportFormat[]): Text[] {
  const { geometry, spacingMm } = input.slice;
  const notes: Text[] = [];
  const dicom = [formats.includes("seg") && "DICOM SEG", formats.includes("rtstruct") && "RTSTRUCT"].filter(Boolean);
  if (dicom.length > 0) {
    notes.push(
      dicom.length > 1
        ? say`DICOM SEG and RTSTRUCT carry the patient's tags from the source, as they must; nothing else in an export does.`
        : say`${dicom.join("")} carries the patient's tags from the source, as it must; nothing else in an export does.`,
    );
  }
  if (formats.includes("seg")) {
    notes.push(say`OHIF does not show mean.seg.dcm, whose values are fractions; 3D Slicer shows its raw values.`);
  }
  if ((formats.includes("nifti") || formats.includes("nrrd")) && !(geometry && spacingMm)) {
    notes.push(
      say`The slice does not say where it lies in the patient: NIfTI has no orientation code, NRRD begins at 0.`,
    );
  }
  if (geometry && geometry.thicknessMm === null && formats.some((format) => format !== "png")) {
    notes.push(say`The slice does not say how thick it is: 1 mm is written.`);
  }
  return notes;
}
