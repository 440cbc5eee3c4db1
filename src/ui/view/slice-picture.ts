import { composeRegion } from "../../core/compose.ts";
import { frameOnScreen } from "../../state/keys.ts";
import { LAYER_STYLES } from "../../state/layers.ts";
import { derive } from "../../state/memo.ts";
import { sliceGrey } from "../../state/select-region.ts";
import type { State } from "../../state/store.ts";
import { wholeMap } from "../../state/whole-slice.ts";
import { bitmapOf, greyRgba } from "./bitmap.ts";

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
