import { type MaskMap, maskMap } from "../../../core/samples/mask-map.ts";
import type { Mask } from "../../../core/values/slice.ts";
import { derive } from "../../app/derive.ts";
import type { State } from "../../app/shape.ts";
import { chosenDraws, outliningGraders, type RegionGrader, sampleMasks } from "../masks.ts";

/** What lies at one point of the map of masks. */
export interface MapMark {
  readonly at: readonly [number, number];
  /** Samples there by the numbers of their draws, from 0: one, or all that are empty. */
  readonly samples: readonly number[];
  readonly graders: readonly RegionGrader[];
  readonly empty: boolean;
  /** The mask of all that lies there. */
  readonly mask: Mask;
}

export interface MapOfMasks extends Pick<MaskMap, "stress" | "share"> {
  readonly marks: readonly MapMark[];
}

/** Samples and graders on the screen by 1 − IoU; null while there is nothing to be compared. */
export const mapOfMasks = derive(
  (state: State) => [sampleMasks(state), chosenDraws(state), outliningGraders(state)] as const,
  (samples, { places }, graders): MapOfMasks | null => {
    if (samples.length === 0) return null;
    const masks = [...samples, ...graders.map(({ mask }) => mask)];
    const { points, stress, share } = maskMap(masks);
    const marks = points.map(({ at, masks: there, empty }): MapMark => {
      return {
        at,
        empty,
        samples: there.flatMap((i) => (i < samples.length ? [places[i] as number] : [])),
        graders: there.flatMap((i) => graders[i - samples.length] ?? []),
        mask: masks[there[0] as number] as Mask,
      };
    });
    return { marks, stress, share };
  },
);
