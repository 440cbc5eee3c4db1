import { CIVIDIS, type ColourTable, VIRIDIS } from "../../core/colour/colour.ts";
import type { GraderConsensus } from "../../core/consensus/consensus.ts";
import { say, type Text } from "../../core/language/say.ts";
import { derive } from "../app/derive.ts";
import type { Layer, Outline } from "../app/intent.ts";
import type { Drawn, State } from "../app/shape.ts";
import { drawnOnScreen, graderConsensus } from "./masks.ts";

/** What a map shows, in which colours, over which range. */
export interface LayerStyle {
  readonly label: Text;
  readonly explanation: Text;
  readonly unit: Text;
  /** Upper ends of the colour bar: the first that holds every value of the case is taken. */
  readonly tops: readonly number[];
  readonly table: ColourTable;
}

const VARIANCES = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25];
const NATS = [0.02, 0.05, 0.1, 0.2, 0.3, 0.5, Math.LN2];

export const LAYER_STYLES: Readonly<Record<Exclude<Layer, "none">, LayerStyle>> = {
  mean: {
    label: say`Mean`,
    explanation: say`The share of samples' probability that a pixel is lesion.`,
    unit: say`P(lesion)`,
    tops: [1],
    table: CIVIDIS,
  },
  variance: {
    label: say`Variance`,
    explanation: say`How far the samples' probabilities spread at a pixel; a quarter is the most there can be.`,
    unit: say`variance of P`,
    tops: VARIANCES,
    table: VIRIDIS,
  },
  entropy: {
    label: say`Entropy`,
    explanation: say`How undecided the mean is at a pixel, whatever the reason; ln 2 = 0.69 nats is a coin toss.`,
    unit: say`nats`,
    tops: NATS,
    table: VIRIDIS,
  },
  disagreement: {
    label: say`Disagreement`,
    explanation: say`Between-sample disagreement (mutual information): the part of the entropy that comes from samples differing.`,
    unit: say`nats`,
    tops: NATS,
    table: VIRIDIS,
  },
  "grader-disagreement": {
    label: say`Grader disagreement`,
    explanation: say`Variance of the graders' marks at a pixel: a quarter where half of them marked it.`,
    unit: say`variance of marks`,
    tops: [0.25],
    table: CIVIDIS,
  },
};

export const OUTLINE_STYLES: Readonly<Record<Outline, { readonly label: Text; readonly explanation: Text }>> = {
  sample: { label: say`Sample`, explanation: say`The outline of the z on the sliders.` },
  all: { label: say`All samples`, explanation: say`Every sample's outline at once.` },
  quantiles: {
    label: say`Quantiles`,
    explanation: say`Where 10, 50 and 90 % of the samples mark the pixel as lesion.`,
  },
  graders: { label: say`Graders`, explanation: say`What each grader drew.` },
  majority: { label: say`Majority`, explanation: say`Where at least half of the graders marked.` },
  staple: {
    label: "STAPLE",
    explanation: say`Consensus that weighs each grader by estimated sensitivity and specificity.`,
  },
};

/** The map of the chosen layer, [H,W]; null where there is none to show. */
export const layerMap = derive((state: State) => {
  const { layer } = state.intent.view;
  return [layer, drawnOnScreen(state), layer === "grader-disagreement" ? graderConsensus(state) : null] as const;
}, mapOf);

/** The map of a layer of these samples, [H,W]. */
export function mapOf(layer: Layer, drawn: Drawn | null, consensus: GraderConsensus | null): Float32Array | null {
  switch (layer) {
    case "none":
      return null;
    case "mean":
      return drawn?.statistics.mean ?? null;
    case "variance":
      return drawn?.statistics.variance ?? null;
    case "entropy":
      return drawn?.statistics.entropy ?? null;
    case "disagreement":
      return drawn?.statistics.mutualInformation ?? null;
    case "grader-disagreement":
      return consensus?.variance ?? null;
  }
}

/** The values at the two ends of the colour bar: wide enough for this case, and round. */
export const layerRange = derive(
  (state: State) => [state.intent.view.layer, layerMap(state), state.intent.view.scaleLocked] as const,
  (layer, map, locked) => rangeOf(layer, [map], locked),
);

/**
 * One range for several maps of a layer, so that the same colour is the same value in all of them; `locked`: the whole
 * range of the measure, so that it is the same value in maps of other cases and systems, too.
 */
export function rangeOf(
  layer: Layer,
  maps: readonly (Float32Array | null)[],
  locked: boolean,
): readonly [number, number] {
  if (layer === "none") return [0, 1];
  const { tops } = LAYER_STYLES[layer];
  if (locked || maps.every((map) => map === null)) return [0, tops.at(-1) ?? 1];
  let most = 0;
  for (const map of maps) for (const value of map ?? []) most = Math.max(most, value);
  return [0, tops.find((top) => top >= most - 1e-6) ?? tops.at(-1) ?? 1];
}
