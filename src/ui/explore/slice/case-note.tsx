import { say } from "../../../core/language/say.ts";
import { useSelect } from "../../../state/app/react.tsx";
import { said } from "../../../state/app/speech.ts";
import { caseOnScreen } from "../../../state/cases/on-screen.ts";
import { caseWarnings } from "../../../state/explore/warnings.ts";
import { nameSaid } from "../../language/built-in-names.ts";

/** What the person must know of this case: that it is simulated, whose data it is, and what the model was not made for. */
export function CaseNote() {
  const simulated = useSelect((state) => caseOnScreen(state)?.simulated ?? false);
  const attribution = useSelect((state) => caseOnScreen(state)?.attribution ?? null);
  const warnings = useSelect(caseWarnings);
  const origin = attribution?.replace(`${SIMULATED.english}. `, "");
  return (
    <div className="case-note">
      {warnings.map((warning) => (
        <p key={warning} className="warning">
          {warning}
        </p>
      ))}
      {(simulated || origin) && (
        <p className="origin" title={origin && nameSaid(origin)}>
          {simulated && <span className="simulated">{said(SIMULATED)}</span>}
          {simulated && origin && " · "}
          {origin && <span className="dim">{nameSaid(origin)}</span>}
        </p>
      )}
    </div>
  );
}

const SIMULATED = say`Simulated nodule in a real CT slice`;
