import { type ShapeModes, shapeAt, shapeModes } from "../../../core/samples/shape-modes.ts";
import { derive } from "../../app/derive.ts";
import type { State } from "../../app/shape.ts";
import type { ExplorerStore } from "../../app/store.ts";
import { aspectOnScreen, isBlinded } from "../../cases/on-screen.ts";
import { hasZ } from "../../models/model.ts";
import { samplesKey } from "../keys.ts";
import { sampleMasks, samplesAreStale } from "../masks.ts";
import { shownIndex } from "../samples.ts";

/** How far a mode is moved at the most, in its σ. */
export const SHAPE_REACH = 3;

/** How the shapes of the samples on the screen differ; null where a system has z, or fewer than two samples mark anything. */
export const shapeModesOf = derive(
  (state: State) => [hasZ(state) || samplesAreStale(state) ? null : sampleMasks(state), aspectOnScreen(state)] as const,
  (masks, aspect): ShapeModes | null => (masks ? shapeModes(masks, aspect) : null),
);

/** Names the samples and the one shown: with another one the modes are back at their mean. */
function shapeKey(state: State): string | null {
  const samples = samplesKey(state);
  return samples === null ? null : `${samples}|${shownIndex(state)}`;
}

/** Where the modes stand, in σ; null where nobody moved them and the sample itself is shown. */
export function shapeSigma(state: State): readonly number[] | null {
  return state.shape && state.shape.key === shapeKey(state) ? state.shape.value : null;
}

/** Depth of which the outline is 0 becomes a P that crosses the threshold there. */
const PER_PIXEL = 0.1;

/** P of the shape that the modes show, [H,W]: it crosses the threshold at its outline; null where the sample is shown. */
export const shapeOnScreen = derive(
  (state: State) => {
    const sigma = isBlinded(state) ? null : shapeSigma(state);
    return [sigma ? shapeModesOf(state) : null, sigma, state.intent.threshold] as const;
  },
  (modes, sigma, threshold): Float32Array | null => {
    if (!modes || !sigma) return null;
    return shapeAt(modes, sigma).map((depth) => Math.max(0, Math.min(1, threshold + PER_PIXEL * depth)));
  },
);

/** Whether the map of masks is shown: of samples that were given it is what comes first. */
export function showsMaskMap({ maskMap, model }: State): boolean {
  return maskMap ?? model?.value.choice === "samples";
}

/** What a person can do to the map and the modes of a set; both are written here alone. */
export function shapeActions(store: ExplorerStore) {
  return {
    /** Moves mode `k`, from 0, to so many σ: the outline shown is then the mean shape and what the modes add. */
    moveShape(k: number, to: number): void {
      const state = store.getState();
      const [key, modes] = [shapeKey(state), shapeModesOf(state)];
      if (key === null || !modes?.modes[k]) return;
      const before = shapeSigma(state) ?? [];
      const within = Math.max(-SHAPE_REACH, Math.min(SHAPE_REACH, to));
      const value = modes.modes.map((_, i) => (i === k ? within : (before[i] ?? 0)));
      store.setState({ shape: { key, value } });
    },
    /** Shows the mean of the shapes. */
    meanShape(): void {
      const state = store.getState();
      const [key, modes] = [shapeKey(state), shapeModesOf(state)];
      if (key !== null && modes) store.setState({ shape: { key, value: modes.modes.map(() => 0) } });
    },
    /** Puts the map of masks in the place of the plane or of the samples each, or takes it away. */
    showMaskMap: (maskMap: boolean) => store.setState({ maskMap }),
    /** Shows the sample again. */
    leaveShape: () => store.setState({ shape: null }),
  };
}
