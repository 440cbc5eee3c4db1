import { cropRegion, REGION } from "../../core/values/region.ts";
import type { Slice } from "../../core/values/slice.ts";
import { applyWindow } from "../../core/values/window.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { frameOnScreen, regionOrigin } from "../cases/on-screen.ts";

/** [centre, width] of the greys; the whole range of the slice where none was chosen. */
export const windowOf = derive(
  (state: State) => [state.intent.view.window, frameOnScreen(state)?.range] as const,
  (window, range): readonly [number, number] => {
    if (window) return window;
    const [low, high] = range ?? [0, 1];
    return [(low + high) / 2, Math.max(1e-6, high - low)];
  },
);

/** Greys of the whole slice under the window, [H,W] bytes. */
export const sliceGrey = derive(
  (state: State) => [frameOnScreen(state)?.slice, ...windowOf(state)] as const,
  (slice, centre, width) => (slice ? applyWindow(slice.values, centre, width) : null),
);

/** Greys of the region, [128,128] bytes: under the window, or as the network sees it. */
export const regionGrey = derive(
  (state: State) =>
    [
      frameOnScreen(state)?.slice,
      regionOrigin(state)?.[0],
      regionOrigin(state)?.[1],
      state.intent.view.network,
      ...windowOf(state),
    ] as const,
  (slice, x0, y0, network, centre, width) => {
    if (!slice || x0 === undefined || y0 === undefined) return null;
    if (network) return applyWindow(cropRegion(slice, x0 + REGION / 2, y0 + REGION / 2).values, 0.5, 1);
    return applyWindow(regionValues(slice, x0, y0), centre, width);
  },
);

/** True where the region has no contrast: the network then sees nothing. */
export const regionIsConstant = derive(
  (state: State) => [frameOnScreen(state)?.slice, regionOrigin(state)?.[0], regionOrigin(state)?.[1]] as const,
  (slice, x0, y0) =>
    slice && x0 !== undefined && y0 !== undefined
      ? cropRegion(slice, x0 + REGION / 2, y0 + REGION / 2).constant
      : false,
);

/** The region's numbers, [128,128] in the slice's unit; −∞ where the slice ends. */
export function regionValues(slice: Slice, x0: number, y0: number): Float32Array {
  const values = new Float32Array(REGION * REGION).fill(Number.NEGATIVE_INFINITY);
  const columns = Math.min(REGION, slice.width - x0);
  for (let y = 0; y < Math.min(REGION, slice.height - y0); y++) {
    const start = (y0 + y) * slice.width + x0;
    values.set(slice.values.subarray(start, start + columns), y * REGION);
  }
  return values;
}
