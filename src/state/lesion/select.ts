import { derive } from "../app/derive.ts";
import { YOU } from "../app/intent.ts";
import type { State } from "../app/shape.ts";
import { regionCentre, regionOrigin } from "../cases/on-screen.ts";
import { rangeOf } from "../explore/layers.ts";
import { rowsOf } from "./cuts.ts";
import type { CutPlace } from "./followed.ts";
import { lesionKey, lesionOnScreen, startSlice } from "./keys.ts";

/** Colour slots of the graders, in their order: 0…3 of the case's, from 4 of the readers in the page. */
export const graderSlots = derive(
  (state: State) => [lesionOnScreen(state)?.readers, state.readers] as const,
  (drew = [], readers): readonly number[] =>
    drew.map((one, g) => readers.find(({ id }) => id === one)?.slot ?? g % YOU.slot),
);

/** What the three cuts go through: where the person put them, else where the region was pointed at. */
export const cutPlace = derive(
  (state: State) => {
    const at = state.lesionLook.at;
    const [centre, origin] = [regionCentre(state), regionOrigin(state)];
    return [
      at && at.key === lesionKey(state) ? at.place : null,
      lesionOnScreen(state)?.slices,
      centre && origin ? Math.round(centre[0] - origin[0]) : null,
      centre && origin ? Math.round(centre[1] - origin[1]) : null,
      startSlice(state),
    ] as const;
  },
  (put, slices = [], column, row, frame): CutPlace | null => {
    if (put && slices.some(({ index }) => index === put[2])) return put;
    const size = slices[0]?.crop.size;
    if (size === undefined || column === null || row === null || frame === null) return null;
    const inside = (at: number) => Math.max(0, Math.min(size - 1, at));
    return [inside(column), inside(row), frame];
  },
);

/** Numbers of the slices in the rows of a coronal or sagittal cut, from its top; null in a gap. */
export const slicesFromTop = derive(
  (state: State) => [lesionOnScreen(state)] as const,
  (followed): readonly (number | null)[] => (followed ? rowsOf(followed).map((slice) => slice?.index ?? null) : []),
);

/** One colour bar for the variance of all slices. */
export const varianceRange = derive(
  (state: State) => [lesionOnScreen(state)?.slices, state.intent.view.scaleLocked] as const,
  (slices = [], locked) =>
    rangeOf(
      "variance",
      slices.map(({ variance }) => variance),
      locked,
    ),
);
