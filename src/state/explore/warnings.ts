import { pixelAspect, type Slice } from "../../core/values/slice.ts";
import { derive } from "../app/derive.ts";
import type { State } from "../app/shape.ts";
import { t } from "../app/speech.ts";
import { frameOnScreen } from "../cases/on-screen.ts";
import { regionIsConstant } from "./region.ts";

/** Pixel spacings of the slices that the models were trained on, in mm. */
const SEEN_MM: readonly [number, number] = [0.4, 1];

/** What the models were not made for in this slice and region, one sentence each; what is not known is not warned of. */
export function warningsOf(slice: Pick<Slice, "spacingMm" | "modality">, constant: boolean): readonly string[] {
  const warnings: string[] = [];
  const odd = slice.spacingMm?.find((mm) => mm < SEEN_MM[0] || mm > SEEN_MM[1]);
  if (slice.spacingMm && pixelAspect(slice) !== 1) {
    const [rows = "", columns = ""] = slice.spacingMm.map((mm) => mm.toFixed(2));
    const seen = t`the model has seen square pixels of 0.4–1.0 mm only`;
    warnings.push(t`Rows lie ${rows} mm apart, columns ${columns} mm: drawn in true proportion; ${seen}.`);
  } else if (odd !== undefined) {
    warnings.push(t`Pixels of ${odd.toFixed(2)} mm: the model has seen 0.4–1.0 mm only.`);
  }
  if (slice.modality && slice.modality !== "CT") {
    warnings.push(t`This is ${slice.modality}, not CT: the model has seen chest CT only.`);
  }
  if (constant) warnings.push(t`This region has no contrast: the network sees nothing in it. Move the box.`);
  return warnings;
}

/** The warnings of what is on the screen. */
export const caseWarnings = derive(
  (state: State) => [frameOnScreen(state)?.slice, regionIsConstant(state)] as const,
  (slice, constant): readonly string[] => (slice ? warningsOf(slice, constant) : []),
);
