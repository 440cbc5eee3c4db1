import { slotRgb } from "../../../core/colour/colour.ts";
import { composeRegion } from "../../../core/colour/compose.ts";
import { isoLines, outlineOf } from "../../../core/values/contour.ts";
import { REGION } from "../../../core/values/region.ts";
import { derive } from "../../../state/app/derive.ts";
import type { State } from "../../../state/app/shape.ts";
import { LAYER_STYLES, layerMap, layerRange } from "../../../state/explore/layers.ts";
import {
  chosenDraws,
  drawnOnScreen,
  graderConsensus,
  regionGraders,
  sampleMasks,
} from "../../../state/explore/masks.ts";
import { regionGrey } from "../../../state/explore/region.ts";
import { currentMask, currentOnScreen } from "../../../state/explore/shown.ts";
import { SAMPLE_COLOUR } from "../../app/colours.ts";
import { bitmapOf } from "../../canvas/bitmap.ts";
import { blendShares, graderStrokes, quantiles, type Stroke, spaghetti } from "./region-layers.ts";

/** Greys, map and fills of the region as one picture of 128 × 128; null while there is no slice. */
export const regionBitmap = derive(
  (state: State) => {
    const { layer, layerOpacity, blend, fill } = state.intent.view;
    const mask = blend || fill ? currentMask(state) : null;
    return [
      regionGrey(state),
      layer,
      layerOpacity,
      layerMap(state),
      layerRange(state),
      blend,
      fill,
      mask,
      regionGraders(state),
    ] as const;
  },
  (grey, layer, opacity, map, range, blend, fill, mask, graders): HTMLCanvasElement | null => {
    if (!grey) return null;
    const shares = blendShares(blend, fill);
    const blended = blend ? graders.find(({ key }) => key === blend.grader) : undefined;
    const fills = [];
    if (mask && shares.sample > 0) fills.push({ bits: mask.bits, colour: SAMPLE_COLOUR, opacity: shares.sample });
    if (blended && shares.grader > 0) {
      fills.push({ bits: blended.mask.bits, colour: slotRgb(blended.slot), opacity: shares.grader });
    }
    const style = layer === "none" ? null : LAYER_STYLES[layer];
    const over = style && map ? { values: map, range, table: style.table, opacity, fade: true } : null;
    return bitmapOf(composeRegion({ width: REGION, height: REGION, grey, map: over, fills }), REGION, REGION);
  },
);

const sampleStrokes = derive(
  (state: State) =>
    [state.intent.view.outlines.all, drawnOnScreen(state), chosenDraws(state), state.intent.threshold] as const,
  (on, drawn, { places }, threshold): readonly Stroke[] =>
    on && drawn ? [spaghetti(drawn.samples, places, threshold)] : [],
);

const quantileStrokes = derive(
  (state: State) => [state.intent.view.outlines.quantiles, sampleMasks(state)] as const,
  (on, masks): readonly Stroke[] => (on ? quantiles(masks) : []),
);

const markStrokes = derive(
  (state: State) => {
    const { graders, majority, staple } = state.intent.view.outlines;
    return [
      graders,
      state.lasso !== "off",
      majority,
      staple,
      regionGraders(state),
      majority || staple ? graderConsensus(state) : null,
    ] as const;
  },
  (all, drawing, majority, staple, graders, consensus): readonly Stroke[] => {
    // Who draws sees what was drawn in the page, whatever is shown.
    const seen = all ? graders : drawing ? graders.filter(({ key }) => typeof key === "string") : [];
    const strokes = graderStrokes(seen);
    const look = { colour: "#ffffff", width: 2, halo: true } as const;
    if (majority && consensus) strokes.push({ ...look, loops: outlineOf(consensus.majority), dash: [7, 4] });
    if (staple && consensus) {
      strokes.push({ ...look, loops: isoLines(consensus.staple, REGION, REGION, 0.5), dash: [2, 3] });
    }
    return strokes;
  },
);

const chosenStrokes = derive(
  (state: State) => [state.intent.view.outlines.sample, currentOnScreen(state), state.intent.threshold] as const,
  (on, current, threshold): readonly Stroke[] =>
    on && current
      ? [{ loops: isoLines(current, REGION, REGION, threshold), colour: "#ffffff", width: 1.75, halo: true }]
      : [],
);

/** All lines over the region, the chosen sample on top. */
export const regionStrokes = derive(
  (state: State) => [sampleStrokes(state), quantileStrokes(state), markStrokes(state), chosenStrokes(state)] as const,
  (...parts): readonly Stroke[] => parts.flat(),
);
