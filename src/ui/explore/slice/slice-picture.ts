import { composeRegion } from "../../../core/colour/compose.ts";
import { derive } from "../../../state/app/derive.ts";
import type { State } from "../../../state/app/shape.ts";
import { frameOnScreen } from "../../../state/cases/on-screen.ts";
import { LAYER_STYLES } from "../../../state/explore/layers.ts";
import { sliceGrey } from "../../../state/explore/region.ts";
import { wholeMap } from "../../../state/explore/whole/whole-slice.ts";
import { bitmapOf, greyRgba } from "../../canvas/bitmap.ts";

/** The whole slice's greys, under its map where one was made; null while there is no slice. */
export const sliceBitmap = derive(
  (state: State) =>
    [
      frameOnScreen(state)?.slice,
      sliceGrey(state),
      wholeMap(state),
      state.wholeView.layer,
      state.wholeView.opacity,
    ] as const,
  (slice, grey, whole, layer, opacity): HTMLCanvasElement | null => {
    if (!slice || !grey) return null;
    const { width, height } = slice;
    if (!whole) return bitmapOf(greyRgba(grey), width, height);
    const map = { ...whole, table: LAYER_STYLES[layer].table, opacity, fade: true };
    return bitmapOf(composeRegion({ width, height, grey, map }), width, height);
  },
);
