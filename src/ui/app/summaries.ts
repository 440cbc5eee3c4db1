import type { Slice } from "../../core/values/slice.ts";
import { nameShown } from "../../state/app/intent.ts";
import type { State } from "../../state/app/shape.ts";
import { said, t } from "../../state/app/speech.ts";
import { drawingReader, frameOnScreen, isBlinded, regionOrigin } from "../../state/cases/on-screen.ts";
import { figures, varianceSummary } from "../../state/explore/figures.ts";
import { along, planeDirections } from "../../state/explore/latent/directions.ts";
import { marksBeyond, planeMarks } from "../../state/explore/latent/plane-marks.ts";
import { sigmaOf, sourceName } from "../../state/explore/latent/z.ts";
import { LAYER_STYLES } from "../../state/explore/layers.ts";
import { caseGraders, pixelArea, sampleAreas } from "../../state/explore/masks.ts";
import { orderOf } from "../../state/explore/samples.ts";
import { currentName } from "../../state/explore/shown.ts";
import { wholeOnScreen } from "../../state/explore/whole/whole-slice.ts";
import { orderSaid } from "../controls/order-select.tsx";
import { areaNumber, areaUnit, decimals, signed } from "./format.ts";

/** "16 samples, area 41–118 mm², highest variance at column 64, row 60 (0.21)" */
export function samplesSummary(state: State): string {
  const areas = sampleAreas(state);
  const first = frameOnScreen(state)?.slice;
  if (areas.length === 0) return t`No samples yet`;
  const perPx = pixelArea(first);
  const [low, high] = [Math.min(...areas), Math.max(...areas)].map((px) => Math.round(areaNumber(px, perPx))) as [
    number,
    number,
  ];
  const peak = varianceSummary(state);
  const empty = areas.filter((area) => area === 0).length;
  const parts = [
    t`${areas.length} samples${orderSaid(orderOf(state))}`,
    t`area ${low === high ? low : `${low}–${high}`} ${areaUnit(perPx)}`,
  ];
  if (empty > 0) parts.push(t`${empty} empty`);
  if (peak && peak.value > 0)
    parts.push(t`highest variance ${decimals(peak.value, 3)} at column ${peak.x}, row ${peak.y}`);
  return parts.join(", ");
}

export function regionSummary(state: State): string {
  const { layer, look } = state.intent.view;
  if (isBlinded(state))
    return t`Region of 128 by 128 pixels; all but the outline of ${nameShown(drawingReader(state))} is hidden.`;
  const graders = caseGraders(state);
  const drew = figures(state).drew;
  const map = layer === "none" ? t`no map` : t`map: ${LAYER_STYLES[layer].label}`;
  const marks = graders.length === 0 ? t`no graders` : t`${drew} of ${graders.length} graders drew here`;
  const shown = currentName(state);
  const near = look.zoom > 1 ? t`, enlarged ${decimals(look.zoom, 1)} times` : "";
  return t`Region of 128 by 128 pixels${near}, ${map}; shown: ${shown}; ${marks}. ${samplesSummary(state)}.`;
}

export function sliceSummary(state: State): string {
  const slice = frameOnScreen(state)?.slice;
  const origin = regionOrigin(state);
  if (!slice || !origin) return t`No slice yet`;
  const spacing = spacingInWords(slice);
  const whole = wholeOnScreen(state);
  const map = whole ? t` Over it the ${state.wholeView.layer} of ${whole.count} samples of the whole slice.` : "";
  return t`${slice.width} by ${slice.height} pixels, ${spacing}; the region starts at column ${origin[0]}, row ${origin[1]}.${map}`;
}

function spacingInWords({ spacingMm }: Slice): string {
  if (!spacingMm) return t`spacing unknown`;
  const [rows, columns] = spacingMm;
  return rows === columns ? t`${rows} mm per pixel` : t`rows ${rows} mm and columns ${columns} mm apart`;
}

/** Who lies outside of the plane, as a sentence of its own; nothing where nobody does. */
function beyond(state: State): string {
  const names = marksBeyond(planeMarks(state)).map(({ who, slot, at }) => {
    const place = at.map((value) => `${signed(value)} σ`).join(", ");
    return `${slot === null ? "z" : t`mark ${who}`} (${place})`;
  });
  return names.length === 0 ? "" : t` Beyond its edge: ${names.join("; ")}.`;
}

export function planeSummary(state: State): string {
  const directions = planeDirections(state);
  const sigma = sigmaOf(state);
  if (!directions) return t`No latent plane yet.`;
  const [first, second] = directions;
  if (!sigma) return t`The plane of ${first.label} and ${second.label}.`;
  const at = directions.map((direction) => `${said(direction.label)} ${signed(along(direction, sigma))} σ`).join(", ");
  return t`The plane of ${first.label} (right) and ${second.label} (up), from −4 to +4 σ; z is at ${at}: ${sourceName(state)}.${beyond(state)}`;
}
