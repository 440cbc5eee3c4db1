import { REGION } from "../../../core/values/region.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { said } from "../../../state/app/speech.ts";
import { frameOnScreen, regionOrigin } from "../../../state/cases/on-screen.ts";
import { LAYER_STYLES, layerMap } from "../../../state/explore/layers.ts";
import { currentOnScreen } from "../../../state/explore/shown.ts";
import { decimals } from "../../app/format.ts";

/** What lies under the pointer in the region: place in the slice, CT value, probability shown, value of the map. */
export function RegionProbe({ at }: { at: { readonly x: number; readonly y: number } | null }) {
  const slice = useSelect((state) => frameOnScreen(state)?.slice);
  const x0 = useSelect((state) => regionOrigin(state)?.[0] ?? 0);
  const y0 = useSelect((state) => regionOrigin(state)?.[1] ?? 0);
  const layer = useSelect((state) => state.intent.view.layer);
  const map = useSelect(layerMap);
  const shown = useSelect(currentOnScreen);
  if (!at || !slice || at.x < 0 || at.y < 0 || at.x >= REGION || at.y >= REGION) return null;
  const [x, y] = [x0 + at.x, y0 + at.y];
  const value = x < slice.width && y < slice.height ? slice.values[y * slice.width + x] : undefined;
  if (value === undefined) return null;
  const pixel = at.y * REGION + at.x;
  return (
    <p className="region-probe" aria-hidden="true">
      <span>
        x {x} y {y}
      </span>
      <strong>
        {decimals(value, 0)} {slice.unit === "HU" ? "HU" : ""}
      </strong>
      {shown && <span>P {decimals(shown[pixel])}</span>}
      {layer !== "none" && map && (
        <span>
          {said(LAYER_STYLES[layer].label)} {decimals(map[pixel], 3)}
        </span>
      )}
    </p>
  );
}
