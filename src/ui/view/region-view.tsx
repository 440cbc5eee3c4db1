import { useMemo } from "react";
import { composeRegion } from "../../core/compose.ts";
import { isoLines, outlineOf } from "../../core/contour.ts";
import { REGION } from "../../core/region.ts";
import { frameOnScreen } from "../../state/keys.ts";
import { LAYER_STYLES, layerMap } from "../../state/layers.ts";
import { useSelect } from "../../state/react.tsx";
import {
  currentMask,
  currentOnScreen,
  drawnOnScreen,
  graderConsensus,
  regionGraders,
  sampleMasks,
} from "../../state/select-masks.ts";
import { regionGrey } from "../../state/select-region.ts";
import { SAMPLE_COLOUR, slotRgb } from "../colours.ts";
import { regionSummary } from "../summaries.ts";
import { bitmapOf, fitted, tracePath } from "./bitmap.ts";
import { LassoLayer } from "./lasso-layer.tsx";
import { Painting } from "./painting.tsx";
import { blendShares, graderStrokes, quantiles, type Stroke, spaghetti, strokeAll } from "./region-layers.ts";
import { paintScaleBar, scaleBar } from "./scale-bar.ts";

/** The region, large, with the chosen map and outlines over it. */
export function RegionView() {
  const bitmap = useRegionBitmap();
  const strokes = useStrokes();
  const slice = useSelect((state) => frameOnScreen(state)?.slice);
  const summary = useSelect(regionSummary);
  const mmPerPixel = slice?.spacingMm?.[1] ?? null;

  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, width: number, height: number) => {
      if (!bitmap) return;
      const at = fitted(REGION, REGION, width, height);
      context.imageSmoothingEnabled = true;
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, at.left, at.top, REGION * at.scale, REGION * at.scale);
      const centred = { ...at, left: at.left + at.scale / 2, top: at.top + at.scale / 2 };
      strokeAll(context, strokes, (loops) => tracePath(context, loops, centred));
      paintScaleBar(context, scaleBar(mmPerPixel, at.scale, width / 4), at.left + 12, at.top + REGION * at.scale - 12);
    },
    [bitmap, strokes, mmPerPixel],
  );
  return (
    <Painting name="Region" summary={summary} paint={paint} className="square">
      <LassoLayer />
    </Painting>
  );
}

/** Greys, map and fills as one picture of 128 × 128. */
function useRegionBitmap(): HTMLCanvasElement | null {
  const grey = useSelect(regionGrey);
  const layer = useSelect((state) => state.intent.view.layer);
  const map = useSelect(layerMap);
  const opacity = useSelect((state) => state.intent.view.layerOpacity);
  const view = useSelect((state) => state.intent.view);
  const mask = useSelect(currentMask);
  const graders = useSelect(regionGraders);
  return useMemo(() => {
    if (!grey) return null;
    const shares = blendShares(view);
    const blended = view.blend ? graders.find(({ key }) => key === view.blend?.grader) : undefined;
    const fills = [];
    if (mask && shares.sample > 0) fills.push({ bits: mask.bits, colour: SAMPLE_COLOUR, opacity: shares.sample });
    if (blended && shares.grader > 0) {
      fills.push({ bits: blended.mask.bits, colour: slotRgb(blended.slot), opacity: shares.grader });
    }
    const style = layer === "none" ? null : LAYER_STYLES[layer];
    const over = style && map ? { values: map, range: style.range, table: style.table, opacity, fade: true } : null;
    return bitmapOf(composeRegion({ width: REGION, height: REGION, grey, map: over, fills }), REGION, REGION);
  }, [grey, layer, map, opacity, view, mask, graders]);
}

function useStrokes(): readonly Stroke[] {
  const outlines = useSelect((state) => state.intent.view.outlines);
  const threshold = useSelect((state) => state.intent.threshold);
  const drawn = useSelect(drawnOnScreen);
  const masks = useSelect(sampleMasks);
  const graders = useSelect(regionGraders);
  const consensus = useSelect(graderConsensus);
  const current = useSelect(currentOnScreen);

  const samples = useMemo(
    () => (outlines.all && drawn ? [spaghetti(drawn.samples, threshold)] : []),
    [outlines.all, drawn, threshold],
  );
  const tenths = useMemo(() => (outlines.quantiles ? quantiles(masks) : []), [outlines.quantiles, masks]);
  const fixed = useMemo(() => {
    const strokes: Stroke[] = graderStrokes(graders, outlines.graders);
    if (!consensus) return strokes;
    const look = { colour: "#ffffff", width: 2, halo: true } as const;
    if (outlines.majority) strokes.push({ ...look, loops: outlineOf(consensus.majority), dash: [7, 4] });
    if (outlines.staple) {
      strokes.push({ ...look, loops: isoLines(consensus.staple, REGION, REGION, 0.5), dash: [2, 3] });
    }
    return strokes;
  }, [graders, consensus, outlines]);
  const chosen = useMemo((): Stroke[] => {
    if (!outlines.sample || !current) return [];
    return [{ loops: isoLines(current, REGION, REGION, threshold), colour: "#ffffff", width: 2, halo: true }];
  }, [outlines.sample, current, threshold]);
  return useMemo(() => [...samples, ...tenths, ...fixed, ...chosen], [samples, tenths, fixed, chosen]);
}
