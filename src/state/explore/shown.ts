import { REGION } from "../../core/values/region.ts";
import type { Mask } from "../../core/values/slice.ts";
import { maskOf } from "../../core/values/threshold.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { t } from "../app/speech.ts";
import { decodedOnScreen } from "./masks.ts";
import { shownName } from "./samples.ts";
import { shapeOnScreen, shapeSigma } from "./set/shape.ts";

/** P(lesion) of what is shown large: the z on the sliders, a sample, or the shape that the modes of the set make. */
export function currentOnScreen(state: State): Float32Array | null {
  return shapeOnScreen(state) ?? decodedOnScreen(state);
}

/** Its mask; specks of a shape are its own. */
export const currentMask = derive(
  (state: State) =>
    [
      currentOnScreen(state),
      state.intent.threshold,
      shapeOnScreen(state) ? 0 : state.model?.value.config.smallestPart,
    ] as const,
  (current, threshold, smallestPart): Mask | null =>
    current ? maskOf(current, REGION, REGION, threshold, smallestPart) : null,
);

/** What is shown large, in words. */
export function currentName(state: State): string {
  const sigma = shapeSigma(state);
  if (!sigma || !shapeOnScreen(state)) return shownName(state);
  const moved = sigma.flatMap((value, k) => (value === 0 ? [] : [t`mode ${k + 1} at ${value.toFixed(1)} σ`]));
  return moved.length === 0 ? t`mean shape` : moved.join(", ").replaceAll("-", "−");
}
