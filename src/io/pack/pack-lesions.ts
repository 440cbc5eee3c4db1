import type { LesionSource } from "../../core/lesion/cohort/read-lesion.ts";
import { cutGrader } from "../../core/values/mask-placement.ts";
import { cropRegion, REGION } from "../../core/values/region.ts";
import type { Pack } from "./pack.ts";
import { packReaders } from "./pack-readers.ts";

/** What such a pack lacks, and how to make one; null where it has slices of lesions. */
export function whyNoLesions(pack: Pack): { readonly problem: string; readonly remedy: string } | null {
  if (pack.index.cases.some(({ lesion }) => lesion)) return null;
  return {
    problem: "none of its cases says which lesion it is a slice of",
    remedy: "make a pack with `npm run cases -- crops.npz --lesions`, or give its cases `lesion` in pack.json",
  };
}

/**
 * Lesions through the regions of a pack's cases, a reader slot for each name in the pack. Who is not in a case's list, or
 * marked a point under 3 mm there without an outline, has no reading of it.
 */
export function packLesions(pack: Pack): LesionSource {
  const readers = packReaders(pack.index);
  const read = async (row: number) => {
    const { slice, region, graders } = await pack.open(row);
    return { graders, crop: cropRegion(slice, region[0], region[1], REGION) };
  };
  return {
    graders: async (row) => {
      const { graders, crop } = await read(row);
      return readers.map((reader) => {
        const grader = graders.find(({ name }) => name === reader);
        if (!grader) return null;
        const { mask, small } = cutGrader(grader, crop.origin, crop.size);
        return small ? null : mask;
      });
    },
    crop: async (row) => (await read(row)).crop,
  };
}
