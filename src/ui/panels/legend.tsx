import { LAYER_STYLES, layerRange } from "../../state/layers.ts";
import { useSelect } from "../../state/react.tsx";
import { regionGraders } from "../../state/select-masks.ts";
import { slotColour } from "../colours.ts";
import { decimals } from "../format.ts";
import { gradientCss } from "../view/colour-bar.ts";

/** The colour bar of the map shown, with its unit, and whose outline has which colour. */
export function Legend() {
  const layer = useSelect((state) => state.intent.view.layer);
  const range = useSelect(layerRange);
  const style = layer === "none" ? null : LAYER_STYLES[layer];
  return (
    <div className="legend" data-testid="legend">
      {style ? (
        <div className="colour-bar" title={style.explanation}>
          <span className="legend-name">{style.label}</span>
          <span>{decimals(range[0], 0)}</span>
          <span className="bar" style={{ background: gradientCss(style.table) }} aria-hidden="true" />
          <span>{decimals(range[1], 2).replace(/\.00$/, "")}</span>
          <span className="dim">{style.unit}</span>
        </div>
      ) : (
        <div className="colour-bar">
          <span className="legend-name">No map</span>
        </div>
      )}
      <Graders />
    </div>
  );
}

function Graders() {
  const graders = useSelect(regionGraders);
  return (
    <ul className="grader-key">
      {graders.map(({ label, name, slot, areaPx }) => (
        <li key={label} title={`${label} (${name})${areaPx === 0 ? ": drew nothing here" : ""}`}>
          <span className="swatch" style={{ color: slotColour(slot) }} aria-hidden="true" />
          <span className="visually-hidden">{label}</span>
          <span aria-hidden="true" className={areaPx === 0 ? "dim" : ""}>
            {label.replace("Grader ", "")}
            {areaPx === 0 ? " ∅" : ""}
          </span>
        </li>
      ))}
    </ul>
  );
}
