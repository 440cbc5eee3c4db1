import { say } from "../../../core/language/say.ts";
import type { Layer } from "../../../state/app/intent.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { said, t } from "../../../state/app/speech.ts";
import { LAYER_STYLES, layerRange } from "../../../state/explore/layers.ts";
import { regionGraders } from "../../../state/explore/masks.ts";
import { countOf } from "../../../state/explore/samples.ts";
import { decimals } from "../../app/format.ts";
import { gradientCss } from "../../canvas/colour-bar.ts";
import { SlotLine } from "../../canvas/slot-line.tsx";
import { InfoButton } from "../../concepts/info-button.tsx";
import { nameSaid } from "../../language/built-in-names.ts";

/** The colour bar of the map shown, with its unit, and whose outline has which colour. */
export function Legend() {
  const layer = useSelect((state) => state.intent.view.layer);
  const range = useSelect(layerRange);
  const n = useSelect((state) => t`${countOf(state)} samples`);
  return (
    <div className="legend" data-testid="legend">
      <LayerBar layer={layer} range={range} />
      <GraderKeys />
      <InfoButton about="layers" n={n} />
    </div>
  );
}

/** The colour bar of a layer, with the values at its ends. */
export function LayerBar({ layer, range }: { layer: Layer; range: readonly [number, number] }) {
  if (layer === "none") {
    return (
      <div className="colour-bar">
        <span className="legend-name">{t`No map`}</span>
      </div>
    );
  }
  const { label, table, unit } = LAYER_STYLES[layer];
  return (
    <div className="colour-bar">
      <span className="legend-name">{said(label)}</span>
      <span>{decimals(range[0], 0)}</span>
      <span className="bar" style={{ background: gradientCss(table) }} aria-hidden="true" />
      <span>{decimals(range[1], 2).replace(/\.00$/, "")}</span>
      <span className="dim">{said(unit)}</span>
    </div>
  );
}

const SMALL = say`: marked a nodule under 3 mm by a point; in no figure of outlines`;

export function GraderKeys() {
  const graders = useSelect(regionGraders);
  return (
    <ul className="grader-key">
      {graders.map(({ label, short, name, slot, areaPx, small }) => (
        <li
          key={label}
          title={`${label} (${nameSaid(name)})${areaPx > 0 ? "" : small ? said(SMALL) : t`: drew nothing here`}`}
        >
          <SlotLine slot={slot} />
          <span className="visually-hidden">{label}</span>
          <span aria-hidden="true" className={areaPx === 0 ? "dim" : ""}>
            {short}
            {areaPx > 0 ? "" : small ? " +" : " ∅"}
          </span>
        </li>
      ))}
    </ul>
  );
}
