import type { GrownLesion } from "../../../core/lesion/grow.ts";
import type { Mask } from "../../../core/values/slice.ts";
import { concat } from "../../bytes/concat.ts";
import { writeNifti } from "../../nifti/nifti-write.ts";
import type { LesionVolume } from "./lesion-volume.ts";

/**
 * `samples.nii.gz` and `graders.nii.gz`: the region through the lesion's slices, u8, a reader per step of the fourth
 * dimension, in the place that the slices have.
 */
export function lesionNifti(
  { samples, graders }: Pick<GrownLesion, "samples" | "graders">,
  { first, ordered }: LesionVolume,
): Record<string, Uint8Array> {
  const write = (readers: readonly (readonly Mask[])[], description: string) => {
    const pictures = readers.map((stack) => {
      return concat(
        Uint8Array,
        ordered(stack).map(({ bits }) => bits),
      );
    });
    return writeNifti({ pictures, description, depth: samples[0]?.length ?? 1 }, first, { kind: "none" });
  };
  return {
    "samples.nii.gz": write(samples, "Graderspace samples of a lesion"),
    ...(graders.length > 0 && { "graders.nii.gz": write(graders, "Graders of a lesion") }),
  };
}
