import { useMemo } from "react";
import { composeRegion } from "../../core/colour/compose.ts";
import { isoLines } from "../../core/values/contour.ts";
import { REGION } from "../../core/values/region.ts";
import { sampleAt } from "../../core/values/threshold.ts";
import type { Look } from "../../core/values/viewport.ts";
import { useSelect } from "../../state/app/react.tsx";
import { t } from "../../state/app/speech.ts";
import { frameOnScreen } from "../../state/cases/on-screen.ts";
import { columnChosen, columnDrawn, columnFigures, columnMap, comparedRange } from "../../state/compare/select.ts";
import { LAYER_STYLES } from "../../state/explore/layers.ts";
import { regionGraders } from "../../state/explore/masks.ts";
import { regionGrey } from "../../state/explore/region.ts";
import { decimals } from "../app/format.ts";
import { bitmapOf } from "../canvas/bitmap.ts";
import { Painting } from "../canvas/painting.tsx";
import { paintRegion } from "../explore/region/paint-region.ts";
import { graderStrokes, type Stroke, spaghetti } from "../explore/region/region-layers.ts";
import { CompareHand } from "./compare-hand.tsx";

interface Props {
  readonly name: string;
  readonly title: string;
  readonly index: number;
  /** The sample that is marked out, from 0. */
  readonly marked: number | null;
  readonly look: Look;
  onLook(look: Look): void;
}

/** The region under one system: the common map, all its samples' outlines, the graders. */
export function CompareRegion({ name, title, index, marked, look, onLook }: Props) {
  const bitmap = useBitmap(name);
  const strokes = useStrokes(name, marked);
  const spacingMm = useSelect((state) => frameOnScreen(state)?.slice.spacingMm ?? null);
  const geometry = useSelect((state) => frameOnScreen(state)?.slice.geometry ?? null);
  const { samples, agreement } = useSelect((state) => columnFigures(state, name));
  const paint = useMemo(
    () => (context: CanvasRenderingContext2D, width: number, height: number) => {
      if (bitmap) paintRegion(context, { bitmap, strokes, spacingMm, geometry, look }, width, height);
    },
    [bitmap, strokes, spacingMm, geometry, look],
  );
  const score = agreement ? `, GED² ${decimals(agreement.ged2)}` : "";
  return (
    <Painting
      name={t`Region ${index + 1}`}
      summary={t`The region under ${title}: ${samples === 0 ? t`no samples yet` : t`${samples} samples`}${score}.`}
      paint={paint}
      shown={`${samples}`}
      className="square"
    >
      <CompareHand name={t`Region under ${title}`} look={look} onLook={onLook} />
    </Painting>
  );
}

function useBitmap(name: string): HTMLCanvasElement | null {
  const grey = useSelect(regionGrey);
  const layer = useSelect((state) => state.intent.view.layer);
  const opacity = useSelect((state) => state.intent.view.layerOpacity);
  const map = useSelect((state) => columnMap(state, name));
  const range = useSelect(comparedRange);
  return useMemo(() => {
    if (!grey) return null;
    const style = layer === "none" ? null : LAYER_STYLES[layer];
    const over = style && map ? { values: map, range, table: style.table, opacity, fade: true } : null;
    return bitmapOf(composeRegion({ width: REGION, height: REGION, grey, map: over }), REGION, REGION);
  }, [grey, layer, opacity, map, range]);
}

function useStrokes(name: string, marked: number | null): readonly Stroke[] {
  const outlines = useSelect((state) => state.compare.outlines);
  const drawn = useSelect((state) => columnDrawn(state, name));
  const { places } = useSelect((state) => columnChosen(state, name));
  const threshold = useSelect((state) => state.intent.threshold);
  const graders = useSelect(regionGraders);
  return useMemo(() => {
    const strokes: Stroke[] = [];
    if (drawn && outlines.samples) strokes.push(spaghetti(drawn.samples, places, threshold));
    if (outlines.graders) strokes.push(...graderStrokes(graders));
    if (drawn && marked !== null && marked < drawn.samples.count) {
      const loops = isoLines(sampleAt(drawn.samples, marked), REGION, REGION, threshold);
      strokes.push({ loops, colour: "#ffffff", width: 1.75, halo: true });
    }
    return strokes;
  }, [outlines, drawn, places, threshold, graders, marked]);
}
