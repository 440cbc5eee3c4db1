import { GraderspaceError } from "../../core/errors.ts";
import { say } from "../../core/language/say.ts";
import type { MarkedCrop } from "../../core/measures/evaluate-case.ts";
import { cutGrader } from "../../core/values/mask-placement.ts";
import { cropRegion } from "../../core/values/region.ts";
import type { Pack } from "./pack.ts";

/** The draw number of a case, from 0: its own, else its place (formats.md, "One draw rule"). */
export function drawOf({ index }: Pack, k: number): number {
  return index.cases[k]?.draw ?? k;
}

/**
 * Case `k` as the network sees it: its region [size, size], and the graders who drew an outline or nothing there.
 * @throws what reading throws; BadArgument where nobody looked at it, or marked it by points alone
 */
export async function readMarkedCrop(pack: Pack, k: number, size: number): Promise<MarkedCrop> {
  const { slice, region, graders } = await pack.open(k);
  if (graders.length === 0) {
    const problem = say`it names no graders, so there is nothing to hold the samples against`;
    throw new GraderspaceError("BadArgument", {
      problem,
      remedy: say`list its graders in pack.json, without a mask too`,
    });
  }
  const { origin, values } = cropRegion(slice, region[0], region[1], size);
  const within = graders.map((grader) => cutGrader(grader, origin, size));
  const masks = within.flatMap(({ mask, small }) => (small ? [] : [mask]));
  if (masks.length === 0) {
    const problem = say`its graders marked a nodule under 3 mm by a point alone: there is no outline to hold samples against`;
    throw new GraderspaceError("BadArgument", { problem, remedy: say`leave the case out` });
  }
  return { row: drawOf(pack, k), size, values, graders: masks, origin };
}
