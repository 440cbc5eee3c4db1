import { frameOnScreen } from "../../state/keys.ts";
import { useSelect } from "../../state/react.tsx";
import { regionIsConstant } from "../../state/select-region.ts";

/** What the person must know of this case: that it is simulated, whose data it is, and what the model was not made for. */
export function CaseNote() {
  const simulated = useSelect((state) => state.cases[state.intent.caseKey]?.simulated ?? false);
  const attribution = useSelect((state) => state.cases[state.intent.caseKey]?.attribution ?? null);
  const slice = useSelect((state) => frameOnScreen(state)?.slice);
  const constant = useSelect(regionIsConstant);
  const warnings: string[] = [];
  const spacing = slice?.spacingMm;
  if (spacing?.some((mm) => mm < 0.4 || mm > 1)) {
    warnings.push(`Pixels of ${spacing[1].toFixed(2)} mm: the model has seen 0.4–1.0 mm only.`);
  }
  if (slice?.modality && slice.modality !== "CT") {
    warnings.push(`This is ${slice.modality}, not CT: the model has seen chest CT only.`);
  }
  if (constant) warnings.push("This region has no contrast: the network sees nothing in it. Move the box.");
  const origin = attribution?.replace(`${SIMULATED}. `, "");
  return (
    <div className="case-note">
      {warnings.map((warning) => (
        <p key={warning} className="warning">
          {warning}
        </p>
      ))}
      {(simulated || origin) && (
        <p className="origin" title={origin}>
          {simulated && <span className="simulated">{SIMULATED}</span>}
          {simulated && origin && " · "}
          {origin && <span className="dim">{origin}</span>}
        </p>
      )}
    </div>
  );
}

const SIMULATED = "Simulated nodule in a real CT slice";
