import { placeMap } from "../../core/values/mask-placement.ts";
import { writeNifti } from "../nifti/nifti-write.ts";
import { masksInSlice, type SampleExport, sliceMask } from "./input.ts";
import { graderSegments, readersInPage } from "./segments.ts";

/**
 * In the source's geometry: `samples.nii.gz` and `graders.nii.gz` (u8, one mask per step of the fourth dimension),
 * `prior-mean.nii.gz`, `by-hand.nii.gz`, `reader-1-You.nii.gz` … of each who drew in the page, and the maps `mean`, `variance`, `entropy`, `mutual-information` as float32,
 * 0 outside the region.
 */
export function niftiFiles(input: SampleExport): Record<string, Uint8Array> {
  const { slice, statistics, samples, origin } = input;
  const source = input.source ?? { kind: "none" };
  const write = (description: string, ...pictures: (Uint8Array | Float32Array)[]) =>
    writeNifti({ pictures, description }, slice, source);
  const files: Record<string, Uint8Array> = {};
  files["samples.nii.gz"] = write("Graderspace samples", ...masksInSlice(input).map(({ bits }) => bits));
  const alone = { "prior-mean": input.priorMean, "by-hand": input.byHand };
  for (const [name, map] of Object.entries(alone)) {
    if (map) files[`${name}.nii.gz`] = write(`Graderspace ${name}`, sliceMask(input, map).bits);
  }
  if (input.graders.length > 0) {
    files["graders.nii.gz"] = write(
      "Graders",
      ...graderSegments(input).flatMap(({ masks }) => masks.map(({ bits }) => bits)),
    );
  }
  for (const { file, mask } of readersInPage(input)) files[`${file}.nii.gz`] = write("Graderspace reader", mask.bits);
  const maps = {
    mean: statistics.mean,
    variance: statistics.variance,
    entropy: statistics.entropy,
    "mutual-information": statistics.mutualInformation,
  };
  for (const [name, map] of Object.entries(maps)) {
    files[`${name}.nii.gz`] = write(`Graderspace ${name}`, placeMap(map, samples, origin, slice.width, slice.height));
  }
  return files;
}
